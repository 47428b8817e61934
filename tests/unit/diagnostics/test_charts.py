"""The chart says what it shows, and the table beside it has its numbers."""

from __future__ import annotations

from diagnostics.charts import characteristics_chart, finding
from diagnostics.instrument.scoring import Estimate
from diagnostics.results import Line, RoundResults


def results(*means: float | None, reach: float = 0.2) -> RoundResults:
    lines = [
        Line(
            f"Characteristic number {place}",
            None if mean is None else Estimate(mean, mean - reach, mean + reach, 7, 0.5),
            [],
        )
        for place, mean in enumerate(means)
    ]
    return RoundResults(9, 7, 5, None, [], lines, [], 0.0)


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


def test_nothing_to_show_is_no_chart() -> None:
    assert characteristics_chart(results(None, None)) is None


def test_long_names_fold_so_that_a_phone_has_room() -> None:
    line = Line("Boundary-spanning leadership and connection", Estimate(4, 3.8, 4.2, 7, 0.5), [])
    chart = characteristics_chart(RoundResults(9, 7, 5, None, [], [line], [], 0.0))
    assert chart is not None
    assert chart.figure.data[0].y[0] == "Boundary-spanning<br>leadership and connection"
    assert results(4.0).lowest_stand_out is False
