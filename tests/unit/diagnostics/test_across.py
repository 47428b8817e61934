"""From whom a partnership could learn: by more than chance does among all that are looked at."""

from __future__ import annotations

import random

from diagnostics.across import AcrossPartnerships, Cell, Row
from diagnostics.instrument import instrument
from diagnostics.instrument.bands import banding
from diagnostics.instrument.scoring import Answers, summarise
from diagnostics.models import Round

INSTRUMENT = instrument()


def row_of(number: int, people: list[Answers]) -> Row:
    estimates = summarise(INSTRUMENT, people, len(people)).characteristics
    cells = {code: Cell(one, banding(one, INSTRUMENT.bands)) for code, one in estimates.items()}
    return Row(Round(pk=number), f"Partnership {number}", None, cells, {}, is_whole=True)


def beside_each_other(rows: list[Row]) -> AcrossPartnerships:
    return AcrossPartnerships(INSTRUMENT.characteristics, rows, None, over_fewer=False)


def people(chance: random.Random, mean: float = 3.4) -> list[Answers]:
    made: list[Answers] = []
    for _ in range(8):
        inclined = chance.gauss(mean, 0.6)
        answers = {item: min(5, max(1, round(chance.gauss(inclined, 0.8)))) for item in INSTRUMENT.items_on_the_eight}
        made.append(dict(answers))
    return made


def test_chance_alone_seldom_names_a_teacher() -> None:
    chance = random.Random(4)
    named = 0
    for _ in range(60):
        rows = [row_of(number, people(chance)) for number in range(10)]
        named += bool(beside_each_other(rows).stronger(rows[0].round))
    assert named <= 8, "one in twenty, and what 60 rounds leave open"


def test_who_is_far_better_is_named_best_first() -> None:
    alike: list[Answers] = [dict.fromkeys(INSTRUMENT.items_on_the_eight, 2 + number % 2) for number in range(8)]
    better: list[Answers] = [{**one, "TRU1": 4, "TRU2": 5 - place % 2} for place, one in enumerate(alike)]
    best: list[Answers] = [{**one, "TRU1": 5, "TRU2": 5} for one in alike]
    rows = [row_of(number, group) for number, group in enumerate((alike, alike, better, best, better))]
    stronger = beside_each_other(rows).stronger(rows[0].round)
    assert stronger.keys() == {"trust"}
    assert [row.name for row in stronger["trust"]] == ["Partnership 3", "Partnership 2"]
