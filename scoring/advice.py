"""One partnership's recommendation as a reader meets it, taken from a stored document and result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.engine.wording import SMALL
from scoring.models import Confidence, Label
from scoring.words import how_sure, in_sentence

Json = Mapping[str, Any]

TAGS = {
    Label.PRIORITISE: "nhsuk-tag--green",
    Label.SUSTAIN: "nhsuk-tag--blue",
    Label.BUILD: "nhsuk-tag--purple",
    Label.DO_THE_MINIMUM: "nhsuk-tag--aqua-green",
    Label.STEP_DOWN: "nhsuk-tag--yellow",
    Label.FIND_OUT_FIRST: "nhsuk-tag--white",
    Label.SAY_NO_KINDLY: "nhsuk-tag--grey",
}


@dataclass(frozen=True)
class LevelOutlook:
    """One level of one partnership: value and days there, how often it is best, and what forcing it would lose against
    the best one (None where no portfolio has it).
    """

    code: str
    name: str
    value: float
    days: Mapping[str, float]
    share: float | None
    loss: float | None
    is_best: bool
    is_recommended: bool
    is_today: bool

    @property
    def is_as_good(self) -> bool:
        """As good as the best level, as far as a tenth of a point can tell."""
        return self.loss is not None and self.loss < SMALL


@dataclass(frozen=True)
class Advice:
    """What to do about one partnership; ``number`` is its place in the list, by which charts name it."""

    number: int
    id: str
    name: str
    label: Label
    confidence: Confidence
    is_close_call: bool
    is_mandated: bool
    reason: str
    because: tuple[str, ...]
    readiness: float | None
    value_at_full_readiness: float | None
    levels: tuple[LevelOutlook, ...]
    draws: int

    @property
    def recommended(self) -> LevelOutlook:
        return next(level for level in self.levels if level.is_recommended)

    @property
    def today(self) -> LevelOutlook | None:
        return next((level for level in self.levels if level.is_today), None)

    @property
    def top(self) -> LevelOutlook:
        """The highest level: what the partnership would be worth, and cost, with all it asks for."""
        return self.levels[-1]

    @property
    def best(self) -> LevelOutlook:
        """The level that is best in expectation; the recommended one, but where a decline is not sure enough yet."""
        return next(level for level in self.levels if level.is_best)

    @property
    def how_sure(self) -> str:
        """The word goes with the best level: where that is not the recommended one, the sentence names it."""
        level = "" if self.best is self.recommended else self.best.name
        return how_sure(self.confidence, self.best.share, self.draws, level=level)

    @property
    def tag_class(self) -> str:
        """The design system's tag for the label; the word stands in it, the colour only repeats it."""
        return TAGS[self.label]

    @property
    def change(self) -> str:
        """From today's level to the recommended one, in words."""
        if self.today is None:
            return f"{self.recommended.name} (no level today)"
        if self.today.code == self.recommended.code:
            return f"{self.recommended.name}, as today"
        return f"{self.recommended.name} (today {in_sentence(self.today.name)})"


def advice_of(document: Json, result: Json) -> list[Advice]:
    """All recommendations of an optimal result: by label, then by value, then by name; numbered from 1."""
    documents = {one["id"]: one for one in document["partnerships"]}
    names = {level["id"]: level["label"] for level in document["levels"]}
    ordered = sorted(
        result["partnerships"],
        key=lambda one: (
            Label.values.index(one["label"]),
            -one["values"][one["advised_level"]],
            one["name"].casefold(),
            one["id"],
        ),
    )
    return [
        _advice(number, one, documents[one["id"]], names, draws=result["draws"])
        for number, one in enumerate(ordered, start=1)
    ]


def _advice(number: int, one: Json, document: Json, names: Mapping[str, str], *, draws: int) -> Advice:
    full = one["values_at_full_readiness"]
    return Advice(
        number=number,
        id=one["id"],
        name=one["name"],
        label=Label(one["label"]),
        confidence=Confidence(one["confidence"]),
        is_close_call=bool(one["close_call"]),
        is_mandated=one["mandated"],
        reason=one["reason"],
        because=tuple(one["because"]),
        readiness=None if one["readiness"] is None else one["readiness"]["mean"],
        value_at_full_readiness=None if full is None else full[one["advised_level"]],
        levels=tuple(_outlook(one, option, names) for option in document["options"]),
        draws=draws,
    )


def _outlook(one: Json, option: Json, names: Mapping[str, str]) -> LevelOutlook:
    level = option["level"]
    return LevelOutlook(
        code=level,
        name=names[level],
        value=one["values"][level],
        days={pool: days["likely"] if isinstance(days, dict) else days for pool, days in option["days"].items()},
        share=None if one["acceptability"] is None else one["acceptability"][level],
        loss=0.0 if level == one["level"] else None if one["flip"] is None else one["flip"].get(level),
        is_best=level == one["level"],
        is_recommended=level == one["advised_level"],
        is_today=level == one["today"],
    )
