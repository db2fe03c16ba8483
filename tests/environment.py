"""Loaded before Django reads its settings (see addopts): the mode of a test run, and a folder of its own for files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("WAYMARK_MODE", "test")
if "TEST_RUN" not in os.environ:
    # The processes that share the run are told of it; whoever made it clears it away.
    os.environ["TEST_RUN"] = tempfile.mkdtemp(prefix="waymark-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_RUN"], ignore_errors=True)
RUN = Path(os.environ["TEST_RUN"])
os.environ.setdefault("DATA_DIR", str(RUN / "data"))
# The static files middleware warns about a folder that is missing, and warnings are errors here.
Path(os.environ["DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
