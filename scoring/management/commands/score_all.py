"""``manage.py score_all``: score every organisation again now, as the schedule does each night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from partnerships.commands import IsolatedCommand
from scoring.runner import NightUnderWayError, begin_night
from scoring.tasks import fill_the_window
from scoring.words import count_of


class Command(IsolatedCommand):
    help = "Have every organisation that can be scored scored again, behind whatever people ask for meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", action="store_true", help="wait until all is done, as night_report --wait does")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            night = begin_night(timezone.now())
        except NightUnderWayError as problem:
            raise CommandError(f"{problem} See how far it is with night_report.") from None
        queued = night.organisations - night.already_waiting
        self.stdout.write(
            f"{count_of(queued, 'organisation')} queued for scoring; {night.already_waiting} had a run waiting already."
        )
        if not fill_the_window():
            self.stdout.write("The broker does not answer: the schedule sends them when it does.")
        if options["wait"]:
            call_command("night_report", wait=True, stdout=self.stdout)
