"""Days that nobody estimated: they follow from those that somebody did."""

from __future__ import annotations

from decimal import Decimal

from partnerships.estimates import Cell, Estimate
from partnerships.models import CapacityPool, EngagementLevel
from scoring.runner.days import Days, days_of, typical_days

LEVELS = [
    EngagementLevel(pk=number, code=code, position=number, share_of_days=Decimal(share))
    for number, (code, share) in enumerate(
        [("decline", "0"), ("keep-in-touch", "0.10"), ("sustain", "0.35"), ("prioritise", "1")]
    )
]
EXECUTIVE, CLINICAL = CapacityPool(pk=1, code="executive"), CapacityPool(pk=2, code="clinical")
POOLS = [EXECUTIVE, CLINICAL]


def needed(level: str, likely: str, pool: CapacityPool = EXECUTIVE) -> dict[Cell, Estimate]:
    [rung] = [one for one in LEVELS if one.code == level]
    days = Decimal(likely)
    return {(rung.pk, pool.pk): Estimate(days - 1, days, days + 2)}


def likely(days: Days | None) -> dict[str, dict[str, str]]:
    return {
        pool: {code: f"{one.likely}" + ("?" if one.is_suggested else "") for code, one in by_level.items()}
        for pool, by_level in (days or {}).items()
    }


def test_from_the_top_level_the_others_follow_by_their_shares() -> None:
    days = days_of(needed("prioritise", "10"), LEVELS, POOLS)
    assert likely(days) == {"executive": {"keep-in-touch": "1.00?", "sustain": "3.50?", "prioritise": "10"}}
    assert days is not None
    assert days["executive"]["sustain"] == Estimate(Decimal("2.45"), Decimal("3.50"), Decimal("4.55"), True)


def test_from_todays_level_alone_the_top_follows_upwards() -> None:
    assert likely(days_of(needed("sustain", "7"), LEVELS, POOLS))["executive"]["prioritise"] == "20.00?"


def test_leaving_costs_days_only_where_somebody_says_so() -> None:
    assert likely(days_of(needed("decline", "2"), LEVELS, POOLS)) == {"executive": {"decline": "2"}}


def test_a_partnership_may_use_one_pool_and_leave_the_other() -> None:
    assert set(likely(days_of(needed("sustain", "7", CLINICAL), LEVELS, POOLS))) == {"clinical"}


def test_days_of_a_pool_without_a_limit_do_not_make_a_partnership_unknown() -> None:
    assert days_of(needed("sustain", "7", CLINICAL), LEVELS, [EXECUTIVE]) == {}


def test_nobody_estimated_is_not_the_same_as_nothing() -> None:
    assert days_of({}, LEVELS, POOLS) is None


def test_nobody_estimated_means_what_the_others_typically_need() -> None:
    others = [
        days_of(needed("prioritise", "4"), LEVELS, POOLS),
        days_of(needed("sustain", "7"), LEVELS, POOLS),
        days_of(needed("prioritise", "9") | needed("prioritise", "30", CLINICAL), LEVELS, POOLS),
    ]
    typical = typical_days([one for one in others if one is not None], LEVELS, POOLS)
    assert likely(typical) == {  # the middle of 4, 20 and 9; two of three leave the clinical pool alone
        "executive": {"keep-in-touch": "0.90?", "sustain": "3.15?", "prioritise": "9.00?"}
    }
    assert typical_days([], LEVELS, POOLS) == {}
