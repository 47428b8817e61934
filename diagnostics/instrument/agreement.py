"""How far people agree with each other, and how much of what they say differs between partnerships.

A mean of 3 can be nine people who are lukewarm or five who are glad and four who are not; only the second needs a
conversation. Three published measures tell them apart:

* r*wg (Lindell, Brandt and Whitney 1999): the spread of answers against the widest there could be, half of the
  people at either end of the scale. 1 is one voice, 0 is two camps;
* rwg(j) (James, Demaree and Wolf 1984): several items at once, against answers given at random;
* ICC(1) and ICC(2) (Shrout and Fleiss 1979; Bliese 2000): over several partnerships, how much of one person's answer
  is owed to the partnership they speak of, and how far the partnerships' means can be told apart.

Over several items all of them take the mean of the items' variances, never the variance of people's means: people who
answer each statement at random have means that lie close together, and agree on nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from diagnostics.instrument.definition import LEAST, MOST

POINTS = MOST - LEAST + 1
# Of answers that are given at random, each point as likely as the next (James, Demaree and Wolf 1984).
RANDOM_VARIANCE = (POINTS**2 - 1) / 12


class Agreement(enum.Enum):
    """In words. The edges are spreads that mean something, since r*wg has no customary ones of its own.

    ``AGREE``: the variance is at most 0.6, where the older rwg has its customary 0.70. ``DIVIDED``: it is wider than
    that of answers given at random, which people only reach by taking sides.
    """

    AGREE = "people agree"
    DIFFER = "views differ"
    DIVIDED = "views are divided"


# From which ICC(2) on means are customarily taken to differ reliably (Bliese 2000).
RELIABLE = 0.7
AGREED_VARIANCE = 0.3 * RANDOM_VARIANCE


def widest_variance(people: int) -> float:
    """The largest sample variance that so many scores on the scale can have: half of them at either end.

    Raises ValueError under two people, who cannot differ.
    """
    if people < 2:
        raise ValueError("It takes two people to differ.")
    at_the_top = people // 2
    share = at_the_top / people
    return share * (1 - share) * (MOST - LEAST) ** 2 * people / (people - 1)


def r_star_wg(items: Sequence[Sequence[float]]) -> float | None:
    """r*wg of one item or several, each with its people's answers, 0 to 1; None where no item has two.

    Over several it is their r*wg(j): 1 − the mean of the items' variances against the widest that mean could be
    (Lindell, Brandt and Whitney 1999), which more items alone do not raise.
    """
    spreads = _variances(items)
    if not spreads:
        return None
    return 1 - fmean(spreads) / fmean(widest_variance(len(answers)) for answers in items if len(answers) > 1)


def in_words(items: Sequence[Sequence[float]]) -> Agreement | None:
    """How far people agree on one item or several, by the mean of the items' variances; None where no item has two."""
    return words_of(_variances(items))


def words_of(variances: Sequence[float]) -> Agreement | None:
    """The same from the items' variances."""
    if not variances:
        return None
    spread = fmean(variances)
    if spread <= AGREED_VARIANCE:
        return Agreement.AGREE
    return Agreement.DIFFER if spread <= RANDOM_VARIANCE else Agreement.DIVIDED


def variance_over(groups: Sequence[Sequence[float]]) -> float | None:
    """The variance of views of which each group's weigh the same together; None of one alone, or of a group without.

    Σw(x − m)² / (1 − Σw²) with weights that add up to 1: the sample variance where all groups are as large.
    """
    if not groups or not all(groups) or sum(map(len, groups)) < 2:
        return None
    mean = fmean(fmean(views) for views in groups)
    squares = fmean(fmean((view - mean) ** 2 for view in views) for views in groups)
    return squares / (1 - fmean(1 / len(views) for views in groups) / len(groups))


def r_wg_j(items: Sequence[Sequence[float]]) -> float | None:
    """rwg(j) of several items, each with its people's answers; None where no item has two.

    Where people differ more than at random the formula leaves its range, and 0 is what its authors put there.
    """
    variances = _variances(items)
    if not variances:
        return None
    ratio = fmean(variances) / RANDOM_VARIANCE
    if ratio >= 1:
        return 0.0
    agreed = len(variances) * (1 - ratio)
    return agreed / (agreed + ratio)


def _variances(items: Sequence[Sequence[float]]) -> list[float]:
    return [variance(answers) for answers in items if len(answers) > 1]


@dataclass(frozen=True)
class BetweenGroups:
    """``icc1``: how much of the spread of single people's scores lies between the groups (negative where people of one
    group differ more than groups do). ``icc2``: how reliably the groups' means are told apart.
    """

    icc1: float
    icc2: float
    groups: int
    people: int

    @property
    def can_be_told_apart(self) -> bool:
        return self.icc2 >= RELIABLE

    @property
    def share(self) -> int:
        """What lies between the groups, in percent; nothing where it is less than nothing."""
        return max(0, round(100 * self.icc1))


def between(groups: Sequence[Sequence[float]]) -> BetweenGroups | None:
    """ICC(1) and ICC(2) by one-way analysis of variance; groups of one person or none are left out.

    Groups of unequal size count as their customary average, k = (N − Σnᵢ²/N)/(G − 1) (Haggard 1958). None where there
    are fewer than two groups, or nobody differs from anybody.
    """
    groups = [group for group in groups if len(group) > 1]
    people = sum(map(len, groups))
    if len(groups) < 2:
        return None
    overall = fmean([score for group in groups for score in group])
    between_squares = sum(len(group) * (fmean(group) - overall) ** 2 for group in groups)
    within_squares = sum((len(group) - 1) * variance(group) for group in groups)
    between_mean = between_squares / (len(groups) - 1)
    within_mean = within_squares / (people - len(groups))
    size = (people - sum(len(group) ** 2 for group in groups) / people) / (len(groups) - 1)
    if between_mean == 0:
        return None
    icc1 = (between_mean - within_mean) / (between_mean + (size - 1) * within_mean)
    return BetweenGroups(icc1, 1 - within_mean / between_mean, len(groups), people)
