"""Let somebody start afresh with signing in: at the server, once it is sure who they are."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from partnerships.actions.sign_in import reset_sign_in
from partnerships.addresses import person_with
from partnerships.commands import IsolatedCommand


class Command(IsolatedCommand):
    help = "Take somebody's second step away, let their account at a provider go, and sign them out everywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_with(options["email"])
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}. Check how it is spelt.")
        reset_sign_in(person=person)
        self.stdout.write(f"{person} is signed out everywhere and can set up signing in afresh.")
