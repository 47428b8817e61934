"""``manage.py night_report [--json] [--wait]``: how far the night's scoring of everybody is, and what failed."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from partnerships.commands import IsolatedCommand
from scoring.models import Night, NightProgress
from scoring.words import count_of

SECONDS_BETWEEN_LOOKS = 1.0


class Command(IsolatedCommand):
    help = "Say how far the last night's scoring of everybody is, and which organisations could not be scored and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--wait", action="store_true", help="wait until it has ended, saying how far it is")
        parser.add_argument("--seconds", type=float, default=6 * 3600, help="how long to wait at most (21600)")

    def handle(self, *args: Any, **options: Any) -> None:
        night = Night.objects.latest_first().first()
        if night is None:
            raise CommandError("There has been no night yet. Start one with score_all.")
        if options["wait"]:
            self._wait(night, options["seconds"], quiet=options["json"])
        night.refresh_from_db()
        report = report_of(night)
        self.stdout.write(json.dumps(report) if options["json"] else spoken(night, report))

    def _wait(self, night: Night, seconds: float, *, quiet: bool) -> None:
        deadline, told = time.monotonic() + seconds, -1
        while (progress := night.progress()).ended < progress.total:
            if not quiet and progress.ended != told:
                self.stdout.write(f"{_counts(progress)}")
                self.stdout.flush()
                told = progress.ended
            if time.monotonic() > deadline:
                raise CommandError(f"It has not ended within {seconds:g} seconds: do workers run for its queue?")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        Night.objects.end_what_is_over()


def report_of(night: Night) -> dict[str, Any]:
    """Counts, seconds and the failures, as plain JSON. Three queries."""
    progress = night.progress()
    return {
        "started_at": night.started_at.isoformat(),
        "ended_at": night.ended_at.isoformat() if night.ended_at else None,
        "seconds": round(night.seconds(timezone.now()), 1),
        "organisations": night.organisations,
        "already_waiting": night.already_waiting,
        "waiting": progress.waiting,
        "running": progress.running,
        "done": progress.done,
        "skipped": progress.skipped,
        "failed": progress.failed,
        "failures": [
            {"organisation": run.organisation.code, "run": run.pk, "reason": run.failure} for run in night.failed_runs()
        ],
    }


def spoken(night: Night, report: dict[str, Any]) -> str:
    """The same for a person: a line for the whole, then one a failure."""
    state = "ended after" if night.ended_at else "under way for"
    lines = [
        f"{night}: {state} {report['seconds']:g} s. {_counts(night.progress())}",
        f"{count_of(night.organisations, 'organisation')} could be scored; "
        f"{night.already_waiting} had a run waiting already.",
    ]
    lines += [f"{one['organisation']} (run {one['run']}): {one['reason']}" for one in report["failures"]]
    return "\n".join(lines)


def _counts(progress: NightProgress) -> str:
    return (
        f"{progress.ended} of {progress.total}: {progress.done} scored, {progress.skipped} unchanged, "
        f"{progress.failed} failed, {progress.running} being scored, {progress.waiting} waiting."
    )
