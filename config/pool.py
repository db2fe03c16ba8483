"""The pool of a Celery worker in production."""

from celery.concurrency.prefork import TaskPool


class SteadyPool(TaskPool):
    """
    Celery's processes, but a child that dies while its worker starts is replaced, as it is at any later moment.

    Celery gives the whole worker up instead, and bringing that back costs seconds in which nobody sends.
    """

    def did_start_ok(self) -> bool:
        """Replace what has died so far; a pool that has children has started."""
        if not super().did_start_ok():
            self.maintain_pool()
        return True
