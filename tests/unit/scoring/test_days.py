"""Days that nobody estimated: they follow from those that somebody did."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scoring.runner.days import Range, Rung, fill, spread, typical

LADDER = [
    Rung("decline", Decimal(0)),
    Rung("keep-in-touch", Decimal("0.10")),
    Rung("sustain", Decimal("0.35")),
    Rung("prioritise", Decimal(1)),
]


def days(low: str, likely: str, high: str) -> Range:
    return Decimal(low), Decimal(likely), Decimal(high)


def test_from_the_top_level_the_others_follow_by_their_shares() -> None:
    filled, derived = fill(LADDER, {"prioritise": days("8", "10", "14")})
    assert filled["prioritise"] == days("8", "10", "14")
    assert filled["sustain"] == days("2.45", "3.50", "4.55")
    assert filled["keep-in-touch"] == days("0.70", "1.00", "1.30")
    assert "decline" not in filled
    assert derived == {"sustain", "keep-in-touch"}


def test_from_todays_level_alone_the_top_follows_upwards() -> None:
    filled, derived = fill(LADDER, {"sustain": days("6", "7", "8")})
    assert filled["prioritise"] == days("14.00", "20.00", "26.00")
    assert derived == {"prioritise", "keep-in-touch"}


def test_the_nearest_estimate_counts() -> None:
    filled, _ = fill(LADDER, {"sustain": days("5", "5", "5"), "prioritise": days("6", "6", "6")})
    assert filled["keep-in-touch"][1] == Decimal("1.43")  # from sustain, not from the top


def test_leaving_costs_days_only_where_somebody_says_so() -> None:
    filled, derived = fill(LADDER, {"decline": days("1", "2", "3")})
    assert filled == {"decline": days("1", "2", "3")}
    assert derived == set()


def test_nobody_estimated_means_what_the_others_typically_need() -> None:
    others = [
        {"prioritise": days("4", "4", "4")},
        {"sustain": days("7", "7", "7")},
        {"prioritise": days("9", "9", "9")},
    ]
    assert typical(LADDER, others)["prioritise"][1] == Decimal("9.00")  # 4, 20 and 9
    assert typical(LADDER, others)["sustain"][1] == Decimal("3.15")
    assert typical(LADDER, []) == {}
    assert typical(LADDER, [{}, {}, {"prioritise": days("4", "4", "4")}]) == {}  # most use none of this pool


@given(st.decimals(min_value=0, max_value=90_000, places=2))
def test_a_range_is_in_order_and_not_negative(likely: Decimal) -> None:
    low, middle, high = spread(likely)
    assert 0 <= low <= middle <= high
    assert middle == likely
