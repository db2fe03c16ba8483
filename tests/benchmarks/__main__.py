"""`python -m tests.benchmarks [NAME …]`: runs the programs, prints a table, writes BENCH_JSON."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.servers import database, environment, postgresql
from tests.loopback import ROOT
from tests.on_postgres import redis

PROGRAMS = (
    "completing",
    "today",
    "summary",
    "learners",
    "enrolling",
    "planning",
    "rules_evaluated",
    "dispatching",
    "ticking",
    "simulating",
    "embedded",
)
ROW = "{name:<58} {n:>9} {value:>12} {unit:<22} {floor:>12} {ratio:>8} {queries:>8}"


def main(names: Sequence[str]) -> int:
    """Run the programs named, all when none is; returns 1 when one of them broke."""
    unknown = sorted(set(names) - set(PROGRAMS))
    if unknown:
        sys.stderr.write(f"No program is called {', '.join(unknown)}. There are: {', '.join(PROGRAMS)}.\n")
        return 2
    figures: list[dict[str, Any]] = []
    broken = []
    _say(ROW.format(name="", n="n", value="value", unit="unit", floor="floor", ratio="ratio", queries="queries"))
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder, ExitStack() as stack:
        url = stack.enter_context(postgresql())
        os.environ["REDIS_URL"] = stack.enter_context(redis(Path(folder)))
        for name in names or PROGRAMS:
            for figure in _run(name, url, Path(folder)):
                if "broken" in figure:
                    broken.append(name)
                    continue
                figures.append(figure)
                _say(_line(figure))
    if path := os.environ.get("BENCH_JSON"):
        Path(path).write_text(json.dumps(figures, indent=1) + "\n")
    for name in broken:
        _say(f"{name} broke off; its words stand above.")
    return 1 if broken else 0


def _run(name: str, server_url: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the figures of one program, which runs on a database of its own."""
    data_dir = folder / name
    (data_dir / "static").mkdir(parents=True)
    with database(server_url, f"waymark_{name}") as url:
        command = [sys.executable, "-m", "tests.benchmarks.one", name]
        with subprocess.Popen(
            command, env=environment(url, data_dir), stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            for line in process.stdout or ():
                yield json.loads(line)
    if process.returncode:
        yield {"broken": name}


def _say(text: str) -> None:
    sys.stdout.write(f"{text.rstrip()}\n")
    sys.stdout.flush()


def _line(figure: dict[str, Any]) -> str:
    shown = {key: _number(value) for key, value in figure.items() if key not in ("name", "unit")}
    return ROW.format(name=figure["name"], unit=figure["unit"], **shown)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int) or value == int(value) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
