"""Hand out what is kept about one person."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.personal_data.actions import export_person
from config.personal_data.errors import NobodyThere
from config.personal_data.packing import refuse_taken, write
from config.personal_data.queries import find_person
from config.support.clock import now


class Command(BaseCommand):
    help = "Write everything that is kept about one person, and nothing of others, to a folder or to a .zip file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument(
            "path", metavar="PATH", type=Path, help="a new or empty folder, or a new file ending in .zip"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email, path = options["email"], options["path"]
        try:
            person = find_person(email)
        except NobodyThere as error:
            raise CommandError(f"Nobody here has the address {email}.") from error
        try:
            refuse_taken(path)
        except FileExistsError as error:
            raise CommandError(
                f"{path} is there already. Name a new folder, an empty one, or a new .zip file."
            ) from error
        files = export_person(user_id=person.pk, actor_id=None, now=now())
        write(files, path)
        self.stdout.write(
            f"Wrote {len(files)} files to {path}. It is personal data: hand it to the person, then delete it."
        )
