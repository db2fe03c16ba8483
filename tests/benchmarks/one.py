"""Runs one program in a process of its own: `python -m tests.benchmarks.one NAME`; figures go to stdout as JSON."""

import importlib
import json
import sys
from dataclasses import asdict

from tests.benchmarks.floor.beside import set_up
from tests.benchmarks.measuring import Figure, peak_resident, resident


def main(name: str) -> None:
    """Measure, tell each figure as soon as it is there, and then the memory that it took."""
    set_up()
    program = importlib.import_module(f"tests.benchmarks.{name}")
    idle = resident()
    for figure in program.measure():
        _tell(figure)
    _tell(Figure(f"memory of the process: {name}", 1, peak_resident(), "MiB", floor=idle))


def _tell(figure: Figure) -> None:
    sys.stdout.write(json.dumps(asdict(figure) | {"ratio": figure.ratio}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
