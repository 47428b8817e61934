"""One partnership’s two sides: what partners say of us, what we say of ourselves, and the gap."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from diagnostics.instrument import Item
from diagnostics.instrument.change import Comparison, compare
from diagnostics.instrument.sides import Beside, LinesOnTheEight, finding
from diagnostics.models import Round, RoundState, Subject
from diagnostics.over_time import NotComparable, SinceLastTime, since_last_time
from diagnostics.reading import sent_in
from diagnostics.results import Line, RoundResults, results_of
from partnerships.models import Participation

# Two surveys that closed further apart speak of different times: a gap between them would be one in time as well.
MOST_DAYS_APART = 92
SIDES = (Subject.BY_PARTNERS, Subject.BY_US)


@dataclass(frozen=True)
class Side:
    """``round`` is the last survey with results; ``too_few`` one that closed since without, ``under_way`` the next."""

    round: Round | None
    results: RoundResults | None
    since: SinceLastTime | None
    too_few: Round | None
    under_way: Round | None

    @property
    def is_unasked(self) -> bool:
        return not (self.round or self.too_few or self.under_way)


@dataclass(frozen=True)
class TwoSided(LinesOnTheEight):
    """``lines`` are the overall, the three groups and the eight, of whichever side has results; none without.

    ``gap`` is what holds the two against each other: over the items that both were asked.
    """

    partners: Side
    ours: Side
    gap: Comparison | None

    @property
    def has_gap(self) -> bool:
        return self.gap is not None

    @property
    def shows_anything(self) -> bool:
        return bool(self.lines)

    @property
    def is_apart(self) -> bool:
        """Whether both sides have results, and of times too far apart to be held against each other."""
        return bool(self.partners.results and self.ours.results) and not self.has_gap

    @property
    def not_comparable(self) -> list[NotComparable]:
        """The characteristics of which the two sides were asked too little in common for a gap."""
        if self.gap is None:
            return []
        shared = self.gap.not_comparable
        return [NotComparable(one.name, shared[one.code]) for one in self.eight if one.code in shared]

    @property
    def asked_of_one_side(self) -> tuple[Sequence[Item], Sequence[Item]]:
        """What partners alone were asked, and what our own people alone: the gap leaves both out."""
        if self.gap is None:
            return [], []
        return self.gap.difference.dropped, self.gap.difference.added

    @property
    def finding(self) -> str:
        return finding([self.lines[0], *self.eight]) if self.has_gap else ""


def two_sided(participation: Participation) -> TwoSided:
    """Both sides of a partnership, each as far as it may be shown. The number of queries does not grow."""
    asked = participation.survey_rounds.about_us().for_list().with_questions().select_related("organisation")
    rounds = list(asked)
    partners, ours = (_side([one for one in rounds if one.subject == subject]) for subject in SIDES)
    gap = _gap(partners, ours)
    return TwoSided(_lines(partners.results, ours.results, gap), partners, ours, gap)


def are_of_one_time(first: Round, second: Round) -> bool:
    """Whether two closed surveys may be held against each other."""
    if first.closed_at is None or second.closed_at is None:
        return False
    return abs(first.closed_at - second.closed_at) <= datetime.timedelta(days=MOST_DAYS_APART)


def closed_on(found: Round) -> datetime.date:
    if found.closed_at is None:
        raise ValueError("Only a closed round has results.")
    return timezone.localdate(found.closed_at)


def _side(rounds: Sequence[Round]) -> Side:
    """From its rounds, those under way first, then those closed last."""
    closed = [one for one in rounds if one.state == RoundState.CLOSED]
    under_way = next((one for one in rounds if one.state != RoundState.CLOSED), None)
    shown = next((one for one in closed if one.shows_results), None)
    too_few = closed[0] if closed and closed[0] is not shown else None
    if shown is None:
        return Side(None, None, None, too_few, under_way)
    return Side(shown, results_of(shown), since_last_time(shown), too_few, under_way)


def _gap(partners: Side, ours: Side) -> Comparison | None:
    theirs, own = partners.round, ours.round
    if theirs is None or own is None or not are_of_one_time(theirs, own):
        return None
    people = sent_in([theirs, own])
    return compare(
        theirs.instrument,
        [one.answers for one in people.get(theirs.pk, [])],
        own.instrument,
        [one.answers for one in people.get(own.pk, [])],
        fewest=max(theirs.answers_needed, own.answers_needed),
    )


def _lines(partners: RoundResults | None, ours: RoundResults | None, gap: Comparison | None) -> list[Beside]:
    shown = partners or ours
    if shown is None:
        return []
    changes = {} if gap is None else gap.by_scale
    theirs, own = (_by_code(one) for one in (partners, ours))
    apart = frozenset[str]() if gap is None else frozenset(gap.not_comparable)
    made = []
    for line in _all(shown):
        one, other = theirs.get(line.code), own.get(line.code)
        both = one is not None and other is not None
        made.append(
            Beside(
                line.code,
                line.name,
                one.estimate if one else None,
                other.estimate if other else None,
                changes.get(line.code) if both else None,
                both and line.code in apart,
            )
        )
    return made


def _all(results: RoundResults) -> list[Line]:
    return [results.overall, *results.groups, *results.characteristics]


def _by_code(results: RoundResults | None) -> dict[str, Line]:
    """The lines that are shown."""
    return {line.code: line for line in _all(results) if line.estimate} if results else {}
