"""A round beside the one before it: what changed beyond chance, and where the two cannot be compared."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from diagnostics.counting import groups_by_round
from diagnostics.instrument import Instrument
from diagnostics.instrument.change import Change, Comparison, beyond_chance_together, compare
from diagnostics.instrument.comparable import Shared
from diagnostics.instrument.difference import Difference
from diagnostics.instrument.scoring import Estimate
from diagnostics.instrument.shown import summarise_shown
from diagnostics.models import Round
from diagnostics.reading import sent_in


@dataclass(frozen=True)
class NamedChange:
    name: str
    change: Change

    @property
    def in_words(self) -> str:
        """ "rose by 0.6" or "fell by 0.6"."""
        return f"{'rose' if self.change.by > 0 else 'fell'} by {abs(self.change.by):.1f}"


@dataclass(frozen=True)
class NotComparable:
    """A characteristic of which two surveys share too few statements: so many of so many."""

    name: str
    shared: Shared


@dataclass(frozen=True)
class SinceLastTime:
    """``moved`` changed beyond what chance does to any of the eight, largest first; ``compared`` is how many of them
    could be compared.

    ``asked_otherwise`` says what the two surveys asked differently; ``not_comparable`` of what they share too little,
    ``counted_otherwise`` says that they do not count the same, so that nothing is compared. Where both count
    organisations, ``counted`` names those that count of their own in both, ``together`` those that count as one beside
    them, and ``left_out`` those of either that do not count alike in both; ``over_other_groups`` says that the means of
    this survey's own page count others than the comparison does.
    """

    earlier: Round
    closed_on: datetime.date
    overall: Change | None
    by_characteristic: Mapping[str, Change]
    moved: Sequence[NamedChange]
    asked_otherwise: Difference
    not_comparable: Sequence[NotComparable]
    over_fewer: frozenset[str]
    counted_otherwise: bool = False
    counted: Sequence[str] = ()
    together: Sequence[str] = ()
    left_out: Sequence[str] = ()
    over_other_groups: bool = False

    @property
    def means_before(self) -> dict[str, float]:
        """Last time's means that can stand beside this time's own: those over the very same statements and, where
        organisations count, the very same of them.
        """
        if self.over_other_groups:
            return {}
        return {code: one.before for code, one in self.by_characteristic.items() if code not in self.over_fewer}

    @property
    def compared(self) -> int:
        return len(self.by_characteristic)


def since_last_time(round_: Round) -> SinceLastTime | None:
    """What changed since the last round before this one that shows results; None where there is none. Two queries."""
    if round_.closed_at is None:
        return None
    earlier = Round.objects.before(round_).first()
    if earlier is None or earlier.closed_at is None:
        return None
    made = compared([(earlier, round_)])[0]
    return SinceLastTime(
        earlier=earlier,
        closed_on=timezone.localdate(earlier.closed_at),
        overall=made.overall,
        by_characteristic=made.characteristics,
        moved=_moved(round_.instrument, made),
        asked_otherwise=made.difference,
        not_comparable=[
            NotComparable(one.name, made.not_comparable[one.code])
            for one in round_.instrument.characteristics
            if one.code in made.not_comparable
        ],
        over_fewer=made.over_fewer,
        counted_otherwise=made.counted_otherwise,
        counted=sorted(made.counted),
        together=sorted(made.together),
        left_out=sorted(made.left_out),
        over_other_groups=made.over_other_groups,
    )


def compared(pairs: Iterable[tuple[Round, Round]]) -> list[Comparison]:
    """Each earlier round with results beside a later one of the same partnership. One query, however many there are,
    where the rounds come ``with_questions``.
    """
    every = list(pairs)
    rounds = {found.pk: found for pair in every for found in pair}.values()
    people = sent_in(rounds)
    groups = groups_by_round(rounds, people)
    return [
        compare(
            earlier.instrument,
            [one.answers for one in people.get(earlier.pk, [])],
            later.instrument,
            [one.answers for one in people.get(later.pk, [])],
            fewest=max(earlier.answers_needed, later.answers_needed),
            groups=(groups.get(earlier.pk), groups.get(later.pk)),
        )
        for earlier, later in every
    ]


def standing(rounds: Iterable[Round]) -> dict[int, dict[str, Estimate]]:
    """What closed rounds show of each characteristic, by the number of the round and the code; what too few had a view
    on is absent. One query, however many there are, where the rounds come ``with_questions`` and ``with_progress``.
    """
    every = {one.pk: one for one in rounds}
    people = sent_in(every.values())
    groups = groups_by_round(every.values(), people)
    found = {}
    for number, one in every.items():
        answers = [person.answers for person in people.get(number, [])]
        made = summarise_shown(
            one.instrument, answers, one.invited, fewest=one.answers_needed, groups=groups.get(number)
        ).characteristics
        found[number] = {code: its for code, its in made.items() if its.people >= one.answers_needed}
    return found


def _moved(instrument: Instrument, made: Comparison) -> list[NamedChange]:
    found = beyond_chance_together(made.characteristics)
    beyond = [
        NamedChange(one.name, made.characteristics[one.code]) for one in instrument.characteristics if one.code in found
    ]
    return sorted(beyond, key=lambda one: -abs(one.change.by))
