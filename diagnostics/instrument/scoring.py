"""From answers to means, with what a small number of them leaves open.

One person's score for an atom is the mean of the items they answered, for a characteristic the mean of its atoms, for
a group the mean of its characteristics, and overall the mean of the characteristics. Where a person gave a view on
fewer than half of the parts, or of the items behind them, there is no score for the whole (the half rule: Fairclough
and Cella 1996). "Don't know" is no view.

A scale's mean is the mean over people, each counting once, where whoever has a view on any of its items has one on all.
Else it is the mean of its parts' means (``over_parts``): over people's own scores it would differ from these by what
those few said who passed an item by, and give it away.

Where each organisation counts once in place of each person (``Groups``), a mean is the mean of its groups' means, and
the rest is the same.
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

# The group of organisations that do not count of their own; no organisation's name is empty.
OTHERS = ""

# One person's answers: item code to 1..5, or None for "don't know"; an item not answered is absent.
Answers = Mapping[str, int | None]


@dataclass(frozen=True)
class Estimate:
    """A mean on the scale of 1 to 5, its 95% interval, how many people it rests on, and their standard deviation.

    Over groups ``spread`` is what gives the standard error of the mean when divided by the root of ``people``, and
    ``freedom`` the degrees of freedom of that; 0 where they are those of people.
    """

    mean: float
    low: float
    high: float
    people: int
    spread: float
    freedom: int = 0

    @property
    def degrees(self) -> int:
        return self.freedom or self.people - 1

    @property
    def is_of_everybody(self) -> bool:
        """Whether nobody who was asked is missing, so that nothing is left open."""
        return self.low == self.high


@dataclass(frozen=True)
class Groups:
    """The group of each person, in the order of their answers, and how many were asked of each group; ``others`` names
    the organisations that count together in one, and ``joined`` those among them that are large enough themselves.
    """

    of: Sequence[str]
    invited: Mapping[str, int]
    others: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()

    @property
    def own(self) -> frozenset[str]:
        """The organisations that count of their own."""
        return frozenset(self.of) - {OTHERS}

    def with_others(self, own: AbstractSet[str]) -> Groups:
        """The same with all but these in one group."""
        invited: Counter[str] = Counter()
        for group, number in self.invited.items():
            invited[group if group in own else OTHERS] += number
        others = self.others | (set(self.of) - own - {OTHERS})
        return Groups([group if group in own else OTHERS for group in self.of], invited, others)

    def without_others(self) -> Groups:
        """The same of those alone who are in the group of an organisation of its own."""
        invited = {group: number for group, number in self.invited.items() if group != OTHERS}
        return Groups([group for group in self.of if group != OTHERS], invited)

    def among(self, number: int) -> list[list[int]]:
        """Who is in each group, by their place among ``number`` people."""
        if number != len(self.of):
            raise ValueError("Everybody who answered is in a group.")
        return [[place for place, group in enumerate(self.of) if group == one] for one in sorted(set(self.of))]


@dataclass(frozen=True)
class Spread:
    """How answers spread: of all views the share at each point of the scale, and of all answers the share that were
    "don't know". Over groups each is the mean of the groups' shares.
    """

    shares: Mapping[int, float]
    dont_know: float


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
    # Of the answers to these items; None where there is no view on any.
    dont_know: float | None


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


def over_groups(scores: Sequence[float | None], groups: Groups) -> Estimate | None:
    """The mean of the groups' means, each counting once; None where anybody's group has no score at all.

    Each group is a sample of those asked of it, so this is the mean of a stratified sample in which every stratum
    weighs the same, with the finite population correction in each: Cochran 1977, Sampling Techniques, section 5.4; its
    degrees of freedom are Satterthwaite's (1946), his 5.16, rounded down. The spread in each has its floor, as above.
    """
    each: list[tuple[float, float, float, int]] = []
    for places in groups.among(len(scores)):
        given = [score for place in places if (score := scores[place]) is not None]
        if not given:
            return None
        asked = max(groups.invited.get(groups.of[places[0]], 0), len(given))
        within = max(stdev(given), ROUNDING) if len(given) > 1 else float(MOST - LEAST)
        each.append((fmean(given), within**2 / len(given), 1 - len(given) / asked, max(1, len(given) - 1)))
    if not each:
        return None
    number, people = len(each), sum(score is not None for score in scores)
    mean = fmean(one for one, *_ in each)
    parts = [(variance / number**2, unseen, degrees) for _, variance, unseen, degrees in each]
    whole = sum(part for part, *_ in parts)
    freedom = whole**2 / sum(part**2 / degrees for part, _, degrees in parts)
    unknown = [(part * unseen, degrees) for part, unseen, degrees in parts]
    left = sum(part for part, _ in unknown)
    spread = math.sqrt(whole * people)
    if not left:
        return Estimate(mean, mean, mean, people, spread, _whole(freedom))
    reach = two_sided(CONFIDENCE, _whole(left**2 / sum(part**2 / of for part, of in unknown))) * math.sqrt(left)
    return Estimate(mean, max(LEAST, mean - reach), min(MOST, mean + reach), people, spread, _whole(freedom))


def _whole(degrees: float) -> int:
    """Degrees of freedom rounded down: a little wider, never narrower. 13.999… is 14 that was worked out."""
    return max(1, math.floor(round(degrees, 6)))


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
        freedom=min(one.freedom for one in parts),
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


def summarise(
    instrument: Instrument, responses: Sequence[Answers], invited: int, groups: Groups | None = None
) -> Summary:
    """The scores of a round in which ``invited`` people were asked, over people or, where there are any, over groups.

    The order of ``responses`` changes nothing.
    """
    people = [score_person(instrument, answers) for answers in responses]
    spread = spread_of(list(instrument.item_by_code), responses, groups)
    topics = [_scores(instrument.items_by_topic, answers.get) for answers in responses]
    items = {item.code: summarise_item(item.code, responses, invited, groups) for item in instrument.items}
    views = [frozenset(code for code in items if answers.get(code) is not None) for answers in responses]
    made = _Scales(set(views), invited, groups)
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
            [one.overall for one in people],
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
        dont_know=spread.dont_know if spread else None,
    )


def spread_of(items: Sequence[str], responses: Sequence[Answers], groups: Groups | None = None) -> Spread | None:
    """How all answers to these statements spread; None where anybody's group, or everybody, has no view on any."""
    places = [list(range(len(responses)))] if groups is None else groups.among(len(responses))
    each = []
    for some in places:
        given = [responses[place][item] for place in some for item in items if item in responses[place]]
        views = Counter(value for value in given if value is not None)
        if not views:
            return None
        shares = {value: views[value] / views.total() for value in range(LEAST, MOST + 1)}
        each.append(Spread(shares, given.count(None) / len(given)))
    if not each:
        return None
    shares = {value: fmean(one.shares[value] for one in each) for value in range(LEAST, MOST + 1)}
    return Spread(shares, fmean(one.dont_know for one in each))


@dataclass(frozen=True)
class _Scales:
    """``views`` are the sets of items on which anybody has one."""

    views: AbstractSet[frozenset[str]]
    invited: int
    groups: Groups | None

    def estimates(
        self,
        scores: Sequence[Mapping[str, float]],
        items: Mapping[str, Sequence[str]],
        parts: Mapping[str, Sequence[str]],
        of_parts: Mapping[str, Estimate],
    ) -> dict[str, Estimate]:
        found = {
            code: self.estimate(
                [one.get(code) for one in scores],
                items[code],
                [of_parts[part] for part in parts[code] if part in of_parts],
            )
            for code in sorted(items)
        }
        return {code: made for code, made in found.items() if made is not None}

    def estimate(
        self, scores: Sequence[float | None], items: Sequence[str], of_parts: Sequence[Estimate]
    ) -> Estimate | None:
        """Over people, or groups of them, where nobody passed some of the items by, else over the parts; None where
        nobody has a score.
        """
        there = sum(score is not None for score in scores)
        if there and any(0 < len(views.intersection(items)) < len(items) for views in self.views):
            return over_parts(of_parts, there)
        return _over(scores, self.invited, self.groups)


def _over(scores: Sequence[float | None], invited: int, groups: Groups | None) -> Estimate | None:
    if groups is None:
        return estimate([score for score in scores if score is not None], invited)
    return over_groups(scores, groups)


def summarise_item(item: str, responses: Sequence[Answers], invited: int, groups: Groups | None = None) -> ItemSummary:
    given = [answers[item] for answers in responses if item in answers]
    counts = Counter(value for value in given if value is not None)
    views = [None if (value := answers.get(item)) is None else float(value) for answers in responses]
    return ItemSummary(
        estimate=_over(views, invited, groups),
        dont_know=given.count(None) / len(given) if given else 0.0,
        counts={value: counts[value] for value in range(LEAST, MOST + 1)},
    )
