from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.figures import MOST_AT_ONCE, read_figures

TODAY = datetime.date(2026, 11, 30)
FIRST_OF_APRIL = datetime.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("1/4/2026\t82.5", "82.5"),
        ("01/04/2026, 82.5", "82.5"),
        ("2026-04-01;82.5%", "82.5"),
        ("1-4-2026 82.5", "82.5"),
        ("1.4.2026\t£1,234.50", "1234.50"),
        ("1/4/2026,1,234", "1234"),
        ("1 April 2026, 1,234", "1234"),
        ("1 April 2026 1,234", "1234"),
        ("1 Apr 2026\t-3", "-3"),
        ("April 2026\t7", "7"),
        ("Apr 2026, 7", "7"),
        ("Apr-26\t7", "7"),
        ("  april   2026 ,  7 ", "7"),
    ],
)
def test_a_line_as_people_copy_it(line: str, value: str) -> None:
    figures, problems = read_figures(line, today=TODAY)
    assert problems == []
    assert [(one.day, one.value) for one in figures] == [(FIRST_OF_APRIL, Decimal(value))]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31/4/2026, 5", "Line 1: Begin with a day"),
        ("\nlast spring, 5", "Line 2: Begin with a day"),
        ("82.5", "Line 1: Begin with a day"),
        ("1/4/2026", "Line 1: Begin with a day"),
        ("1/4/2026,", "Line 1: Enter the figure for 1 April 2026 as a number"),
        ("1/4/2026, many", "Line 1: Enter the figure for 1 April 2026 as a number"),
        ("1/4/2026, NaN", "as a number"),
        ("1/4/2026, 1e5", "as a number"),
        ("1/4/2026, 12,34", "as a number"),
        ("1/4/2026, 1.23456", "as a number"),
        ("1/4/2026, 99999999999", "as a number"),
        ("1/4/2026, ²", "as a number"),
        ("1/12/2026, 5", "Line 1: 1 December 2026 has not come yet."),
        ("1/4/2026, 5\n1 April 2026, 6", "Line 2: 1 April 2026 has another figure in line 1."),
        ("1/4/2026, 5\n" * (MOST_AT_ONCE + 1), f"Paste at most {MOST_AT_ONCE} lines at once."),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(text: str, says: str) -> None:
    _, problems = read_figures(text, today=TODAY)
    assert len(problems) == 1
    assert says in str(problems[0])


def test_figures_come_in_the_order_of_their_days_and_the_same_once() -> None:
    figures, problems = read_figures("May 2026, 2\nApril 2026, 1\n\n1/5/2026, 2.0", today=TODAY)
    assert problems == []
    assert [one.value for one in figures] == [1, 2]


@given(st.text(max_size=200))
def test_no_text_is_a_fault(text: str) -> None:
    figures, problems = read_figures(text, today=TODAY)
    assert len(figures) + len(problems) <= len(text.splitlines())


@given(st.dates(datetime.date(1990, 1, 1), TODAY), st.decimals(-(10**9), 10**9, places=3))
def test_what_is_written_is_what_is_read(day: datetime.date, value: Decimal) -> None:
    figures, problems = read_figures(f"{day:%d/%m/%Y}\t{value}", today=TODAY)
    assert problems == []
    assert [(one.day, one.value) for one in figures] == [(day, value)]
