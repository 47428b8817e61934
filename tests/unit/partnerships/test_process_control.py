"""Limits and rules of a process control chart: worked examples, a published one, and an independent calculation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.process_control import (
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

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, flow rates of ten batches: its mean is 50.81, its mean
# moving range 1.8778, and its limits are 55.8041 and 45.8159, with 3 / 1.128 where we have 2.66.
NIST = [Decimal(text) for text in ["49.6", "47.6", "49.9", "51.3", "47.8", "51.2", "52.6", "52.4", "53.6", "52.1"]]
HIGH, LOW = Towards.HIGH, Towards.LOW
EASY = Limits(Fraction(10), Fraction(4), Fraction(16))  # so that from 14 on, and to 6, is close to a limit


def test_the_published_example_comes_out_as_published() -> None:
    limits = limits_of(NIST)
    assert float(limits.mean) == pytest.approx(50.81)
    assert float(limits.upper) == pytest.approx(55.8041, abs=0.001)
    assert float(limits.lower) == pytest.approx(45.8159, abs=0.001)
    assert signals_of(NIST, limits) == [None] * 10


def test_as_the_spreadsheet_of_making_data_count_an_outlier_widens_the_limits() -> None:
    """The figures of the vignette "Deviations from Excel defaults" of NHSRplotthedots: 17 ranges, 15 of them 1, add up
    to 32, so that the limits are 35/18 ± 2.66 × 32/17.
    """
    figures = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    limits = limits_of(figures)
    assert float(limits.mean) == pytest.approx(1.9444, abs=0.0001)
    assert float(limits.upper) == pytest.approx(6.9515, abs=0.0001)
    assert float(limits.lower) == pytest.approx(-3.0627, abs=0.0001)
    found = signals_of(figures, limits)
    assert found[4] == Found(Signal.OUTSIDE, HIGH)
    assert found.count(None) == 17


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=2, max_size=60))
def test_limits_are_what_numpy_makes_of_them(figures: list[Decimal]) -> None:
    array = np.array([float(one) for one in figures])
    reach = 2.66 * np.abs(np.diff(array)).mean()
    limits = limits_of(figures)
    assert float(limits.mean) == pytest.approx(array.mean(), abs=1e-6)
    assert float(limits.upper) == pytest.approx(array.mean() + reach, abs=1e-6)
    assert float(limits.lower) == pytest.approx(array.mean() - reach, abs=1e-6)
    assert float(median_of(figures)) == pytest.approx(np.median(array), abs=1e-6)


@given(st.decimals(-1000, 1000, places=4), st.integers(2, 40))
def test_equal_figures_are_never_a_signal(figure: Decimal, times: int) -> None:
    figures = [figure] * times
    assert signals_of(figures, limits_of(figures)) == [None] * times


def names(figures: list[Any], limits: Limits = EASY) -> str:
    """A letter for each figure: which rule, in capitals where it points up."""
    letters = {Signal.OUTSIDE: "o", Signal.SHIFT: "s", Signal.TREND: "t", Signal.CLOSE: "c"}
    found = signals_of(figures, limits)
    return "".join(
        "." if one is None else letters[one.signal].upper() if one.towards == HIGH else letters[one.signal]
        for one in found
    )


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([17, 9, 11], "O.."),
        ([3, 9, 11], "o.."),
        ([16, 9, 4], "..."),  # on a limit is not outside
        ([11, 12] * 3, "......"),  # six in a row are no shift
        ([*[11, 12] * 3, 11], "SSSSSSS"),
        ([9, *[11, 12] * 4], ".SSSSSSSS"),  # eight are one, too
        ([*[11, 12] * 3, 10, 11], "........"),  # on the mean is on no side, and ends the run
        ([9, 8] * 4, "ssssssss"),
        ([9, 7, 9, 8, 9, 10, 11, 12, 13], "........."),  # six that rise are no trend
        ([9, 7, 8, 9, 10, 11, 12, 13], ".TTTTTTT"),
        ([13, 12, 11, 10, 9, 8, 7, 9], "ttttttt."),
        ([7, 8, 9, 9, 10, 11, 12, 13], "........"),  # two equal ones end a trend
        ([15, 9, 15], "C.C"),
        ([15, 15, 9], "CC."),
        ([15, 9, 9, 15], "...."),  # two in four
        ([15, 9, 5], "..."),  # one at each limit
        ([5, 5, 11], "cc."),
        ([17, 9, 15], "O.C"),  # one beyond the limit is close to it as well
        ([14, 9, 14], "..."),  # on two standard deviations is not beyond them
        ([11, 12, 11, 12, 11, 12, 17], "SSSSSSO"),  # the first rule names it
    ],
)
def test_each_rule_in_a_worked_example(figures: list[int], expected: str) -> None:
    assert names(figures) == expected


@given(st.lists(st.integers(-20, 20), min_size=2, max_size=40))
def test_upside_down_every_signal_points_the_other_way(figures: list[int]) -> None:
    upright = signals_of(figures, limits_of(figures))
    turned = [-one for one in figures]
    mirrored = [one and Found(one.signal, Towards(-one.towards)) for one in upright]
    assert signals_of(turned, limits_of(turned)) == mirrored


@pytest.mark.parametrize(
    ("latest", "better", "expected"),
    [
        (None, HIGH, Variation.COMMON_CAUSE),
        (HIGH, HIGH, Variation.IMPROVEMENT),
        (LOW, HIGH, Variation.CONCERN),
        (LOW, LOW, Variation.IMPROVEMENT),
        (HIGH, LOW, Variation.CONCERN),
        (HIGH, None, Variation.HIGH),
        (LOW, None, Variation.LOW),
    ],
)
def test_variation_is_told_by_the_latest_figure(
    latest: Towards | None, better: Towards | None, expected: Variation
) -> None:
    found = [Found(Signal.SHIFT, HIGH), None if latest is None else Found(Signal.SHIFT, latest)]
    assert variation_of(found, better) == expected
    assert variation_of([], better) == Variation.COMMON_CAUSE


@pytest.mark.parametrize(
    ("target", "higher", "lower"),
    [
        (3, Assurance.WILL_HIT, Assurance.WILL_MISS),
        (4, Assurance.WILL_HIT, Assurance.MAY_HIT),
        (10, Assurance.MAY_HIT, Assurance.MAY_HIT),
        (16, Assurance.MAY_HIT, Assurance.WILL_HIT),
        (17, Assurance.WILL_MISS, Assurance.WILL_HIT),
    ],
)
def test_assurance_compares_the_target_with_the_limits(target: int, higher: Assurance, lower: Assurance) -> None:
    assert assurance_of(EASY, target, HIGH) == higher
    assert assurance_of(EASY, target, LOW) == lower
