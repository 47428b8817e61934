from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.alike import MOST, Index, Named, likeness, most_alike, words_of

NETWORK, BOARD = 1, 2


def alike(one: str, other: str, other_kind: int = NETWORK) -> bool:
    return likeness(Named(1, one, NETWORK), Named(2, other, other_kind)) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mossbury Central PCN", "MOSSBURY CENTRAL PRIMARY CARE NETWORK"),
        ("Mossbury Central PCN", "Primary Care Network, Mossbury Central"),
        ("Mossbury Central PCN", "Mosbury Central PCN"),
        ("Mossbury Central", "Mossbury Central PCN"),
        ("King’s Cross Frailty Network", "Kings Cross frailty network"),
        ("Health & Care Partnership for Fernshire", "The Fernshire Health and Care Partnership"),
        ("Frailty at Home", "Frailty at home (Fernshire)"),
        ("Café Network", "Cafe Network"),
    ],
)
def test_one_partnership_typed_in_two_ways(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mossbury Central PCN", "Mossbury North PCN"),
        ("Mossbury Central PCN", "Saltmere Central PCN"),
        ("Cancer Alliance", "Primary Care Network"),
        ("Fernshire Cancer Alliance", "Fernshire Maternity Network"),
        ("", "Mossbury"),
    ],
)
def test_two_partnerships_stay_apart(one: str, other: str) -> None:
    assert not alike(one, other)


def test_a_place_has_a_board_and_a_partnership() -> None:
    assert not alike("Somerset Integrated Care Partnership", "Somerset Integrated Care Board", BOARD)
    assert alike("Somerset ICP", "Somerset Integrated Care Partnership", BOARD)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_goes_both_ways_and_a_name_is_like_itself(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert not words_of(one) or alike(one, one)


def test_the_likeliest_come_first_and_a_handful_at_most() -> None:
    exact = Named(1, "Mossbury Central PCN", NETWORK)
    near = [Named(key, "Mossbury Centrall PCN", NETWORK) for key in range(2, 12)]
    found = most_alike(Named(0, "mossbury central pcn", NETWORK), [*near, exact])
    assert found[0] == exact
    assert len(found) == MOST


NAMES = st.lists(
    st.sampled_from(["Mossbury", "Mosbury", "Central", "North", "PCN", "Network", "Frailty", "Board", "é", "Ⅻ", "of"]),
    max_size=5,
).map(" ".join)


@given(NAMES, st.lists(st.tuples(NAMES, st.sampled_from([NETWORK, BOARD])), max_size=12))
def test_an_index_finds_what_comparing_with_each_finds(name: str, others: list[tuple[str, int]]) -> None:
    among = [Named(key, other, kind) for key, (other, kind) in enumerate(others, 1)]
    wanted = Named(0, name, NETWORK)
    assert Index(among).most_alike(wanted) == most_alike(wanted, among)


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=6))
def test_an_index_rules_out_nothing_that_is_alike(name: str, others: list[str]) -> None:
    among = [Named(key, other, NETWORK) for key, other in enumerate([*others, name, f"{name}x"], 1)]
    assert Index(among).most_alike(Named(0, name, NETWORK)) == most_alike(Named(0, name, NETWORK), among)
