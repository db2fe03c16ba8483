"""Erase one person."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.accounts.models import User
from config.demo.mail import forget_mails
from config.personal_data.actions import Erased, erase_person
from config.personal_data.errors import NobodyThere
from config.personal_data.queries import find_person, held_by_nobody_else
from config.support.clock import now


class Command(BaseCommand):
    help = "Erase one person for good: delete what they wrote, cut their name from what stays for counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"]
        try:
            person = find_person(email)
        except NobodyThere as error:
            raise CommandError(f"Nobody here has the address {email}.") from error
        for name in held_by_nobody_else(person):
            self.stderr.write(f"Afterwards nobody administers {name}.")
        if not options["yes"]:
            self._ask(person)
        words = [person.email, person.name]
        self._say(erase_person(user_id=person.pk, now=now()), mails=forget_mails(words))

    def _ask(self, person: User) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Add --yes to erase without being asked.")
        self.stdout.write(f"This erases {person} <{person.email}> for good. There is no way back but a backup.")
        if input("Type the address once more to go on: ").strip().lower() != person.email:
            raise CommandError("That is another address. Nothing was erased.")

    def _say(self, done: Erased, *, mails: int) -> None:
        said = {
            "deleted": done.deleted,
            "kept, without names and words": done.emptied,
            "kept, now nobody's": done.kept,
        }
        for what, kinds in said.items():
            if kinds:
                self.stdout.write(f"{what}: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))
        self.stdout.write(f"taken out of logs and remembered answers: {done.mentions}")
        if mails:
            self.stdout.write(f"mails of the demo deleted: {mails}")
        self.stdout.write("Erased. Backups and what other tools have read still hold it; see docs/operations.md.")
