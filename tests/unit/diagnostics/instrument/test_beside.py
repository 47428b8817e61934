"""A mean over fewer items beside the mean over all: only where the difference tells of nobody."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.instrument import instrument
from diagnostics.instrument.beside import OVERALL, can_stand_beside

ALL = instrument()
SOME = replace(ALL, items=tuple(item for item in ALL.items if item.code not in {"PUR1", "TRU1"}))
EVERYTHING = {OVERALL, *ALL.characteristics_by_group, *ALL.atoms_by_characteristic}


def people(number: int, **answers: int | None) -> list[dict[str, int | None]]:
    return [{**dict.fromkeys(ALL.item_by_code, 4), **answers} for _ in range(number)]


def test_the_same_items_give_nothing_away() -> None:
    assert can_stand_beside(ALL, ALL, people(5, TRU1=None), fewest=5) == EVERYTHING


def test_items_left_out_with_enough_views_or_none_give_nothing_away() -> None:
    assert can_stand_beside(ALL, SOME, people(5), fewest=5) == EVERYTHING
    assert can_stand_beside(ALL, SOME, people(6, TRU1=None, PUR1=None), fewest=5) == EVERYTHING


def test_an_item_left_out_with_few_views_hides_every_scale_that_it_counts_for() -> None:
    few = people(2) + people(5, TRU1=None)
    assert can_stand_beside(ALL, SOME, few, fewest=5) == EVERYTHING - {"trust", "culture", OVERALL}


def test_few_people_who_count_in_one_only_hide_the_scale() -> None:
    """Whoever answered two of four, one of them left out, has a score over the four and none over the three."""
    half = people(1, PUR2=None, GOA2=None) + people(6)
    assert "purpose" not in can_stand_beside(ALL, SOME, half, fewest=5)
    many = people(5, PUR2=None, GOA1=None, GOA2=None) + people(6)
    assert "purpose" in can_stand_beside(ALL, SOME, many, fewest=5)
