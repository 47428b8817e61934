"""``manage.py read_bounces [--maildir FOLDER]``: learn from reports of mail servers which letters came back."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from decisions.actions.bounces import mark_letter_that_came_back
from diagnostics.actions.bounces import mark_letters_that_came_back
from diagnostics.bounces import MOST_BYTES, Ours, Report, Said, report_in
from partnerships.commands import IsolatedCommand
from partnerships.isolation import acting_for
from partnerships.models import Organisation
from partnerships.over_all_organisations import ids_of

# "Try again later", as sysexits.h has it: a mail server then keeps the message and gives it again.
TRY_AGAIN = 75


class Command(IsolatedCommand):
    help = (
        "Read reports about letters that came back, one from standard input as a mail server's pipe gives it or all "
        "new ones of a Maildir folder. Mark the addresses that are refused for good in surveys that are open or were "
        "replied to, and the letters to partners that came back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--maildir", type=Path, help="a folder with new, cur and tmp; what was read goes into cur")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["maildir"]
        try:
            said, people, letters = (
                self._of_folder(folder) if folder else self._of_one(sys.stdin.buffer.read(MOST_BYTES + 1))
            )
        except DatabaseError as problem:
            raise CommandError(
                "The database could not be asked, so nothing was read. Give the message again later.",
                returncode=TRY_AGAIN,
            ) from problem
        # Neither addresses nor surveys: what a pipe says ends in the log of a mail server.
        self.stdout.write(
            f"{_counted(said.total(), 'message', 'messages')} read: {said[Said.FOR_GOOD]} refused for good, "
            f"{said[Said.FOR_NOW]} only for now, {said[Said.NOTHING]} about no letter of ours. "
            f"{_counted(people, 'person is', 'people are')} newly marked in surveys, and "
            f"{_counted(letters, 'letter to a partner has', 'letters to partners have')} come back."
        )

    def _of_one(self, message: bytes) -> tuple[Counter[Said], int, int]:
        report = report_in(message)
        return Counter([report.said]), *_mark(report)

    def _of_folder(self, folder: Path) -> tuple[Counter[Said], int, int]:
        """Each is read once, so that an address that was corrected meanwhile is not marked for an old letter. Whoever
        is killed in between reads some twice, which marks nobody twice.
        """
        if not all((folder / name).is_dir() for name in ("new", "cur", "tmp")):
            raise CommandError(f"{folder} is no Maildir: it needs the folders new, cur and tmp.")
        said, people, letters = Counter[Said](), 0, 0
        for message in sorted(one for one in (folder / "new").iterdir() if one.is_file()):
            report = _read(message)
            more_people, more_letters = _mark(report)
            people, letters = people + more_people, letters + more_letters
            said[report.said] += 1
            message.rename(folder / "cur" / f"{message.name}:2,S")
        return said, people, letters


def _read(message: Path) -> Report:
    with message.open("rb") as file:
        return report_in(file.read(MOST_BYTES + 1))


def _mark(report: Report) -> tuple[int, int]:
    """How many people of surveys, and how many letters to partners, are marked for it."""
    if report.said is not Said.FOR_GOOD:
        return 0, 0
    marked = sum(_mark_in(pk, report) for pk in ids_of("partnerships_organisations_in_use"))
    return (marked, 0) if report.of is Ours.SURVEY else (0, marked)


def _mark_in(pk: int, report: Report) -> int:
    with acting_for(pk):
        organisation = Organisation.objects.get(pk=pk)
        if report.of is Ours.SURVEY:
            return mark_letters_that_came_back(organisation=organisation, addresses={report.address})
        return mark_letter_that_came_back(
            organisation=organisation, number=report.number, address=report.address, words=report.words
        )


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
