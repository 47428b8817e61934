"""Two dots on each of the eight, and the numbers beside them."""

from __future__ import annotations

from diagnostics.instrument.change import Change
from diagnostics.instrument.scoring import Estimate
from diagnostics.instrument.sides import Beside
from diagnostics.partner_charts import partner_chart


def side(mean: float | None, people: int = 7) -> Estimate | None:
    return None if mean is None else Estimate(mean, mean - 0.2, mean + 0.2, people, 0.5)


def line(place: int, partners: float | None, ours: float | None, people: int = 7) -> Beside:
    gap = None
    if partners is not None and ours is not None:
        gap = Change(partners, ours, ours - partners - 0.3, ours - partners + 0.3)
    return Beside(f"c{place}", f"Characteristic number {place}", side(partners, people), side(ours, people), gap)


HIGHER = "We rate ourselves higher, by 1.0"


def test_the_table_has_the_numbers_of_both_sides() -> None:
    chart = partner_chart([line(0, 3.0, 4.0), line(1, None, 2.0), line(2, None, None)], finding="F", counted="people")
    assert chart is not None
    assert chart.finding == "F"
    assert chart.rows == [
        ["Characteristic number 0", "3.0", "2.8 to 3.2", 7, "4.0", "3.8 to 4.2", 7, HIGHER, "0.7 to 1.3"],
        ["Characteristic number 1", "–", "–", "–", "2.0", "1.8 to 2.2", 7, "–", "–"],
    ]
    assert {len(row) for row in chart.rows} == {len(chart.columns)}
    theirs, ours = chart.figure.data
    assert (list(theirs.x), list(ours.x)) == ([3.0], [4.0, 2.0])
    assert theirs.marker.symbol != ours.marker.symbol
    assert list(chart.figure.layout.yaxis.ticktext) == ["Characteristic number 0", "Characteristic number 1"]
    assert len(chart.figure.layout.shapes) == 1


def test_one_side_alone_says_what_it_says_of_itself() -> None:
    made = partner_chart([line(0, 4.5, None), line(1, 3.0, None)], finding="", counted="people")
    assert made is not None
    assert made.finding == "Partners rate us highest on Characteristic number 0 and lowest on Characteristic number 1"
    assert len(made.figure.data) == 1
    own = partner_chart([line(0, None, 4.5), line(1, None, 3.0)], finding="", counted="people")
    assert own is not None
    assert own.finding.startswith("We rate ourselves highest on")
    close = partner_chart([line(0, 3.1, None), line(1, 3.0, None)], finding="", counted="people")
    assert close is not None
    assert close.finding == "Partners’ ratings of the eight are too close to tell apart"


def test_means_of_everybody_asked_without_a_range_are_not_apart_for_that() -> None:
    """One of eight ticked one box lower on one of them: their intervals have no width and do not touch."""
    exact = [Estimate(mean, mean, mean, 8, 0.2) for mean in (4.0, 3.94)]
    made = partner_chart([Beside(str(one.mean), "X", one, None, None) for one in exact], finding="", counted="people")
    assert made is not None
    assert made.finding == "Partners’ ratings of the eight are too close to tell apart"


def test_of_one_partnership_no_range_is_given() -> None:
    chart = partner_chart([line(0, 3.0, 4.0, people=1)], finding="F", counted="partnerships")
    assert chart is not None
    assert chart.rows[0][1:4] == ["3.0", "not known", 1]


def test_no_figure_has_more_places_than_the_table() -> None:
    chart = partner_chart([line(0, 3.14159, 4.44444)], finding="F", counted="people")
    assert chart is not None
    assert [list(dots.x) for dots in chart.figure.data] == [[3.1], [4.4]]
    [between] = chart.figure.layout.shapes
    drawn = [between.x0, between.x1]
    for dots in chart.figure.data:
        drawn += [*dots.error_x.array, *dots.error_x.arrayminus, *dots.customdata[0][1:]]
    assert [number for number in drawn if number != round(number, 1)] == []


def test_nothing_to_show_is_no_chart() -> None:
    assert partner_chart([line(0, None, None)], finding="", counted="people") is None
