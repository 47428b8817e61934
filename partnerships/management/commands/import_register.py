"""``manage.py import_register FILE… [--as-of DAY] [--json]``: bring the public registers in.

Files apply in the order they are given, each in a transaction of its own. The first that cannot be used ends the
command with one line and exit code 1: it has changed nothing, and those before it stay.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from partnerships.actions.register import apply_register
from partnerships.commands import IsolatedCommand
from partnerships.imports.register import LARGEST_FILE, read_register
from partnerships.models import RegisterSource
from partnerships.register_facts import Outcome, RegisterFileRefusedError

AHEAD = datetime.timedelta(days=731)  # registers announce openings and closures, but not further ahead than this
COUNTS = ("created", "changed", "closed", "unchanged")


def shown(path: Path | str) -> str:
    """A path as text that can be written anywhere, also where its name is no text in any encoding."""
    return os.fsencode(path).decode("utf-8", "replace")


class Command(IsolatedCommand):
    help = (
        "Bring in public registers: an etr or eccg extract, the ICB partner workbook, an ePCN workbook, or CSV files "
        "of clinical networks. Files are recognised by what is in them and apply in the order given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--as-of",
            action="append",
            default=[],
            metavar="DAY",
            help="the day a file speaks of, as 2025-12-01: once for all files, or once for each in order; else today",
        )
        parser.add_argument("--json", action="store_true", help="end with one line of JSON for each file")
        parser.add_argument(
            "--allow-short",
            action="store_true",
            help="apply a list of members less than half as long as what is known, ending the others",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        lines: list[dict[str, object]] = []
        refusal = None
        for path, as_of in zip(files, self._days(options["as_of"], len(files)), strict=True):
            try:
                outcome = self._import(path, as_of, allow_short=options["allow_short"])
            except RegisterFileRefusedError as problem:
                refusal = f"{shown(path)}: {problem}"
                break
            self._report(path, outcome)
            counts = {what: outcome.total(what) for what in COUNTS}
            lines.append({"file": shown(path), **counts, "refused": len(outcome.refused)})
        if options["json"]:
            for line in lines:
                self.stdout.write(json.dumps(line, ensure_ascii=False))
        if refusal:
            raise CommandError(refusal.replace("\n", " "))

    def _days(self, written: list[str], files: int) -> list[datetime.date | None]:
        """One day for each file; None where none was given: today, or what the same file was dated before."""
        if len(written) not in (0, 1, files):
            raise CommandError(
                f"--as-of is given {len(written)} times for {files} files. Give it once for all, or once for each."
            )
        days = [self._day(one) for one in written]
        return [*days] if len(days) == files else [days[0] if days else None] * files

    def _day(self, written: str) -> datetime.date:
        try:
            day = datetime.date.fromisoformat(written)
        except ValueError:
            raise CommandError(f"--as-of {written} is not a day. Write it as 2025-12-01.") from None
        if day > timezone.localdate() + AHEAD:
            raise CommandError(f"--as-of {written} is too far ahead. Give the day the file speaks of.")
        return day

    def _import(self, path: Path, as_of: datetime.date | None, *, allow_short: bool) -> Outcome:
        try:
            if path.is_file() and path.stat().st_size > LARGEST_FILE:
                raise RegisterFileRefusedError("it is larger than any register. Give the file as published.")
            content = path.read_bytes()
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else str(problem)
            raise RegisterFileRefusedError(f"it cannot be opened ({reason}).") from None
        facts = read_register(content, latest=timezone.localdate() + AHEAD)
        try:
            return apply_register(
                facts=facts,
                file_name=shown(path.name),
                sha256=hashlib.sha256(content).hexdigest(),
                as_of=as_of,
                by=None,
                allow_short=allow_short,
            )
        except DatabaseError as problem:
            first_line = str(problem).splitlines()[0]
            raise RegisterFileRefusedError(f"the database would not take it ({first_line}).") from problem

    def _report(self, path: Path, outcome: Outcome) -> None:
        source = RegisterSource(outcome.source).label
        self.stdout.write(self.style.MIGRATE_HEADING(f"{shown(path)}: {source}, as of {outcome.as_of:%-d %B %Y}"))
        if outcome.note:
            self.stdout.write(f"  {outcome.note}")
        width = max((len(noun) for noun in outcome.tallies), default=0)
        for noun, tally in outcome.tallies.items():
            counts = ", ".join(f"{getattr(tally, what):>6,} {what}" for what in COUNTS)
            self.stdout.write(f"  {noun:<{width}} {counts}")
        for row in outcome.refused:
            self.stdout.write(self.style.WARNING(f"  not used: {shown(path.name)}, {row}"))
        for row in outcome.remarks:
            self.stdout.write(f"  worth a look: {shown(path.name)}, {row}")
