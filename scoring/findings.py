"""What a run found, for a person in a hurry: the sentence that matters, and today against recommended.

Everything here is worked out from the stored document and result alone, so the page, the workbook and the command line
say the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoring.advice import Advice, advice_of
from scoring.caveats import caveats_of, certificate_of
from scoring.engine.wording import SMALL
from scoring.models import Label, Run
from scoring.words import count_of, growth, in_sentence, listing, number

Json = Mapping[str, Any]
SAME_DAYS = 1e-6

# What to do with so many of them, in the order in which the sentence says it.
DEEDS = {
    Label.PRIORITISE: "prioritise {}",
    Label.SUSTAIN: "sustain {}",
    Label.BUILD: "build {}",
    Label.DO_THE_MINIMUM: "do the minimum for {}",
    Label.STEP_DOWN: "step down {}",
    Label.FIND_OUT_FIRST: "find out more about {}",
    Label.SAY_NO_KINDLY: "say no to {}",
}


@dataclass(frozen=True)
class PoolUse:
    """One pool: days a quarter there are after the reserve, asked for today, and used if the advice is followed."""

    id: str
    label: str
    available: float
    today: float | None
    recommended: float

    @property
    def is_over_asked(self) -> bool:
        return self.today is not None and self.today > self.available + SAME_DAYS

    @property
    def pressure(self) -> float:
        """Days asked for a day there is; infinite where days are asked of a pool that has none."""
        asked = self.recommended if self.today is None else self.today
        if self.available <= 0:
            return float("inf") if asked > 0 else 0.0
        return asked / self.available

    @property
    def over(self) -> float:
        """Days asked for today beyond those there are."""
        return max(0.0, (self.today or 0.0) - self.available)

    @property
    def bars(self) -> dict[str, int]:
        """Lengths out of 100 for a drawing: the longest of the three fills it, less room for the mark."""
        longest = max(self.available, self.today or 0.0, self.recommended, 1e-9)
        return {
            "today": round(99 * (self.today or 0.0) / longest),
            "recommended": round(99 * self.recommended / longest),
            "available": round(99 * self.available / longest),
        }

    @property
    def name(self) -> str:
        """The pool's name as a word in a sentence: lower case, unless it is an abbreviation."""
        return in_sentence(self.label)


@dataclass(frozen=True)
class TippingPointFound:
    """Where today stands on the curve of total value against load; ``is_level`` where it is as high there as at its
    highest point.
    """

    today: int | None
    recommended: int
    highest: int
    hurts_from: int
    adds_nothing_at: int
    is_default: bool

    is_level: bool

    @property
    def is_past(self) -> bool:
        return self.today is not None and self.today > self.highest and not self.is_level

    @property
    def is_short(self) -> bool:
        return self.today is not None and self.today < self.highest and not self.is_level


@dataclass(frozen=True)
class SurveyBehind:
    """The survey that a readiness was read from; ``over_organisations`` says that each organisation counted once in it,
    and not each person.
    """

    closed_on: datetime.date
    invited: int
    answered: int
    over_organisations: bool


@dataclass(frozen=True)
class Findings:
    """The findings of one optimal run: ``document`` and ``result`` as stored, ``assumptions`` as noted at freezing."""

    document: Json
    result: Json
    assumptions: Json
    inputs_hash: str
    run_number: int | None = None

    @classmethod
    def of(cls, run: Run) -> Findings:
        """The findings of a run that is done. Raises ValueError for one that is not."""
        return cls(run.frozen_inputs(), run.outcome(), run.assumptions, run.inputs_hash, run.pk)

    @cached_property
    def partnerships(self) -> list[Json]:
        return list(self.result["partnerships"])

    @cached_property
    def advice(self) -> list[Advice]:
        """What to do about each, in the order of the list."""
        return advice_of(self.document, self.result)

    def advice_for(self, identifier: str) -> Advice | None:
        """None for a partnership that was not part of the portfolio when it was scored."""
        return next((one for one in self.advice if one.id == identifier), None)

    @cached_property
    def groups(self) -> list[tuple[Label, list[Advice]]]:
        """The list by recommendation, without empty groups."""
        return [(label, [one for one in self.advice if one.label == label]) for label in Label if label in self.counts]

    @cached_property
    def counts(self) -> dict[Label, int]:
        """How many of each label, without those that have none."""
        given = [one["label"] for one in self.partnerships]
        return {label: given.count(label) for label in DEEDS if label in given}

    @cached_property
    def pools(self) -> list[PoolUse]:
        """Every pool, in the organisation's order."""
        today, advised = self.result["today"], self.result["advised"]
        return [
            PoolUse(
                id=pool["id"],
                label=pool["label"],
                available=self.result["available"][pool["id"]],
                today=None if today is None else today["days"][pool["id"]],
                recommended=advised["days"][pool["id"]],
            )
            for pool in self.document["pools"]
        ]

    @cached_property
    def scarcest(self) -> PoolUse:
        """The pool that is asked for most, measured by what it has."""
        return max(self.pools, key=lambda pool: pool.pressure)

    @property
    def deliverable_today(self) -> float | None:
        return None if self.result["today"] is None else float(self.result["today"]["deliverable"])

    @property
    def promised_today(self) -> float | None:
        return None if self.result["today"] is None else float(self.result["today"]["promised"])

    @property
    def recommended_value(self) -> float:
        return float(self.result["advised"]["total_value"])

    @cached_property
    def tipping_point(self) -> TippingPointFound | None:
        """None where the curve was not computed or has no point."""
        curve, noted = self.result["load_curve"], self.assumptions["tipping_point"]
        if curve is None or curve["highest"] is None:
            return None
        today = None if curve["today"] is None else curve["today"]["load"]
        at_today = next((point["value"] for point in curve["points"] if point["load"] == today), None)
        return TippingPointFound(
            today=today,
            recommended=self.result["advised"]["load"],
            highest=curve["highest"]["load"],
            hurts_from=noted["hurts_from"],
            adds_nothing_at=noted["adds_nothing_at"],
            is_default=noted["is_default"],
            is_level=at_today is not None and curve["highest"]["value"] - at_today < SMALL,
        )

    @property
    def sentence(self) -> str:
        """The sentence that matters, each clause only where the numbers bear it."""
        return f"{self._asked()} {self._deeds()}."

    def _asked(self) -> str:
        size, pool = len(self.partnerships), self.scarcest
        subject = "Your one partnership asks" if size == 1 else f"Your {size} partnerships ask"
        asked = pool.recommended if pool.today is None else pool.today
        if pool.today is None or asked <= 0:
            return (
                f"You have {count_of(size, 'partnership')} to choose between."
                if size > 1
                else "You have one partnership."
            )
        asked_for, there_are = _apart(asked, pool.available)
        if pool.is_over_asked:
            return f"{subject} for {asked_for} {pool.name} days a quarter; you have {there_are}."
        return f"{subject} for {asked_for} of the {there_are} {pool.name} days you have a quarter."

    def _deeds(self) -> str:
        deeds = [words.format(self._how_many(label)) for label, words in DEEDS.items() if label in self.counts]
        deeds[0] = deeds[0][0].upper() + deeds[0][1:]
        rise = self._rise()
        return f"{', '.join(deeds)}, and {rise}" if rise else listing(deeds)

    def _how_many(self, label: Label) -> str:
        size = len(self.partnerships)
        if self.counts[label] < size:
            return str(self.counts[label])
        return "it" if size == 1 else "both" if size == 2 else f"all {size}"

    def _rise(self) -> str:
        if self.deliverable_today is None:
            return ""
        words = growth(self.deliverable_today, self.recommended_value)
        kept = ", but every promise can be kept" if words.startswith("falls") else ""
        return f"what you can deliver {words}{kept}"

    def survey_of(self, identifier: str) -> SurveyBehind | None:
        """What the readiness of one partnership was read from; None where it was not surveyed."""
        noted = self.assumptions["surveys"].get(identifier)
        if noted is None:
            return None
        return SurveyBehind(
            closed_on=datetime.date.fromisoformat(noted["closed_on"]),
            invited=noted["invited"],
            answered=noted["answered"],
            over_organisations=noted.get("over_organisations", False),
        )

    @cached_property
    def caveats(self) -> list[str]:
        """What the numbers rest on, in sentences."""
        certificate = certificate_of(self.result)
        return [*([certificate] if certificate else []), *caveats_of(self.assumptions, self.partnerships)]


def _apart(asked: float, available: float) -> tuple[str, str]:
    """Two numbers of days: rounded, unless that would make them look the same."""
    if available <= 0:
        return number(asked), "none"
    if number(asked) == number(available) and abs(asked - available) > SAME_DAYS:
        return f"{asked:.3f}".rstrip("0").rstrip("."), f"{available:.3f}".rstrip("0").rstrip(".")
    return number(asked), number(available)
