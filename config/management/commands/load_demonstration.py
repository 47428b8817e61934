"""``manage.py load_demonstration``: the invented organisation, and its sign-ins. A second time it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from config.demonstration import DemonstrationRefusedError, SignIn, load, sign_ins
from partnerships.commands import IsolatedCommand


class Command(IsolatedCommand):
    help = "Load the demonstration where it is not there yet, and print its sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--address", default="", help="where the pages are, such as http://127.0.0.1:8000, for the printed link"
        )
        parser.add_argument(
            "--yes", action="store_true", help="load it although real organisations have people in this database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load(beside_real_organisations=options["yes"])
        except DemonstrationRefusedError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(_spoken(sign_ins(), options["address"].rstrip("/")))


def _spoken(people: list[SignIn], address: str) -> str:
    """A line a person, in columns."""
    width = max(len(person.kind) for person in people)
    return "\n".join(
        f"{person.kind:{width}}  "
        + (f"{address}{person.path}" if person.path else f"{person.email}  password: {person.password}")
        for person in people
    )
