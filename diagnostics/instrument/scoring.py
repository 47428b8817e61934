"""From answers to means, with what a small number of them leaves open.

One person's score for an atom is the mean of the items they answered, for a characteristic the mean of its atoms, for
a group the mean of its characteristics, and overall the mean of the characteristics. Where a person gave a view on
fewer than half of the parts there is no score for the whole (the half rule: Fairclough and Cella 1996). "Don't know"
is no view. A scale's mean is the mean over people, each counting once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from diagnostics.instrument.definition import LEAST, MOST, Instrument
from diagnostics.instrument.student import two_sided

CONFIDENCE = 0.95
# A person who ticks 4 holds something between 3.5 and 4.5: rounding alone has this standard deviation (Sheppard 1898),
# so people who all tick the same box do not make us certain.
ROUNDING = 1 / math.sqrt(12)

# One person's answers: item code to 1..5, or None for "don't know"; an item not answered is absent.
Answers = Mapping[str, int | None]


@dataclass(frozen=True)
class Estimate:
    """A mean on the scale of 1 to 5, its 95% interval, how many people it rests on, and their standard deviation."""

    mean: float
    low: float
    high: float
    people: int
    spread: float

    @property
    def is_of_everybody(self) -> bool:
        """Whether nobody who was asked is missing, so that nothing is left open."""
        return self.low == self.high


@dataclass(frozen=True)
class ItemSummary:
    """``estimate`` is None where nobody had a view; ``dont_know`` is a share of those who answered the item."""

    estimate: Estimate | None
    dont_know: float
    counts: Mapping[int, int]


@dataclass(frozen=True)
class PersonScores:
    """One person's scores by code; a scale they gave too few views on is absent."""

    atoms: Mapping[str, float]
    characteristics: Mapping[str, float]
    groups: Mapping[str, float]
    overall: float | None


@dataclass(frozen=True)
class Summary:
    """A round's scores; a scale on which nobody has a score is absent."""

    invited: int
    answered: int
    overall: Estimate | None
    groups: Mapping[str, Estimate]
    characteristics: Mapping[str, Estimate]
    atoms: Mapping[str, Estimate]
    topics: Mapping[str, Estimate]
    items: Mapping[str, ItemSummary]
    dont_know: float


def estimate(scores: Sequence[float], population: int) -> Estimate | None:
    """The mean of ``scores`` and its interval for a population of that many people; None without scores.

    Student's t with the finite population correction, standard error s/√n·√(1 − n/N) (Cochran 1977, Sampling
    Techniques, section 2.6): where everybody answered, the mean of everybody is known. The standard deviation is at
    least that of rounding to whole points. One score alone has an interval of the whole scale.
    """
    people = len(scores)
    if not people:
        return None
    mean = fmean(scores)
    if people == 1:
        return Estimate(mean, LEAST, MOST, 1, 0.0)
    spread = stdev(scores)
    unseen = max(0.0, 1 - people / max(population, people))
    error = max(spread, ROUNDING) / math.sqrt(people) * math.sqrt(unseen)
    reach = two_sided(CONFIDENCE, people - 1) * error
    return Estimate(mean, max(LEAST, mean - reach), min(MOST, mean + reach), people, spread)


def half_rule(parts: Sequence[float | None]) -> float | None:
    """The mean of the parts that are there, where those are at least half."""
    there = [part for part in parts if part is not None]
    return fmean(there) if there and 2 * len(there) >= len(parts) else None


def score_person(instrument: Instrument, answers: Answers) -> PersonScores:
    """One person's scores. Items that the instrument does not know are passed over."""
    atoms = _scores(instrument.items_by_atom, answers.get)
    characteristics = _scores(instrument.atoms_by_characteristic, atoms.get)
    groups = _scores(instrument.characteristics_by_group, characteristics.get)
    overall = half_rule([characteristics.get(one.code) for one in instrument.characteristics])
    return PersonScores(atoms, characteristics, groups, overall)


def _scores(wholes: Mapping[str, Sequence[str]], part: Callable[[str], float | None]) -> dict[str, float]:
    scored = {whole: half_rule([part(code) for code in parts]) for whole, parts in wholes.items()}
    return {whole: score for whole, score in scored.items() if score is not None}


def summarise(instrument: Instrument, responses: Sequence[Answers], invited: int) -> Summary:
    """The scores of a round in which ``invited`` people were asked. The order of ``responses`` changes nothing."""
    people = [score_person(instrument, answers) for answers in responses]
    topics = [_scores(instrument.items_by_topic, answers.get) for answers in responses]
    items = {item.code: summarise_item(item.code, responses, invited) for item in instrument.items}
    given = [value for answers in responses for code, value in answers.items() if code in items]
    return Summary(
        invited=max(invited, len(responses)),
        answered=len(responses),
        overall=estimate_overall(people, invited),
        groups=_estimates([one.groups for one in people], invited),
        characteristics=_estimates([one.characteristics for one in people], invited),
        atoms=_estimates([one.atoms for one in people], invited),
        topics=_estimates(topics, invited),
        items=items,
        dont_know=given.count(None) / len(given) if given else 0.0,
    )


def estimate_overall(people: Sequence[PersonScores], invited: int) -> Estimate | None:
    """The overall mean over ``people``, of so many ``invited``; None where nobody has an overall score."""
    return estimate([one.overall for one in people if one.overall is not None], invited)


def _estimates(scores: Sequence[Mapping[str, float]], invited: int) -> dict[str, Estimate]:
    codes = sorted({code for one in scores for code in one})
    found = {code: estimate([one[code] for one in scores if code in one], invited) for code in codes}
    return {code: made for code, made in found.items() if made is not None}


def summarise_item(item: str, responses: Sequence[Answers], invited: int) -> ItemSummary:
    given = [answers[item] for answers in responses if item in answers]
    values = [value for value in given if value is not None]
    counts = Counter(values)
    return ItemSummary(
        estimate=estimate([float(value) for value in values], invited),
        dont_know=given.count(None) / len(given) if given else 0.0,
        counts={value: counts[value] for value in range(LEAST, MOST + 1)},
    )
