"""Against the printed tables of Student's t, and an independent library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from diagnostics.instrument.student import two_sided, within

# Two-sided 95 %, 90 % and 99 % points as printed in any table.
PRINTED = [
    (0.95, 1, 12.706),
    (0.95, 2, 4.303),
    (0.95, 4, 2.776),
    (0.95, 5, 2.571),
    (0.95, 9, 2.262),
    (0.95, 30, 2.042),
    (0.95, 120, 1.980),
    (0.90, 3, 2.353),
    (0.99, 10, 3.169),
]


@pytest.mark.parametrize(("confidence", "degrees", "printed"), PRINTED)
def test_two_sided_points(confidence: float, degrees: int, printed: float) -> None:
    assert two_sided(confidence, degrees) == pytest.approx(printed, abs=0.0005)


@given(st.floats(0.5, 0.999), st.integers(1, 3000))
def test_any_point_is_that_of_another_library(confidence: float, degrees: int) -> None:
    assert two_sided(confidence, degrees) == pytest.approx(stats.t.ppf((1 + confidence) / 2, degrees), rel=1e-7)


def test_nothing_lies_within_nothing() -> None:
    assert within(0, 5) == 0
    assert within(0, 6) == 0


@pytest.mark.parametrize("degrees", [0, -1])
def test_no_degrees_of_freedom(degrees: int) -> None:
    with pytest.raises(ValueError, match="one degree"):
        within(1, degrees)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        two_sided(confidence, 5)
