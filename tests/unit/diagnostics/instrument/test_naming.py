"""The questions about an organisation: two wordings of the same items, and its name where they are read."""

from __future__ import annotations

import re

import pytest

from diagnostics.instrument import (
    BY_PARTNERS,
    BY_US,
    CURRENT,
    Instrument,
    instrument,
    shipped_versions,
    versions_like,
)
from diagnostics.instrument.comparable import common_ground
from diagnostics.instrument.naming import PLACE, naming
from tests.unit.diagnostics.instrument.test_read_aloud import JARGON, OLDEST_TOGETHER, reading_age

THEIRS, OURS = instrument(BY_PARTNERS), instrument(BY_US)


def test_both_sides_are_asked_the_same_items_on_the_same_pages() -> None:
    assert [(one.code, one.atom, one.topic) for one in THEIRS.items] == [
        (one.code, one.atom, one.topic) for one in OURS.items
    ]
    assert THEIRS.pages == OURS.pages
    assert not common_ground([OURS, THEIRS]).is_over_fewer


@pytest.mark.parametrize("made", [THEIRS, OURS], ids=["partners", "ours"])
def test_they_are_about_the_same_eight_as_the_survey_of_a_partnership(made: Instrument) -> None:
    about = instrument(CURRENT)
    assert (made.characteristics, made.atoms, made.groups) == (about.characteristics, about.atoms, about.groups)
    assert (made.scale, made.bands, made.places) == (about.scale, about.bands, about.places)
    assert not made.item_by_code.keys() & {
        code for version in versions_like(CURRENT) for code in instrument(version).item_by_code
    }


def test_partners_read_the_organisations_name_in_every_statement_and_its_own_people_in_none() -> None:
    assert all(one.text.count(PLACE) == 1 for one in THEIRS.items)
    assert PLACE not in OURS.title + "".join(one.text for one in OURS.items)
    named = naming(THEIRS, "Wye {Valley} Trust")
    assert named.title == "How good a partner is Wye {Valley} Trust?"
    assert named.items[0].text == "Wye {Valley} Trust is clear about what it wants from this partnership."
    assert PLACE not in "".join(one.text for one in named.items)


@pytest.mark.parametrize("made", [naming(THEIRS, "Wye"), OURS], ids=["partners", "ours"])
def test_each_statement_is_plain_and_asks_one_thing(made: Instrument) -> None:
    texts = [one.text for one in made.items]
    assert reading_age(texts) <= OLDEST_TOGETHER
    for text in texts:
        assert not JARGON.search(text), text
        assert len(text.split()) <= 14, text
        assert not re.search(r"\b(and|or|not|never|nobody|lack)\b", text), text
        assert text.endswith(".")


def test_no_survey_of_a_partnership_is_offered_them() -> None:
    others = set(shipped_versions()) - set(versions_like(CURRENT))
    assert {version.rpartition("-")[0] for version in others} == {"good-partner-by-partners", "good-partner-by-us"}
    assert others >= {BY_PARTNERS, BY_US}
    assert versions_like(CURRENT)[-1] == CURRENT
