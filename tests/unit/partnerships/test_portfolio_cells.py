import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.portfolio_cells import (
    NOT_RATED,
    Cell,
    CellProblemError,
    Choice,
    Codes,
    Date,
    Number,
    Text,
    Value,
    tidy,
)

KINDS = Choice({name: number for number, name in enumerate(["Cancer alliance", "Hospital group", "Council"])})
LONG_LIST = Choice({f"Kind number {number}": number for number in range(20)})


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (Text(20), "  two\r\nlines ", "two\nlines"),
        (Number(0, 100), " 12.50 ", Decimal("12.5")),
        (Number(-100, 100), "-7", Decimal(-7)),
        (Number(-100, 100, may_be_unrated=True), "Not Rated", NOT_RATED),
        (Date(), "2026-04-01", datetime.date(2026, 4, 1)),
        (Date(), "1/4/2026", datetime.date(2026, 4, 1)),
        (Date(), "1  April 2026", datetime.date(2026, 4, 1)),
        (Date(), "01 Apr 2026", datetime.date(2026, 4, 1)),
        (KINDS, " cancer   ALLIANCE", 0),
        (Codes(), "rh5, RYF;qsl", frozenset({"RH5", "RYF", "QSL"})),
        (Codes(single=True), "RH5", frozenset({"RH5"})),
    ],
)
def test_reads_what_people_type(cell: Cell, text: str, value: Value) -> None:
    assert cell.read(text) == value


@pytest.mark.parametrize(
    ("cell", "text", "says"),
    [
        (Text(5), "too long for it", "Shorten this to 5 characters"),
        (Text(50), "bell \x07", "Retype this"),
        (Number(0, 100), "six", "“six” is not one"),
        (Number(0, 100), "1e999999", "Enter a number from 0 to 100"),
        (Number(0, 100), "NaN", "Enter a number"),
        (Number(0, 100), "Infinity", "Enter a number"),
        (Number(0, 100), "101", "from 0 to 100"),
        (Number(0, 100), "-1", "from 0 to 100"),
        (Number(0, 100), "1.234", "at most 2 decimal places"),
        (Number(0, 100), NOT_RATED, "Enter a number"),
        (Date(), "31/02/2026", "Enter a date"),
        (Date(), "soon", "“soon” is not one"),
        (Date(), "01/01/0001", "Enter a date"),
        (KINDS, "Hospital grup", "Enter one of: Cancer alliance, Hospital group, Council."),
        (LONG_LIST, "Kind number l9", "Kind number 19"),
        (Codes(), "RH5, not-a-code", "“NOT-A-CODE” is not an organisation’s code"),
        (Codes(single=True), "RH5, RYF", "Enter one organisation’s code"),
    ],
)
def test_says_what_to_enter_instead(cell: Cell, text: str, says: str) -> None:
    with pytest.raises(CellProblemError, match=says):
        cell.read(text)


def test_a_long_list_is_not_recited_where_something_is_near() -> None:
    with pytest.raises(CellProblemError) as problem:
        LONG_LIST.read("Kind numbr 3")
    assert "Kind number 3" in str(problem.value)
    assert len(str(problem.value)) < 120


@given(st.decimals(min_value=-100, max_value=100, places=2))
def test_a_number_comes_back_as_it_went(number: Decimal) -> None:
    cell = Number(-100, 100)
    assert cell.read(cell.write(number)) == number


@given(st.dates(min_value=datetime.date(1850, 1, 1), max_value=datetime.date(2200, 12, 31)))
def test_a_date_comes_back_as_it_went(day: datetime.date) -> None:
    assert Date().read(Date().write(day)) == day


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=50).map(tidy))
def test_a_text_comes_back_as_it_went(text: str) -> None:
    assert Text(60).read(Text(60).write(text)) == text
