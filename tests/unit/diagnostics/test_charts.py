"""The chart says what it shows, and the table beside it has its numbers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from diagnostics.charts import characteristics_chart, finding
from diagnostics.instrument import instrument
from diagnostics.instrument.change import Change
from diagnostics.instrument.difference import difference
from diagnostics.instrument.scoring import Estimate
from diagnostics.models import Round
from diagnostics.over_time import SinceLastTime
from diagnostics.results import Line, RoundResults


def line(place: int, mean: float | None, reach: float = 0.2, name: str = "") -> Line:
    name = name or f"Characteristic number {place}"
    return Line(f"c{place}", name, None if mean is None else Estimate(mean, mean - reach, mean + reach, 7, 0.5), None)


def results_with(lines: Sequence[Line]) -> RoundResults:
    return RoundResults(instrument(), 9, 7, 5, line(0, None), [], lines, [], 0.0, None, None)


def results(*means: float | None) -> RoundResults:
    return results_with([line(place, mean) for place, mean in enumerate(means)])


def test_a_clear_difference_is_said_and_a_doubtful_one_is_not() -> None:
    clear = finding(results(4.5, 3.0, 2.0))
    assert clear == "Characteristic number 0 is the strongest and Characteristic number 2 the weakest"
    assert "could be chance" in finding(results(3.1, 3.0, 2.9))


def test_the_table_has_the_numbers_of_the_figure() -> None:
    chart = characteristics_chart(results(4.5, None, 2.0))
    assert chart is not None
    assert chart.rows == [
        ["Characteristic number 0", "4.5", "4.3", "4.7", 7],
        ["Characteristic number 2", "2.0", "1.8", "2.2", 7],
    ]
    assert list(chart.figure.data[0].x) == [4.5, 2.0]


def test_no_figure_has_more_places_than_the_table() -> None:
    chart = characteristics_chart(results(4.123456, 2.98765))
    assert chart is not None
    [dots] = chart.figure.data
    drawn = [
        *dots.x,
        *dots.error_x.array,
        *dots.error_x.arrayminus,
        *(one for row in dots.customdata for one in row[1:]),
    ]
    assert [number for number in drawn if number != round(number, 1)] == []
    assert list(dots.x) == [4.1, 3.0]


def test_nothing_to_show_is_no_chart() -> None:
    assert characteristics_chart(results(None, None)) is None


def test_long_names_fold_so_that_a_phone_has_room() -> None:
    chart = characteristics_chart(results_with([line(0, 4, name="Boundary-spanning leadership and connection")]))
    assert chart is not None
    assert chart.figure.data[0].y[0] == "Boundary-spanning<br>leadership and connection"
    assert results(4.0).lowest_stand_out is False


def test_where_it_was_last_time_stands_beside_it() -> None:
    changes = {"c0": Change(3.5, 4.5, 0.2, 1.8), "c1": Change(1.0, 2.0, 0.2, 1.8)}
    the_same = difference(instrument(), instrument())
    # What is compared over some of the statements alone has no mean that could stand beside the one over all of them.
    since = SinceLastTime(Round(), datetime.date(2026, 1, 31), None, changes, [], the_same, [], frozenset({"c1"}))
    chart = characteristics_chart(results(4.5, 2.0), since)
    assert chart is not None
    assert list(chart.figure.data[1].x) == [3.5]
    assert [row[-1] for row in chart.rows] == ["3.5", "–"]
    assert chart.columns[-1] == "Last time"
    first = characteristics_chart(results(4.5, 2.0))
    assert first is not None
    assert "Last time" not in first.columns
