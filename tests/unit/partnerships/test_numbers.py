from decimal import Decimal

import pytest

from partnerships.numbers import plain_number, row_number


@pytest.mark.parametrize(
    ("number", "text"), [("12.50", "12.5"), ("100.00", "100"), ("0.00", "0"), ("-3.10", "-3.1"), ("1000", "1000")]
)
def test_without_the_zeros_of_a_column(number: str, text: str) -> None:
    assert plain_number(Decimal(number)) == text


def test_nothing_is_empty() -> None:
    assert plain_number(None) == ""


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1.0", "²", "١٢", "x", "\x00", "9" * 19, "9" * 5000])
def test_what_names_no_row(text: str) -> None:
    assert row_number(text) == 0


def test_what_names_a_row() -> None:
    assert (row_number("17"), row_number("9" * 18)) == (17, 10**18 - 1)
