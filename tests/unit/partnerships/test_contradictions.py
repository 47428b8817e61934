"""Levels here are 0 out, 1 keep in touch, 2 sustain, 3 prioritise."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.contradictions import Demand, contradiction
from partnerships.models import RuleKind

TOP = 3


def keep(number: int, *members: int, level: int = 2) -> Demand:
    return Demand("keep", RuleKind.AT_LEAST, members, level, at_least=number)


def needs(first: int, level: int, second: int, other_level: int) -> Demand:
    return Demand("needs", RuleKind.NEEDS, (first, second), level, other_level)


def not_both(first: int, second: int, level: int = 2) -> Demand:
    return Demand("not both", RuleKind.NOT_BOTH, (first, second), level)


@pytest.mark.parametrize(
    ("duties", "demands"),
    [
        ({}, []),
        ({1: 2, 2: 1}, [not_both(1, 2)]),
        ({1: 3}, [needs(1, 3, 2, 2), not_both(1, 2, level=3)]),
        ({}, [keep(1, 1, 2), not_both(1, 2)]),
        ({1: 2}, [keep(2, 1, 2, 3), not_both(1, 2)]),
        ({}, [needs(1, 2, 2, 3), needs(2, 2, 1, 3)]),
    ],
)
def test_what_can_be_kept_is_let_through(duties: dict[int, int], demands: list[Demand]) -> None:
    assert contradiction(duties, TOP, demands) is None


@pytest.mark.parametrize(
    ("duties", "demands", "words"),
    [
        ({1: 2, 2: 2}, [not_both(1, 2)], "not both"),
        ({}, [keep(3, 1, 2)], "keep"),
        ({}, [keep(2, 1, 2), not_both(1, 2)], "not both"),
        ({1: 3}, [needs(1, 3, 2, 2), not_both(1, 2, level=2)], "not both"),
        ({3: 2}, [not_both(2, 3), keep(2, 1, 2)], "keep"),
        ({1: 3, 3: 3}, [needs(1, 3, 2, 2), not_both(2, 3)], "not both"),
    ],
)
def test_what_cannot_is_named(duties: dict[int, int], demands: list[Demand], words: str) -> None:
    found = contradiction(duties, TOP, demands)
    assert found is not None
    assert found.words == words


PAIRS = st.sampled_from(list(itertools.permutations(range(4), 2)))
LEVELS = st.integers(1, TOP)
DEMANDS = st.one_of(
    st.builds(lambda pair, level: not_both(pair[0], pair[1], level), PAIRS, LEVELS),
    st.builds(lambda pair, level, other: needs(pair[0], level, pair[1], other), PAIRS, LEVELS, LEVELS),
    st.builds(
        lambda number, members, level: keep(number, *members, level=level),
        st.integers(1, 4),
        st.sets(st.integers(0, 3), min_size=1).map(sorted),
        LEVELS,
    ),
)


def kept(levels: tuple[int, ...], demand: Demand) -> bool:
    holds = [levels[one] >= demand.level for one in demand.members]
    if demand.kind == RuleKind.AT_LEAST:
        return sum(holds) >= demand.at_least
    if demand.kind == RuleKind.NEEDS:
        return not holds[0] or levels[demand.members[1]] >= demand.other_level
    return not all(holds)


@given(st.dictionaries(st.integers(0, 3), LEVELS), st.lists(DEMANDS, max_size=6))
def test_a_contradiction_it_finds_is_one_for_certain(duties: dict[int, int], demands: list[Demand]) -> None:
    if contradiction(duties, TOP, demands) is None:
        return
    for levels in itertools.product(range(TOP + 1), repeat=4):
        meets_duties = all(levels[one] >= least for one, least in duties.items())
        assert not (meets_duties and all(kept(levels, demand) for demand in demands))
