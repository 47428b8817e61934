from decimal import Decimal

from partnerships.weighing import shares_of


def test_points_become_shares_of_a_hundred() -> None:
    assert shares_of({1: Decimal(100), 2: Decimal(60), 3: Decimal(40), 4: Decimal(0)}) == {1: 50, 2: 30, 3: 20, 4: 0}


def test_no_points_are_no_shares() -> None:
    assert shares_of({1: Decimal(0)}) == {}
    assert shares_of({}) == {}
