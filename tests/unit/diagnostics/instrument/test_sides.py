"""Means and differences over partnerships against an independent library, and what is said of a gap."""

from __future__ import annotations

from statistics import fmean, stdev

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from diagnostics.instrument.change import Change
from diagnostics.instrument.scoring import ROUNDING, Estimate
from diagnostics.instrument.sides import Beside, difference_over_partnerships, finding, over_partnerships

FLOOR = ROUNDING / 5**0.5
means = st.lists(st.floats(1, 5), min_size=2, max_size=12)


@given(means)
def test_the_mean_over_partnerships_has_students_interval(values: list[float]) -> None:
    assume(stdev(values) > FLOOR)
    made = over_partnerships(values, fewest=5)
    assert made is not None
    reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    assert made.mean == pytest.approx(numpy.mean(values))
    assert made.low == pytest.approx(max(1, numpy.mean(values) - reach))
    assert made.high == pytest.approx(min(5, numpy.mean(values) + reach))
    assert made.people == len(values)


@given(st.lists(st.tuples(st.floats(1, 5), st.floats(1, 5)), min_size=2, max_size=12))
def test_the_gap_over_partnerships_is_the_paired_t(pairs: list[tuple[float, float]]) -> None:
    partners, ours = zip(*pairs, strict=True)
    assume(stdev(numpy.subtract(ours, partners)) > FLOOR * 2**0.5)
    made = difference_over_partnerships(pairs, fewest=5)
    assert made is not None
    exact = stats.ttest_rel(ours, partners).confidence_interval(0.95)
    assert (made.low, made.high) == pytest.approx((exact.low, exact.high))
    assert (made.before, made.after) == pytest.approx((fmean(partners), fmean(ours)))


def test_partnerships_that_happen_to_agree_are_not_certainty() -> None:
    made = over_partnerships([4.0, 4.0, 4.0], fewest=5)
    assert made is not None
    # By hand: t(2) 4.303, spread 0.2887 / √5 = 0.1291, over √3.
    assert made.high - made.mean == pytest.approx(4.303 * 0.1291 / 3**0.5, abs=0.001)
    gap = difference_over_partnerships([(3.0, 4.0)] * 3, fewest=5)
    assert gap is not None
    assert gap.high - gap.by == pytest.approx(4.303 * 0.1291 * 2**0.5 / 3**0.5, abs=0.001)


def test_one_partnership_alone_says_nothing_of_the_others() -> None:
    made, gap = over_partnerships([4.0], fewest=5), difference_over_partnerships([(1.0, 5.0)], fewest=5)
    assert made is not None
    assert (made.mean, made.low, made.high) == (4.0, 1, 5)
    assert gap is not None
    assert not gap.is_beyond_chance
    assert over_partnerships([], fewest=5) is None
    assert difference_over_partnerships([], fewest=5) is None


def line(name: str, by: float | None, reach: float = 0.3) -> Beside:
    side = Estimate(3.0, 2.8, 3.2, 7, 0.5)
    gap = None if by is None else Change(3.0, 3.0 + by, by - reach, by + reach)
    return Beside(name.lower(), name, side, side if gap else None, gap)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (0.8, "We rate ourselves higher, by 0.8"),
        (-0.5, "Partners rate us higher, by 0.5"),
        (0.2, "Too close to tell"),
        (-0.3, "Too close to tell"),
        (None, ""),
    ],
)
def test_a_gap_in_words(by: float | None, words: str) -> None:
    assert line("Trust", by).in_words == words


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ((0.5, 0, 0), "We rate ourselves higher than partners do"),
        ((-0.5, 0, 0), "Partners rate us higher than we do"),
        ((0.1, 0.4, 0.9), "We rate ourselves higher than partners do on Skills and 1 more"),
        ((0.1, -0.4, 0.1), "Partners rate us higher than we do on Trust"),
        ((0.1, -0.4, 0.9), "We rate ourselves higher than partners do on Skills, and lower on Trust"),
        ((0.1, None, 0.2), "Between partners and us it is too close to tell: no difference is more than chance could"),
    ],
)
def test_the_finding_names_what_differs_most(gaps: tuple[float | None, ...], said: str) -> None:
    made = [line(name, by) for name, by in zip(("Overall", "Trust", "Skills"), gaps, strict=True)]
    assert finding(made).startswith(said)
