"""``await_score CODE``: wait until an organisation's portfolio has been scored as it stands, by whichever worker."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from partnerships.commands import IsolatedCommand
from partnerships.isolation import acting_for
from partnerships.models import Organisation
from scoring.models import RunState


class Command(IsolatedCommand):
    help = "Wait until an organisation's portfolio has been scored as it stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the organisation's code, as DEMO")
        parser.add_argument("--seconds", type=float, default=300, help="how long to wait (300)")

    def handle(self, *args: Any, **options: Any) -> None:
        code, seconds = options["code"], options["seconds"]
        organisation = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise CommandError(f"No organisation has the code {code}.")
        with acting_for(organisation):
            self._wait(organisation, seconds)

    def _wait(self, organisation: Organisation, seconds: float) -> None:
        code = organisation.code
        runs = organisation.runs.without_documents().latest_first()
        deadline = time.monotonic() + seconds
        while runs.open().wanted_by_somebody().exists() or not runs.done().exists():
            latest = runs.first()
            if latest is None:
                raise CommandError(f"Nobody has asked for a score of {code}.")
            if latest.state == RunState.FAILED:
                raise CommandError(f"{code} could not be scored: {latest.failure}")
            if time.monotonic() > deadline:
                raise CommandError(f"{code} was not scored within {seconds:g} seconds: does a worker run?")
            time.sleep(0.2)
