"""Versions of an organisation's own: what may differ, and what a change makes of the questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diagnostics.instrument import InstrumentError, instrument
from diagnostics.instrument.definition import Choice
from diagnostics.instrument.difference import difference
from diagnostics.instrument.own import STAYS, added, asked_otherwise, check_own, left_out, new_code, reworded

SHIPPED = instrument()
TAKEN = frozenset(SHIPPED.item_by_code)


def test_other_words_keep_the_code() -> None:
    made = reworded(SHIPPED, "TRU1", "We make time to get to know one another.")
    assert made.item_by_code["TRU1"].text == "We make time to get to know one another."
    found = difference(SHIPPED, made)
    assert [one.now.code for one in found.reworded] == ["TRU1"]
    assert (found.added, found.dropped, found.moved) == ([], [], [])
    assert not found.on_pages
    check_own(made, SHIPPED)


def test_another_question_has_a_code_that_no_version_used() -> None:
    taken = TAKEN | {"TRUSTGENEROSITY-1"}
    made = asked_otherwise(SHIPPED, "TRU1", "We laugh together.", taken=taken)
    found = difference(SHIPPED, made)
    assert [item.code for item in found.added] == ["TRUSTGENEROSITY-2"]
    assert [item.code for item in found.dropped] == ["TRU1"]
    trust = next(page for page in made.pages if page.code == "trust")
    assert trust.items == ("TRUSTGENEROSITY-2", "TRU2")
    check_own(made, SHIPPED)


@pytest.mark.parametrize("about", ["trust-generosity", "time"])
def test_an_item_more_stands_after_those_about_the_same(about: str) -> None:
    made = added(SHIPPED, about, "We have time for one another.", taken=TAKEN)
    code = difference(SHIPPED, made).added[0].code
    about_it = made.items_by_atom.get(about) or made.items_by_topic[about]
    assert about_it[-1] == code
    page = next(page for page in made.pages if code in page.items)
    assert page.items[page.items.index(code) - 1] == about_it[-2]
    check_own(made, SHIPPED)


def test_an_item_about_nothing_known_is_refused() -> None:
    with pytest.raises(InstrumentError, match="no part or topic 'unheard-of'"):
        added(SHIPPED, "unheard-of", "We have time.", taken=TAKEN)


def test_at_most_32_are_asked() -> None:
    full = added(SHIPPED, "time", "One more.", taken=TAKEN)
    assert len(full.items) == 32
    with pytest.raises(InstrumentError, match="items: 33, and no survey asks more than 32"):
        added(full, "time", "And one more.", taken=frozenset(full.item_by_code))


def test_an_item_can_be_left_out_while_enough_stay() -> None:
    more = added(SHIPPED, "trust-generosity", "We laugh together.", taken=TAKEN)
    assert "TRU1" not in left_out(more, "TRU1").item_by_code
    with pytest.raises(InstrumentError, match="trust-generosity needs at least 2 items"):
        left_out(SHIPPED, "TRU1")
    with pytest.raises(InstrumentError, match="parity is used or defined"):
        left_out(SHIPPED, "PAR1")


def test_new_codes_are_short_enough_and_free() -> None:
    assert new_code("a" * 20, set()) == "A" * 15 + "-1"
    assert new_code("time", {"TIME-1", "TIME-3"}) == "TIME-2"


@pytest.mark.parametrize("part", STAYS)
def test_what_scores_rest_on_stays(part: str) -> None:
    value = getattr(SHIPPED, part)
    changed: Any
    if part == "scale":
        changed = (Choice(1, "Never"), *value[1:])
    elif part == "dont_know":
        changed = "No idea"
    elif part == "low_values":
        changed = frozenset({1})
    else:
        changed = value[:-1]
    with pytest.raises(InstrumentError, match=f"^{part}: your own version keeps"):
        check_own(replace(SHIPPED, **{part: changed}), SHIPPED)


def test_pages_and_titles_may_differ() -> None:
    pages = (replace(SHIPPED.pages[0], title="What for"), *SHIPPED.pages[1:])
    made = replace(SHIPPED, pages=pages, title="How are we doing?")
    check_own(made, SHIPPED)
    found = difference(SHIPPED, made)
    assert found.on_pages
    assert found.titles
    assert bool(found)
    assert not difference(SHIPPED, SHIPPED)


def test_moving_an_item_to_another_part_is_said() -> None:
    moved = tuple(replace(one, atom="committed") if one.code == "TRU1" else one for one in SHIPPED.items)
    assert [one.now.code for one in difference(SHIPPED, replace(SHIPPED, items=moved)).moved] == ["TRU1"]
