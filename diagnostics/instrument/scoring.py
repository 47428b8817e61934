"""From answers to means, with what a small number of them leaves open.

One person's score for an atom is the mean of the items they answered, for a characteristic the mean of its atoms, for
a group the mean of its characteristics, and overall the mean of the characteristics. Where a person gave a view on
fewer than half of the parts, or of the items behind them, there is no score for the whole (the half rule: Fairclough
and Cella 1996). "Don't know" is no view.

A scale's mean is the mean over people, each counting once, where whoever has a view on any of its items has one on all.
Else it is the mean of its parts' means (``over_parts``): over people's own scores it would differ from these by what
those few said who passed an item by, and give it away.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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


def over_parts(parts: Sequence[Estimate], people: int) -> Estimate:
    """The mean of the means of ``parts``, at least one, each counting the same: it tells nothing that they do not.

    However the parts hang together, the standard error of their mean is at most the mean of their standard errors
    (Minkowski's inequality), so the interval may be wider than it need be and is never narrower.
    """
    error = fmean(max(one.spread, ROUNDING) / math.sqrt(one.people) for one in parts)
    return Estimate(
        mean=fmean(one.mean for one in parts),
        low=fmean(one.low for one in parts),
        high=fmean(one.high for one in parts),
        people=people,
        spread=error * math.sqrt(people),
    )


def score_person(instrument: Instrument, answers: Mapping[str, float | None]) -> PersonScores:
    """One person's scores. Items that the instrument does not know are passed over."""
    views = {item for item, value in answers.items() if value is not None}
    atoms = _scores(instrument.items_by_atom, answers.get)
    of_atoms = _scores(instrument.atoms_by_characteristic, atoms.get)
    characteristics = _heard(of_atoms, instrument.items_by_characteristic, views)
    of_characteristics = _scores(instrument.characteristics_by_group, characteristics.get)
    groups = _heard(of_characteristics, instrument.items_by_group, views)
    overall = half_rule([characteristics.get(one.code) for one in instrument.characteristics])
    if not _is_half(instrument.items_on_the_eight, views):
        overall = None
    return PersonScores(atoms, characteristics, groups, overall)


def _heard(
    scores: Mapping[str, float], items: Mapping[str, Sequence[str]], views: AbstractSet[str]
) -> dict[str, float]:
    """The scores for which there is a view on half of the items: half of the half of the parts is not enough."""
    return {code: score for code, score in scores.items() if _is_half(items[code], views)}


def _is_half(items: Sequence[str], views: AbstractSet[str]) -> bool:
    return 2 * sum(item in views for item in items) >= len(items)


def _scores(wholes: Mapping[str, Sequence[str]], part: Callable[[str], float | None]) -> dict[str, float]:
    scored = {whole: half_rule([part(code) for code in parts]) for whole, parts in wholes.items()}
    return {whole: score for whole, score in scored.items() if score is not None}


def summarise(instrument: Instrument, responses: Sequence[Answers], invited: int) -> Summary:
    """The scores of a round in which ``invited`` people were asked. The order of ``responses`` changes nothing."""
    people = [score_person(instrument, answers) for answers in responses]
    topics = [_scores(instrument.items_by_topic, answers.get) for answers in responses]
    items = {item.code: summarise_item(item.code, responses, invited) for item in instrument.items}
    views = [frozenset(code for code in items if answers.get(code) is not None) for answers in responses]
    made = _Scales(set(views), invited)
    of_items = {code: one.estimate for code, one in items.items() if one.estimate is not None}
    atoms = made.estimates([one.atoms for one in people], instrument.items_by_atom, instrument.items_by_atom, of_items)
    characteristics = made.estimates(
        [one.characteristics for one in people],
        instrument.items_by_characteristic,
        instrument.atoms_by_characteristic,
        atoms,
    )
    return Summary(
        invited=max(invited, len(responses)),
        answered=len(responses),
        overall=made.estimate(
            [one.overall for one in people if one.overall is not None],
            instrument.items_on_the_eight,
            list(characteristics.values()),
        ),
        groups=made.estimates(
            [one.groups for one in people],
            instrument.items_by_group,
            instrument.characteristics_by_group,
            characteristics,
        ),
        characteristics=characteristics,
        atoms=atoms,
        topics=made.estimates(topics, instrument.items_by_topic, instrument.items_by_topic, of_items),
        items=items,
        dont_know=share_unknown(instrument, responses),
    )


def share_unknown(instrument: Instrument, responses: Sequence[Answers]) -> float:
    """How many of the answers were "don't know"."""
    given = [value for answers in responses for code, value in answers.items() if code in instrument.item_by_code]
    return given.count(None) / len(given) if given else 0.0


@dataclass(frozen=True)
class _Scales:
    """``views`` are the sets of items on which anybody has one."""

    views: AbstractSet[frozenset[str]]
    invited: int

    def estimates(
        self,
        scores: Sequence[Mapping[str, float]],
        items: Mapping[str, Sequence[str]],
        parts: Mapping[str, Sequence[str]],
        of_parts: Mapping[str, Estimate],
    ) -> dict[str, Estimate]:
        found = {
            code: self.estimate(
                [one[code] for one in scores if code in one],
                items[code],
                [of_parts[part] for part in parts[code] if part in of_parts],
            )
            for code in sorted(items)
        }
        return {code: made for code, made in found.items() if made is not None}

    def estimate(self, scores: Sequence[float], items: Sequence[str], of_parts: Sequence[Estimate]) -> Estimate | None:
        """Over people where nobody passed some of the items by, else over the parts; None where nobody has a score."""
        if scores and any(0 < len(views.intersection(items)) < len(items) for views in self.views):
            return over_parts(of_parts, len(scores))
        return estimate(scores, self.invited)


def summarise_item(item: str, responses: Sequence[Answers], invited: int) -> ItemSummary:
    given = [answers[item] for answers in responses if item in answers]
    values = [value for value in given if value is not None]
    counts = Counter(values)
    return ItemSummary(
        estimate=estimate([float(value) for value in values], invited),
        dont_know=given.count(None) / len(given) if given else 0.0,
        counts={value: counts[value] for value in range(LEAST, MOST + 1)},
    )
