"""How answers to one statement are drawn: dots for few, bars for many."""

from __future__ import annotations

from diagnostics.distribution import MANY, distribution
from diagnostics.instrument import instrument


def test_few_answers_are_dots_and_many_are_bars() -> None:
    few = distribution(instrument(), {1: 0, 2: 2, 3: 0, 4: MANY - 3, 5: 0})
    assert few.in_dots
    assert few.shares[1].dots == [7, 21]
    assert few.shares[1].width == 28
    assert not distribution(instrument(), {4: MANY}).in_dots


def test_shares_are_of_those_with_a_view() -> None:
    made = distribution(instrument(), {1: 1, 2: 2, 4: 1})
    assert [share.percent for share in made.shares] == [25, 50, 0, 25, 0]
    assert (made.views, made.disagreed) == (4, 3)
    assert [share.percent for share in distribution(instrument(), {}).shares] == [0] * 5
