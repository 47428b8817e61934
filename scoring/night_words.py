"""How a night goes, in words for the people who run the service: how far it is, how long still, and what failed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.models import Night, NightProgress, Run
from scoring.words import count_of, number

# The pace is taken from so long ago: the largest portfolios go first, so that a night gets faster.
PACE_OF = datetime.timedelta(minutes=5)
ENOUGH_FOR_A_PACE = 5  # runs
MOST_FAILURES = 100  # on a page


@dataclass(frozen=True)
class NightInWords:
    """One night at a moment; ``lately`` is how many of its runs ended within the time that the pace is taken from."""

    night: Night
    progress: NightProgress
    now: datetime.datetime
    lately: int
    failures: Sequence[Run] = ()

    @classmethod
    def of(cls, night: Night, now: datetime.datetime) -> NightInWords:
        """Four queries."""
        return cls(
            night=night,
            progress=night.progress(),
            now=now,
            lately=0 if night.ended_at else night.finished_since(now - PACE_OF),
            failures=night.failed_runs(MOST_FAILURES),
        )

    @property
    def is_under_way(self) -> bool:
        return self.night.ended_at is None

    @property
    def sentence(self) -> str:
        """How far it is."""
        total, ended = self.progress.total, self.progress.ended
        if not total:
            return "There is nothing to score: no organisation is ready, or each has a run waiting already."
        if not self.is_under_way:
            were = "The one organisation was" if total == 1 else f"All {total} organisations were"
            return f"{were} finished in {self.took}."
        if ended == total:
            return "The one organisation is finished." if total == 1 else f"All {total} organisations are finished."
        if not ended:
            return "The one organisation is not finished yet." if total == 1 else f"None of {total} is finished yet."
        return f"{ended} of {total} organisations {'is' if ended == 1 else 'are'} finished."

    @property
    def took(self) -> str:
        """How long it took, or has taken so far."""
        return duration(self.night.seconds(self.now))

    @property
    def left(self) -> str:
        """How long it still takes, where that can be said; else why not. Empty where nothing is left."""
        if not self.is_under_way or not self.progress.left:
            return ""
        since = min(PACE_OF.total_seconds(), self.night.seconds(self.now))
        if self.is_stuck:
            return (
                f"None has finished in the last {duration(PACE_OF.total_seconds())}. "
                "Check that a worker runs for the night’s queue."
            )
        if self.lately < ENOUGH_FOR_A_PACE or since <= 0:
            return "It is too early to say how long it takes."
        rest = duration(self.progress.left * since / self.lately)
        return f"At the pace of the last {duration(since)} the rest takes about {rest}."

    @property
    def is_stuck(self) -> bool:
        """Nothing has ended for a while, although something is left."""
        waits = self.is_under_way and self.progress.left > 0
        return waits and not self.lately and self.night.seconds(self.now) >= PACE_OF.total_seconds()

    @property
    def without_us(self) -> str:
        """Who was not part of it because somebody's deed had asked for a run already."""
        already = self.night.already_waiting
        if not already:
            return ""
        return (
            f"{count_of(already, 'more organisation')} had a run waiting already when it began, because something had "
            "changed there. That run is not counted here."
        )

    @property
    def failures_left_out(self) -> int:
        return self.progress.failed - len(self.failures)


def duration(seconds: float) -> str:
    """A length of time as people say it: seconds under a minute and a half, minutes under an hour and a half.

    >>> duration(0.4), duration(60), duration(300), duration(9000)
    ('1 second', '60 seconds', '5 minutes', '2.5 hours')
    """
    if seconds < 90:
        return count_of(max(1, round(seconds)), "second")
    if seconds < 90 * 60:
        return count_of(round(seconds / 60), "minute")
    return f"{number(seconds / 3600)} hours"
