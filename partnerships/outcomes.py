"""What the figures of a measure say, in words: how it varies, whether its target will be met, what each figure shows.

The words follow the icons of Making Data Count; the arithmetic is that of ``partnerships.process_control``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from partnerships.models import Better, MeasurePoint, OutcomeMeasure
from partnerships.numbers import plain_number
from partnerships.process_control import (
    FEWEST_FOR_FIRM_LIMITS,
    FEWEST_FOR_LIMITS,
    Assurance,
    Found,
    Limits,
    Signal,
    Towards,
    Variation,
    assurance_of,
    limits_of,
    median_of,
    signals_of,
    variation_of,
)

WAYS: dict[str, Towards | None] = {
    Better.HIGHER: Towards.HIGH,
    Better.LOWER: Towards.LOW,
    Better.NEITHER: None,
}
VARIATION_WORDS = {
    Variation.COMMON_CAUSE: "No change beyond chance",
    Variation.IMPROVEMENT: "Better than chance explains",
    Variation.CONCERN: "Worse than chance explains",
    Variation.HIGH: "Higher than chance explains",
    Variation.LOW: "Lower than chance explains",
}
ASSURANCE_WORDS = {
    Assurance.WILL_HIT: "As it works now, it will meet the target of {target} every time.",
    Assurance.MAY_HIT: "As it works now, it will meet the target of {target} some times and miss it others, by chance.",
    Assurance.WILL_MISS: "As it works now, it will miss the target of {target}: something has to change.",
}
# Limits foretell only how something works that does not change (Wheeler, Understanding Variation, 1993). While the
# latest figures show that it does, the limits still take in how it was before. Making Data Count starts limits anew by
# people's judgement, once a change is known and has lasted; until then, the target is spoken of for all the figures.
CHANGING_WORDS = {
    Assurance.WILL_HIT: "All these figures taken together meet the target of {target} every time",
    Assurance.MAY_HIT: "All these figures taken together meet the target of {target} some times and miss it others",
    Assurance.WILL_MISS: "All these figures taken together miss the target of {target}",
}
UNTIL_IT_LASTS = "they go back to before the change, so they do not tell yet what it will do now."
SIGNAL_WORDS = {
    (Signal.OUTSIDE, Towards.HIGH): "above the upper limit",
    (Signal.OUTSIDE, Towards.LOW): "below the lower limit",
    (Signal.SHIFT, Towards.HIGH): "in a row of seven or more above the mean",
    (Signal.SHIFT, Towards.LOW): "in a row of seven or more below the mean",
    (Signal.TREND, Towards.HIGH): "in a row of seven or more that rise",
    (Signal.TREND, Towards.LOW): "in a row of seven or more that fall",
    (Signal.CLOSE, Towards.HIGH): "one of two in three close to the upper limit",
    (Signal.CLOSE, Towards.LOW): "one of two in three close to the lower limit",
}


@dataclass(frozen=True)
class Outcome:
    """A measure, its figures in the order of their days, and what they say; there are limits from ten of them on."""

    measure: OutcomeMeasure
    points: Sequence[MeasurePoint]
    limits: Limits | None
    found: Sequence[Found | None]

    @classmethod
    def of(cls, measure: OutcomeMeasure, points: Sequence[MeasurePoint]) -> Outcome:
        figures = [one.value for one in points]
        limits = limits_of(figures) if len(figures) >= FEWEST_FOR_LIMITS else None
        found = signals_of(figures, limits) if limits else [None] * len(figures)
        return cls(measure, points, limits, found)

    @property
    def better(self) -> Towards | None:
        return WAYS[self.measure.better]

    @property
    def latest(self) -> MeasurePoint | None:
        return self.points[-1] if self.points else None

    @property
    def middle(self) -> Fraction | None:
        """The line through the middle: the mean with limits, the median before there are any."""
        if self.limits:
            return self.limits.mean
        return median_of([one.value for one in self.points]) if self.points else None

    @property
    def variation(self) -> Variation | None:
        return variation_of(self.found, self.better) if self.limits else None

    @property
    def assurance(self) -> Assurance | None:
        if self.limits is None or self.measure.target is None or self.better is None:
            return None
        return assurance_of(self.limits, self.measure.target, self.better)

    @property
    def finding(self) -> str:
        """In one sentence without a full stop, as the title of a chart."""
        variation, latest = self.variation, self.latest
        if latest is None:
            return "No figures yet"
        if variation is None or self.limits is None:
            count = len(self.points)
            return (
                f"{count} figure{'' if count == 1 else 's'} so far, the latest {plain_number(latest.value)}: "
                "too few to tell a change from chance"
            )
        last = self.found[-1]
        if last is None:
            reach = f"{in_figures(self.limits.lower)} to {in_figures(self.limits.upper)}"
            return f"{VARIATION_WORDS[variation]}: figures go from {reach} by themselves"
        return f"{VARIATION_WORDS[variation]}: the latest figure is {SIGNAL_WORDS[last.signal, last.towards]}"

    @property
    def on_the_target(self) -> str:
        """What to expect of the target, in a sentence; empty where nothing can be said. While the latest figures are no
        chance, the limits foretell nothing, and it says so.
        """
        assurance, target = self.assurance, plain_number(self.measure.target)
        if assurance is None:
            return ""
        if self.found[-1] is None:
            return ASSURANCE_WORDS[assurance].format(target=target)
        return f"{CHANGING_WORDS[assurance].format(target=target)}; {UNTIL_IT_LASTS}"

    @property
    def are_on_trial(self) -> bool:
        """Whether the limits rest on so few figures that they still move with each new one."""
        return self.limits is not None and len(self.points) < FEWEST_FOR_FIRM_LIMITS

    def shows(self, place: int) -> str:
        """What the figure at a place shows."""
        one = self.found[place]
        if one is None:
            return "Chance" if self.limits else "Too few to tell"
        variation = variation_of([one], self.better)
        return f"{VARIATION_WORDS[variation]}: {SIGNAL_WORDS[one.signal, one.towards]}"


def in_figures(number: Fraction) -> str:
    """A worked-out number as people read it: to three digits that mean something, and never in powers of ten."""
    size = abs(number)
    places = 0 if size >= 100 else 1 if size >= 10 else 2
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return plain_number(round(exact, places)) or "0"
