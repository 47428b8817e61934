from decimal import Decimal

import pytest

from partnerships.estimates import Estimate, range_around, with_suggestions
from partnerships.models import CapacityPool, EngagementLevel

SHARES = ["0", "0.1", "0.35", "1"]
LADDER = [EngagementLevel(pk=n, position=n, share_of_days=Decimal(share)) for n, share in enumerate(SHARES)]
NOTHING, LEAST, MIDDLE, TOP = LADDER
POOL, OTHER = CapacityPool(pk=1), CapacityPool(pk=2)


def exactly(days: int) -> Estimate:
    return Estimate(Decimal(days), Decimal(days), Decimal(days))


def test_one_number_at_the_top_suggests_the_rest() -> None:
    recorded = {(TOP.pk, POOL.pk): Estimate(Decimal(8), Decimal(10), Decimal(11))}
    grid = with_suggestions(recorded, LADDER, [POOL])
    assert grid[TOP.pk, POOL.pk] == recorded[TOP.pk, POOL.pk]
    assert grid[MIDDLE.pk, POOL.pk] == Estimate(Decimal("2.45"), Decimal("3.50"), Decimal("4.55"), is_suggested=True)
    assert grid[NOTHING.pk, POOL.pk] == Estimate(Decimal(0), Decimal(0), Decimal(0), is_suggested=True)


def test_today_is_enough_to_suggest_upwards() -> None:
    grid = with_suggestions({(MIDDLE.pk, POOL.pk): exactly(7)}, LADDER, [POOL])
    top = grid[TOP.pk, POOL.pk]
    assert top is not None
    assert top.likely == Decimal(20)
    assert top.is_suggested


def test_the_nearest_level_speaks_and_of_two_as_near_the_higher() -> None:
    recorded = {(LEAST.pk, POOL.pk): exactly(3), (TOP.pk, POOL.pk): exactly(10)}
    middle = with_suggestions(recorded, LADDER, [POOL])[MIDDLE.pk, POOL.pk]
    assert middle is not None
    assert middle.likely == Decimal("3.5")


def test_a_pool_with_nothing_to_go_by_stays_empty() -> None:
    grid = with_suggestions({(TOP.pk, POOL.pk): exactly(10)}, LADDER, [POOL, OTHER])
    assert {cell for cell, estimate in grid.items() if estimate is None} == {(level.pk, OTHER.pk) for level in LADDER}


def test_the_work_of_leaving_says_nothing_of_other_levels() -> None:
    grid = with_suggestions({(NOTHING.pk, POOL.pk): exactly(4)}, LADDER, [POOL])
    assert grid[NOTHING.pk, POOL.pk] == exactly(4)
    assert grid[TOP.pk, POOL.pk] is None


@pytest.mark.parametrize("likely", ["0", "0.01", "0.1", "3.33", "10000"])
def test_a_range_is_always_in_order(likely: str) -> None:
    estimate = range_around(Decimal(likely))
    assert 0 <= estimate.low <= estimate.likely <= estimate.high
