"""``manage.py triage CODE``: the main job from the command line.

Solves in this process, with the inputs as they stand, and stores nothing: ``--json`` prints the engine's result (a
``triage-result/1`` document with names and reasons), ``--export`` writes the workbook, and without either a person gets
the sentence that matters and the list.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from partnerships.commands import IsolatedCommand
from partnerships.isolation import acting_for
from partnerships.models import Organisation
from scoring.engine import DocumentError, solve
from scoring.exports import recommendation_workbook
from scoring.findings import Findings
from scoring.runner import Frozen, NothingToScoreError, freeze, why_nothing_fits


class Command(IsolatedCommand):
    help = "Say which partnerships of an organisation to prioritise, sustain, step down or decline."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the organisation's code, as RH5 or DEMO")
        parser.add_argument("--json", action="store_true", help="print the result as a triage-result/1 document")
        parser.add_argument("--export", metavar="FILE", help="write the recommendation as an XLSX workbook")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(code=options["code"].upper()).first()
        if organisation is None:
            raise CommandError(f"No organisation has the code {options['code']}. Codes are those of the register.")
        with acting_for(organisation):
            self._triage(organisation, options)

    def _triage(self, organisation: Organisation, options: dict[str, Any]) -> None:
        frozen, result = self._solve(organisation)
        if options["json"]:
            self.stdout.write(json.dumps({**result, "inputs_hash": frozen.inputs_hash}, indent=2, ensure_ascii=False))
        if result["status"] != "optimal":
            self._say_why_not(
                why_nothing_fits(frozen.document, result), answered=options["json"] and not options["export"]
            )
            return
        findings = Findings(frozen.document, result, frozen.assumptions, frozen.inputs_hash)
        if options["export"]:
            self._export(organisation, findings, Path(options["export"]), quiet=options["json"])
        if not options["json"]:
            self.stdout.write(spoken(organisation, findings))

    def _solve(self, organisation: Organisation) -> tuple[Frozen, dict[str, Any]]:
        try:
            frozen = freeze(organisation, on=timezone.localdate(), draws=settings.SCORING_DRAWS)
            return frozen, solve(frozen.document, on_progress=self._progress if sys.stderr.isatty() else None)
        except NothingToScoreError as missing:
            raise CommandError(f"{organisation.display_name} cannot be scored yet. {missing}") from None
        except DocumentError as error:
            raise CommandError(f"Check what was entered: {error}") from None

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done} of {total} calculations" + ("\n" if done == total else ""), ending="")
        self.stderr.flush()

    def _say_why_not(self, reason: str, *, answered: bool) -> None:
        """Nothing fits: an answer as JSON, and otherwise an error. Either way the reason is said."""
        if not answered:
            raise CommandError(reason)
        self.stderr.write(reason)

    def _export(self, organisation: Organisation, findings: Findings, file: Path, *, quiet: bool) -> None:
        try:
            file.write_bytes(recommendation_workbook(organisation, findings))
        except OSError as problem:
            raise CommandError(f"The workbook could not be written to {file}: {problem.strerror}.") from None
        if not quiet:
            self.stdout.write(f"Written to {file}")


def spoken(organisation: Organisation, findings: Findings) -> str:
    """The sentence that matters and the list, for a terminal."""
    lines = [organisation.display_name, "", findings.sentence, ""]
    if organisation.is_invented:
        lines.insert(1, "This organisation and everything recorded about it are invented for demonstration.")
    width = max(len(one.name) for one in findings.advice)
    for label, group in findings.groups:
        lines.append(f"{label.label} ({len(group)})")
        lines += [f"  {one.number:>3}  {one.name:{width}}  {one.change}; {lower_first(one.how_sure)}" for one in group]
        lines.append("")
    lines.append("Days a quarter")
    for pool in findings.pools:
        today = "" if pool.today is None else f"{pool.today:g} asked for today, "
        lines.append(f"  {pool.label}: {today}{pool.recommended:g} recommended, {pool.available:g} available")
    return "\n".join(lines)


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
