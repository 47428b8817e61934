"""What surveys of different versions share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.instrument import Instrument, instrument
from diagnostics.instrument.comparable import common_ground

SHIPPED = instrument()
CODES = tuple(SHIPPED.item_by_code)
EIGHT = frozenset(one.code for one in SHIPPED.characteristics)


def version(name: str, without: Sequence[str] = (), more: Sequence[tuple[str, str]] = ()) -> Instrument:
    """The shipped questions without some and with others about an atom."""
    items = [one for one in SHIPPED.items if one.code not in without]
    items += [replace(SHIPPED.items[0], code=code, atom=atom, topic="") for code, atom in more]
    return replace(SHIPPED, version=name, items=tuple(items))


def test_one_version_is_all_its_own() -> None:
    ground = common_ground([SHIPPED])
    assert ground.standings[SHIPPED.version].characteristics == EIGHT
    assert not ground.is_over_fewer
    assert {item.code for item in ground.as_a_whole.items} == {item.code for item in SHIPPED.items if item.atom}


def test_a_question_more_leaves_the_others_comparable() -> None:
    ground = common_ground([version("newer", more=[("TRU-9", "trust-generosity")]), SHIPPED])
    shared = ground.standings[SHIPPED.version].shared["trust"]
    assert (shared.items, shared.of) == (2, 3)
    assert ground.by_characteristic.items_of("trust") == ("TRU1", "TRU2")
    assert ground.is_over_fewer


def test_the_one_that_shares_too_little_is_left_out_and_the_others_stay() -> None:
    odd = version("odd", without=["TRU1", "TRU2"], more=[("T-1", "trust-generosity"), ("T-2", "trust-generosity")])
    ground = common_ground([SHIPPED, odd, version("third", without=["BEN1"])])
    assert ground.standings["odd"].not_comparable().keys() == {"trust"}
    assert ground.standings["third"].characteristics == EIGHT
    assert ground.by_characteristic.items_of("trust") == ("TRU1", "TRU2")
    # The whole is over what all have that are compared as a whole.
    assert ground.as_a_whole.items_of("trust") == ()
    assert ground.standings["odd"].as_a_whole


def test_each_being_half_like_the_first_is_not_enough_where_they_share_nothing() -> None:
    ground = common_ground([SHIPPED, version("a", without=["PUR1", "PUR2"]), version("b", without=["GOA1", "GOA2"])])
    assert "purpose" in ground.standings["a"].characteristics
    assert "purpose" not in ground.standings["b"].characteristics


def test_what_is_half_for_one_must_be_half_for_those_before_as_well() -> None:
    six = version("six", more=[("P-1", "shared-purpose"), ("P-2", "shared-purpose")])
    ground = common_ground([SHIPPED, six, version("two", without=["GOA1", "GOA2"])])
    assert "purpose" in ground.standings["six"].characteristics
    assert "purpose" not in ground.standings["two"].characteristics
    assert (ground.standings["two"].shared["purpose"].items, ground.standings["two"].shared["purpose"].of) == (2, 6)


versions = st.lists(st.sets(st.sampled_from(CODES), max_size=20), min_size=1, max_size=4)


@given(versions)
def test_whatever_is_compared_was_asked_of_all_that_are_compared(left_out: list[set[str]]) -> None:
    made = [version(f"v{number}", sorted(without)) for number, without in enumerate(left_out)]
    ground = common_ground(made)
    for one in made:
        standing = ground.standings[one.version]
        for code in standing.characteristics:
            common = set(ground.by_characteristic.items_of(code))
            assert common <= set(one.item_by_code)
            assert 2 * len(common) >= len(one.items_of(code))
            assert common
        if standing.as_a_whole:
            assert {item.code for item in ground.as_a_whole.items} <= set(one.item_by_code)
        assert {item.code for item in ground.between(one.version).items} <= set(one.item_by_code)


@pytest.mark.parametrize("number", [3, 4])
def test_the_whole_needs_half_of_the_eight(number: int) -> None:
    kept = sorted(EIGHT)[:number]
    gone = [item for code in EIGHT - set(kept) for item in SHIPPED.items_of(code)]
    other = replace(
        SHIPPED,
        version="other",
        items=tuple(replace(one, code=f"{one.code}-X") if one.code in gone else one for one in SHIPPED.items),
    )
    assert common_ground([SHIPPED, other]).standings["other"].as_a_whole is (number == 4)
