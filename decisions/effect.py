"""What the surveys say since an action began: did its characteristic move by more than chance does?

The last survey with results that closed before the work began stands beside the newest that opened after, so that all
of its answers came since; one that was open at that time tells neither. An action for the whole organisation is told by
the mean over all partnerships that have both, and beside it in how many of them it moved. What is said is that a
characteristic moved since, never that it moved because of the action: a survey cannot tell why. All changes that are
looked at in one go are held to the chance of them all together, as on the page of a survey (Holm 1979).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from decisions.models import Characteristic, PlanAction
from diagnostics.instrument.change import Change, Comparison, beyond_chance_together
from diagnostics.instrument.scoring import Estimate
from diagnostics.instrument.sides import difference_over_partnerships
from diagnostics.models import Round, RoundState
from diagnostics.over_time import compared, standing
from partnerships.models import Organisation
from scoring.words import count_of, listing


class Movement(StrEnum):
    UP = "Moved up"
    DOWN = "Moved down"
    NOT_BEYOND = "Not beyond chance"
    UNKNOWN = "Not known yet"


TAGS = {
    Movement.UP: "nhsuk-tag--green",
    Movement.DOWN: "nhsuk-tag--orange",
    Movement.NOT_BEYOND: "nhsuk-tag--grey",
    Movement.UNKNOWN: "nhsuk-tag--white",
}


# Why two surveys cannot be compared on a characteristic.
TOO_FEW = "they share too few statements about it, or too few people had a view on them"
NOT_THE_SAME = (
    "their means do not count the same, since in one each person counts once and in the other each organisation, or "
    "too few of the organisations that count are the same in both"
)


@dataclass(frozen=True)
class Effect:
    """What moved since an action began, in a word and in sentences; ``rounds`` are the surveys that it rests on.

    ``known`` are the partnerships, by the id of their record, in which that can be told at all, and ``up`` and ``down``
    those of them in which it moved beyond chance.
    """

    movement: Movement
    sentence: str
    rounds: tuple[Round, ...] = ()
    known: frozenset[int] = frozenset()
    up: frozenset[int] = frozenset()
    down: frozenset[int] = frozenset()

    @property
    def tag_class(self) -> str:
        """The word stands in the tag; the colour only repeats it."""
        return TAGS[self.movement]


@dataclass(frozen=True)
class _Sides:
    """The surveys of one partnership that closed before a moment and that opened since; ``others`` of these closed and
    show nothing, and ``was_open`` says that one was open at that moment, so that its answers are of both times.
    """

    participation: int
    name: str
    before: Round | None
    since: Round | None
    others: Sequence[Round]
    is_open: bool
    was_open: bool

    @property
    def pair(self) -> tuple[Round, Round] | None:
        return None if self.before is None or self.since is None else (self.before, self.since)


@dataclass(frozen=True)
class _Compared:
    """All pairs of surveys that some action needs, compared, with the mean over partnerships by the id of an action for
    all of them, and the changes beyond chance among all of these; and how each characteristic stood in the surveys
    after which there is no other yet.
    """

    made: Mapping[tuple[int, int], Comparison]
    over_all: Mapping[int, Change]
    beyond: frozenset[tuple[int, int, str] | int]
    stood: Mapping[int, Mapping[str, Estimate]]

    @classmethod
    def of(cls, actions: Iterable[PlanAction], sides: Mapping[int, Sequence[_Sides]]) -> _Compared:
        every = [side for some in sides.values() for side in some]
        known = {(pair[0].pk, pair[1].pk): pair for one in every if (pair := one.pair) is not None}
        made = dict(zip(known, compared(known.values()), strict=True))
        changes: dict[tuple[int, int, str] | int, Change] = {
            (*pair, code): one for pair, its in made.items() for code, one in its.characteristics.items()
        }
        everywhere = [one for one in actions if one.participation_id is None]
        means = {one.pk: _over_all(sides[one.pk], made, one.characteristic) for one in everywhere}
        over_all = {pk: one for pk, one in means.items() if one is not None}
        changes.update((pk, one) for pk, one in over_all.items())
        stood = standing(one.before for one in every if one.before is not None and one.since is None)
        return cls(made, over_all, frozenset(beyond_chance_together(changes)), stood)

    def comparison(self, pair: tuple[Round, Round]) -> Comparison:
        return self.made[pair[0].pk, pair[1].pk]

    def change(self, pair: tuple[Round, Round], code: str) -> tuple[Change | None, bool]:
        """The change, None where they cannot be compared there; and whether it is beyond chance."""
        numbers = (pair[0].pk, pair[1].pk)
        return self.comparison(pair).characteristics.get(code), (*numbers, code) in self.beyond


def _over_all(sides: Iterable[_Sides], made: Mapping[tuple[int, int], Comparison], code: str) -> Change | None:
    """The change of the mean over partnerships, each counting once; None where fewer than two can be compared."""
    changes = [made[pair[0].pk, pair[1].pk].characteristics.get(code) for one in sides if (pair := one.pair)]
    pairs = [(one.before, one.after) for one in changes if one is not None]
    return difference_over_partnerships(pairs, fewest=settings.SURVEY_THRESHOLD) if len(pairs) > 1 else None


def effects_of(organisation: Organisation, actions: Sequence[PlanAction]) -> dict[int, Effect]:
    """By the id of the action. Three queries, however many there are; none where there are none."""
    if not actions:
        return {}
    by_partnership: dict[int, list[Round]] = defaultdict(list)
    rounds = organisation.survey_rounds.about_partnerships().with_questions().with_progress()
    for one in rounds.select_related("participation__partnership", "organisation").order_by("closed_at", "pk"):
        by_partnership[one.participation_id].append(one)
    sides = {one.pk: _sides_of(one, by_partnership) for one in actions}
    found = _Compared.of(actions, sides)
    return {one.pk: _effect(one, sides[one.pk], found) for one in actions}


def begins_at(action: PlanAction) -> datetime.datetime:
    """From when on a survey tells what came after: the first moment of the day on which the work begins; on the day on
    which it was put into the plan itself, that moment, since a survey may close on the same day.
    """
    first = timezone.make_aware(datetime.datetime.combine(action.begins_on, datetime.time.min))
    return action.recorded_at if timezone.localdate(action.recorded_at) == action.begins_on else first


def _sides_of(action: PlanAction, by_partnership: Mapping[int, Sequence[Round]]) -> list[_Sides]:
    here = action.participation_id
    rounds = by_partnership if here is None else {here: by_partnership.get(here, ())}
    return [_sides(some, begins_at(action)) for some in rounds.values()]


def _sides(rounds: Sequence[Round], moment: datetime.datetime) -> _Sides:
    """``rounds`` of one partnership, by when they closed."""
    closed = [one for one in rounds if one.state == RoundState.CLOSED and one.closed_at is not None]
    before = [one for one in closed if one.closed_at is not None and one.closed_at <= moment]
    since = [one for one in rounds if one.state != RoundState.DRAFT and _opened_after(one, moment)]
    return _Sides(
        participation=rounds[0].participation_id if rounds else 0,
        name=rounds[0].participation.partnership.display_name if rounds else "",
        before=next((one for one in reversed(before) if one.shows_results), None),
        since=next((one for one in reversed(since) if one.shows_results), None),
        others=[one for one in since if one.state == RoundState.CLOSED and not one.shows_results],
        is_open=any(one.state == RoundState.OPEN for one in since),
        was_open=any(one not in before and one not in since and one.state != RoundState.DRAFT for one in rounds),
    )


def _opened_after(one: Round, moment: datetime.datetime) -> bool:
    """Where it was opened again with nobody's answers kept, that day tells."""
    if one.opened_again_on is not None:
        return timezone.make_aware(datetime.datetime.combine(one.opened_again_on, datetime.time.min)) > moment
    return one.opened_at is not None and one.opened_at > moment


def _effect(action: PlanAction, sides: Sequence[_Sides], found: _Compared) -> Effect:
    if action.begins_on > timezone.localdate():
        return Effect(Movement.UNKNOWN, f"Work begins on {_day(action.begins_on)}. Surveys that open after that tell.")
    if action.participation_id is None:
        return _everywhere(action, sides, found)
    return _here(action, sides[0], found)


def _here(action: PlanAction, sides: _Sides, found: _Compared) -> Effect:
    if sides.before is None:
        why = "No survey with enough answers had closed when the work began, so there is nothing to compare with."
        return Effect(Movement.UNKNOWN, why)
    if sides.since is None:
        return Effect(
            Movement.UNKNOWN, f"{_stood(action, sides.before, found)}{_why_no_survey(sides)}", (sides.before,)
        )
    rounds = (sides.before, sides.since)
    change, is_beyond = found.change(rounds, action.characteristic)
    days = f"between the surveys that closed on {_closed(rounds[0])} and on {_closed(rounds[1])}"
    comparison = found.comparison(rounds)
    if change is None:
        why = NOT_THE_SAME if comparison.counted_otherwise else TOO_FEW
        return Effect(Movement.UNKNOWN, f"It cannot be told {days}: {why}.", rounds)
    of = " (the mean over the same organisations, each counting once)" if comparison.over_organisations else ""
    numbers = f"from {change.before:.1f} to {change.after:.1f}{of} {days}"
    reach = f"95% interval of the change: {_signed(change.low)} to {_signed(change.high)}"
    here = frozenset({sides.participation})
    if not is_beyond:
        sentence = f"It went {numbers}, no more than chance would do ({reach})."
        return Effect(Movement.NOT_BEYOND, sentence, rounds, known=here)
    movement, word = (Movement.UP, "rose") if change.by > 0 else (Movement.DOWN, "fell")
    moved = f"It {word} by {abs(change.by):.1f}, {numbers}"
    sentence = f"{moved}: more than chance would do ({reach}). No survey tells why."
    up, down = (here if movement == one else frozenset[int]() for one in (Movement.UP, Movement.DOWN))
    return Effect(movement, sentence, rounds, known=here, up=up, down=down)


def _stood(action: PlanAction, before: Round, found: _Compared) -> str:
    """What it starts from, as a sentence; nothing where the survey may not show it."""
    estimate = found.stood[before.pk].get(action.characteristic)
    if estimate is None:
        return ""
    reach = f"95% interval {estimate.low:.1f} to {estimate.high:.1f}"
    return f"It stood at {estimate.mean:.1f} on 1 to 5 ({reach}) in the survey that closed on {_closed(before)}. "


def _why_no_survey(sides: _Sides) -> str:
    if sides.others:
        last = sides.others[-1]
        return f"A survey closed on {_closed(last)} with fewer than {last.answers_needed} answers, which shows nothing."
    if sides.is_open:
        return "The next survey is open. Once it has closed with enough answers, it tells."
    if sides.was_open:
        return "The survey that was open as the work began was answered before, too. The next one tells."
    return "No survey has closed since the work began. The next one tells."


def _everywhere(action: PlanAction, sides: Sequence[_Sides], found: _Compared) -> Effect:
    """By the mean over all partnerships surveyed before and since; beside it, in how many of them it moved."""
    told = [(side, side.pair) for side in sides if side.pair is not None]
    changes = [(side, *found.change(pair, action.characteristic)) for side, pair in told if pair is not None]
    known = [(side, change, is_beyond) for side, change, is_beyond in changes if change is not None]
    if not known:
        return Effect(Movement.UNKNOWN, _why_nowhere(len(told)))
    up = [side for side, change, is_beyond in known if is_beyond and change.by > 0]
    down = [side for side, change, is_beyond in known if is_beyond and change.by < 0]
    each = f"By more than chance would do, it {_in_how_many('rose', up)} and {_in_how_many('fell', down)} of them."
    pairs = [side.pair for side, _, _ in known if side.pair is not None]
    movement, said = _over_all_in_words(action, pairs, found)
    return Effect(
        movement,
        f"{said} {each if len(known) > 1 else ''}".rstrip() + " No survey tells why.",
        known=frozenset(side.participation for side, _, _ in known),
        up=frozenset(side.participation for side in up),
        down=frozenset(side.participation for side in down),
    )


def _why_nowhere(surveyed: int) -> str:
    if not surveyed:
        return "No partnership has been surveyed both before the work began and since."
    where = f"{count_of(surveyed, 'partnership')} {'was' if surveyed == 1 else 'were'}"
    return (
        f"{where} surveyed both before the work began and since, but the two cannot be compared: they share too "
        "few statements about it, too few people had a view on them, or their means do not count the same."
    )


def _over_all_in_words(
    action: PlanAction, pairs: Sequence[tuple[Round, Round]], found: _Compared
) -> tuple[Movement, str]:
    """``pairs`` are the surveys of the partnerships that can be compared."""
    change = found.over_all.get(action.pk)
    if change is None:
        return (
            Movement.UNKNOWN,
            "One partnership alone can be compared before and since: it says nothing of the others.",
        )
    numbers = f"from {change.before:.1f} to {change.after:.1f}"
    counting = sum(found.comparison(one).over_organisations for one in pairs)
    of = f", each organisation counting once in {counting} of them" if counting else ""
    over = f"Over the {count_of(len(pairs), 'partnership')} that can be compared before and since{of}"
    reach = f"95% interval of the change: {_signed(change.low)} to {_signed(change.high)}"
    if action.pk not in found.beyond:
        return Movement.NOT_BEYOND, f"{over}, the mean went {numbers}, no more than chance would do ({reach})."
    movement, word = (Movement.UP, "rose") if change.by > 0 else (Movement.DOWN, "fell")
    return movement, f"{over}, the mean {word} {numbers}: more than chance would do ({reach})."


def _in_how_many(word: str, sides: Sequence[_Sides]) -> str:
    return f"{word} in {len(sides)} ({listing([one.name for one in sides])})" if sides else f"{word} in none"


def name_of(characteristic: str) -> str:
    return str(Characteristic(characteristic).label)


def _closed(one: Round) -> str:
    return "" if one.closed_at is None else _day(timezone.localdate(one.closed_at))


def _day(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"


def _signed(value: float) -> str:
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else f"{'+' if value > 0 else '−'}{text}"
