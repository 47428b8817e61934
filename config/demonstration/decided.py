"""Reads what the demonstration decided, and how it carried a no through. Values in, values out: no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.demonstration.reading import DATA, PromiseFacts, said_of

NEXT_QUARTER = "next quarter"


@dataclass(frozen=True)
class LetterFacts:
    """A letter that has left, so many days ago; its words are those that the service begins with."""

    member: str
    to: str
    email: str
    signed_by: str
    sent_by: str
    sent_days_ago: int


@dataclass(frozen=True)
class TellingFacts:
    who: str
    whom: str
    how: str
    days_ago: int


@dataclass(frozen=True)
class AnswerFacts:
    """What the partner answered, and what is done about it."""

    who: str
    days_ago: int
    answer: str
    doing: str


@dataclass(frozen=True)
class ChecklistFacts:
    """Which things of the list are done, so many days ago, and which are not needed and why."""

    done: tuple[str, ...]
    not_needed: Mapping[str, str]
    done_days_ago: int


@dataclass(frozen=True)
class KindNoFacts:
    """``texts`` is the pack in words, by the name of each text."""

    texts: Mapping[str, str]
    letter: LetterFacts | None
    tellings: tuple[TellingFacts, ...]
    replies: tuple[AnswerFacts, ...]
    checklist: ChecklistFacts | None


@dataclass(frozen=True)
class DecisionFacts:
    """``level`` is empty where it is as recommended. It holds from ``applies_days_ago``, or from the next quarter where
    that is None; looked at again in so many days, fewer than none where that day has come.
    """

    level: str
    reason: str
    applies_days_ago: int | None
    review_in_days: int


@dataclass(frozen=True)
class AloneFacts:
    """What one person decided, so many days ago, and what came of it."""

    partnership: str
    days_ago: int
    decided_by: str
    recorded_by: str
    decision: DecisionFacts
    kind_no: KindNoFacts | None
    promises: tuple[PromiseFacts, ...]


@dataclass(frozen=True)
class ItemFacts:
    """One partnership on the agenda; ``decision`` is None where it was put off."""

    partnership: str
    notes: str
    decision: DecisionFacts | None
    kind_no: KindNoFacts | None


@dataclass(frozen=True)
class MeetingFacts:
    name: str
    days_ago: int
    begun_by: str
    recorded_by: str
    items: tuple[ItemFacts, ...]


@dataclass(frozen=True)
class Decided:
    alone: tuple[AloneFacts, ...]
    meeting: MeetingFacts


def read_decided(folder: Path = DATA) -> Decided:
    """What its file says was decided. Raises DataError."""
    with said_of(folder / "decisions.toml") as given:
        return Decided(tuple(_alone(one) for one in given["alone"]), _meeting(given["meeting"]))


def _alone(given: Mapping[str, Any]) -> AloneFacts:
    return AloneFacts(
        partnership=given["partnership"],
        days_ago=given["days_ago"],
        decided_by=given["decided_by"],
        recorded_by=given["recorded_by"],
        decision=DecisionFacts(
            level=given.get("level", ""),
            reason=given["reason"],
            applies_days_ago=given["applies_days_ago"],
            review_in_days=-given["review_days_ago"],
        ),
        kind_no=_kind_no(given),
        promises=tuple(PromiseFacts(**one) for one in given.get("promise", [])),
    )


def _meeting(given: Mapping[str, Any]) -> MeetingFacts:
    return MeetingFacts(
        name=given["name"],
        days_ago=given["days_ago"],
        begun_by=given["begun_by"],
        recorded_by=given["recorded_by"],
        items=tuple(
            ItemFacts(
                partnership=one["partnership"],
                notes=one["notes"],
                decision=_in_meeting(one["decision"], given["days_ago"]) if "decision" in one else None,
                kind_no=_kind_no(one),
            )
            for one in given["item"]
        ),
    )


def _in_meeting(given: Mapping[str, Any], days_ago: int) -> DecisionFacts:
    """It holds from the day of the meeting, unless it says from when."""
    applies = given.get("applies", "")
    if applies not in {"", NEXT_QUARTER}:
        raise ValueError(f"a decision cannot apply from {applies!r}")
    return DecisionFacts(
        level=given.get("level", ""),
        reason=given.get("reason", ""),
        applies_days_ago=None if applies else days_ago,
        review_in_days=given["review_in_days"],
    )


def _kind_no(given: Mapping[str, Any]) -> KindNoFacts | None:
    if "kind_no" not in given:
        return None
    said = dict(given["kind_no"])
    letter, checklist = said.pop("letter", None), said.pop("checklist", None)
    tellings, replies = said.pop("telling", []), said.pop("reply", [])
    return KindNoFacts(
        texts=said,
        letter=LetterFacts(**letter) if letter else None,
        tellings=tuple(TellingFacts(**one) for one in tellings),
        replies=tuple(AnswerFacts(**one) for one in replies),
        checklist=_checklist(checklist) if checklist else None,
    )


def _checklist(given: Mapping[str, Any]) -> ChecklistFacts:
    return ChecklistFacts(tuple(given["done"]), given.get("not_needed", {}), given["done_days_ago"])
