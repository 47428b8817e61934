"""``manage.py add_person EMAIL --name NAME --organisation CODE --role ROLE``: let somebody act for an organisation."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from partnerships.actions.people import add_person, is_proved
from partnerships.addresses import person_with
from partnerships.commands import IsolatedCommand
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person, Role


class Command(IsolatedCommand):
    help = "Give somebody a role at an organisation, with an account to sign in where they have none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="needed for somebody without an account")
        parser.add_argument("--organisation", required=True, metavar="CODE", help="its ODS code, such as RH5")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input instead of asking"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["organisation"].upper()
        organisation = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise CommandError(f"No organisation has the code {code}. Import a register that lists it, then try again.")
        with acting_for(organisation):
            self._add(organisation, options)

    def _add(self, organisation: Organisation, options: dict[str, Any]) -> None:
        account = person_with(options["email"])
        known = account is not None and is_proved(account)
        try:
            person = add_person(
                email=options["email"],
                name=options["name"],
                password=None if known else self._password(from_stdin=options["password_stdin"]),
                organisation=organisation,
                role=Role(options["role"]),
                by=None,
            )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        self.stdout.write(
            f"{person} ({person.email}) is {_roles(person, organisation)} of {organisation} ({organisation.code})."
        )

    def _password(self, *, from_stdin: bool) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise CommandError("There is nobody to ask for a password. Give it with --password-stdin.")
        password = getpass.getpass("Password: ")
        if getpass.getpass("Password again: ") != password:
            raise CommandError("The two passwords differ. Try again.")
        return password


def _roles(person: Person, organisation: Organisation) -> str:
    """Everything somebody is there now, as in "administrator and strategy lead"."""
    held = set(organisation.access_grants.current().filter(person=person).values_list("role", flat=True))
    return " and ".join(role.label.lower() for role in Role if role in held)
