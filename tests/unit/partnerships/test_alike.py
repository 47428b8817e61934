from __future__ import annotations

import random
import time
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.alike import ALIKE, LONGEST, MOST, SHARED, SHARED_WORDS, SLIPS, Index, Named, words_of

NETWORK, BOARD = 1, 2


def alike(one: str, other: str, other_kind: int = NETWORK) -> bool:
    return Index([Named(2, other, other_kind)]).most_alike(Named(1, one, NETWORK)) != []


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
    found = Index([*near, exact]).most_alike(Named(0, "mossbury central pcn", NETWORK))
    assert found[0] == exact
    assert len(found) == MOST


def letters(one: str, other: str) -> float:
    """What RapidFuzz reckons, from its definition: the letters struck out and put in at the least."""
    row = [0] * (len(other) + 1)  # the longest common subsequence with each beginning of the other
    for letter in one:
        before = row
        row = [0]
        for place, its in enumerate(other):
            row.append(before[place] + 1 if letter == its else max(before[place + 1], row[place]))
    both = len(one) + len(other)
    return 1 - (both - 2 * row[-1]) / both if both else 1


def likeness(one: Named, other: Named) -> float:
    """What an index finds of a pair, one measure after the other."""
    ours, theirs = words_of(one.name), words_of(other.name)
    whole = letters(" ".join(ours), " ".join(theirs))
    if whole >= ALIKE:
        return whole
    own, their_own = set(ours) - SHARED_WORDS, set(theirs) - SHARED_WORDS
    if one.kind != other.kind or not own or not their_own:
        return 0
    slips = letters(" ".join(sorted(own)), " ".join(sorted(their_own)))
    shared = len(own & their_own) / len(own | their_own)
    return max(slips if slips >= SLIPS else 0, shared if shared >= SHARED else 0)


def most_alike(wanted: Named, among: Iterable[Named]) -> list[Named]:
    found = [(likeness(wanted, other), other) for other in among]
    likely = sorted((pair for pair in found if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name, pair[1].key))
    return [other for _, other in likely[:MOST]]


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


def hostile(many: int) -> list[str]:
    """Names as long as they may be, of words that all have, with the same letters: each is like every other."""
    chance = random.Random(1)
    words = ["".join(letters) for letters in chance.sample(list(product("ae", repeat=6)), 28)]
    return [" ".join(chance.sample(words, 26)) for _ in range(many)]


def test_names_made_to_be_hard_to_tell_apart_cost_less_than_one_pair_in_a_hundred_compared_in_python() -> None:
    """A whole import against as many partnerships: 90,000 pairs, beside 900 as they were once compared."""
    names = hostile(600)
    there = [Named(key, name, NETWORK) for key, name in enumerate(names[:300], 1)]
    new = [Named(0, name, NETWORK) for name in names[300:]]
    began = time.process_time()
    index = Index(there)
    found = [index.most_alike(one) for one in new]
    took, began = time.process_time() - began, time.process_time()
    for one, other in zip(new * 3, there[1:] * 4, strict=False):
        SequenceMatcher(None, " ".join(words_of(one.name)), " ".join(words_of(other.name)), autojunk=False).ratio()
    assert took < time.process_time() - began
    assert [len(some) for some in found] == [MOST] * 300


def test_a_letter_that_stands_for_many_makes_no_name_longer_than_what_is_compared() -> None:
    assert len("".join(words_of("ﷺ" * 200))) <= LONGEST
