"""The web application with the floor in it."""

from tests.benchmarks.floor.beside import set_up

set_up()

from config.wsgi import application  # noqa: E402 - it reads the settings that were just changed

__all__ = ["application"]
