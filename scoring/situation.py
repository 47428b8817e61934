"""Where an organisation stands with its scoring: what it may look at, what is under way, and what went wrong."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from partnerships.models import Organisation, Quarter
from scoring.engine import ENGINE_VERSION
from scoring.models import Run, RunState
from scoring.runner import Step, steps_to_a_score


@dataclass(frozen=True)
class Situation:
    """``shown`` is the run whose recommendation is on the page, ``under_way`` the newest that waits or works."""

    shown: Run | None
    under_way: Run | None
    failed: Run | None
    steps: list[Step]
    now: datetime.datetime

    @property
    def is_ready(self) -> bool:
        """Everything needed for a score is there."""
        return all(step.done for step in self.steps)

    @property
    def is_delayed(self) -> bool:
        return self.under_way is not None and self.under_way.is_delayed(self.now)

    @property
    def why_stale(self) -> str:
        """Why the recommendation on the page is not of today, in a sentence; empty where it is."""
        if self.shown is None:
            return ""
        if self.under_way is not None:
            return "Something changed since this was scored. It is being scored again."
        if self.failed is not None:
            return "Something changed since this was scored, and scoring it again failed."
        quarter = Quarter.containing(timezone.localdate(self.now))
        if self.shown.assumptions.get("quarter") != quarter.first_day.isoformat():
            return (
                f"This was scored for an earlier quarter; it is now {quarter}. Score again to use this quarter’s days."
            )
        if self.shown.engine_version != ENGINE_VERSION:
            return "The way of scoring has been improved since. Score again to use it."
        return ""


def situation_of(organisation: Organisation) -> Situation:
    """A fixed number of queries, whatever the size of the portfolio."""
    runs = organisation.runs.latest_first()
    shown = runs.done().first()
    newer = runs.without_documents().filter(pk__gt=shown.pk if shown else 0)
    newest = newer.first()
    # While a recommendation is shown, a run that only the night asked for is no news: nothing has changed.
    open_runs = newer.open().wanted_by_somebody() if shown else newer.open()
    return Situation(
        shown=shown,
        under_way=open_runs.first(),
        failed=newest if newest is not None and newest.state == RunState.FAILED else None,
        steps=steps_to_a_score(organisation),
        now=timezone.now(),
    )
