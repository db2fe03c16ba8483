"""Loaded before Django reads its settings (see addopts): the mode of a test run, and a folder of its own for files."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("WAYMARK_MODE", "test")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="waymark-test-"))
# The static files middleware warns about a folder that is missing, and warnings are errors here.
Path(os.environ["DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
