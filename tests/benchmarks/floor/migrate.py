"""Makes all tables, the floor's too: `python -m tests.benchmarks.floor.migrate`."""

from django.core.management import call_command

from tests.benchmarks.floor.beside import set_up

if __name__ == "__main__":
    set_up()
    call_command("migrate", run_syncdb=True, verbosity=0)
