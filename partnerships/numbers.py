"""Numbers as people type them."""

from __future__ import annotations

from decimal import Decimal

LONGEST_ROW_NUMBER = 19  # digits: the database counts rows in 64 bits, and Python reads no text of thousands


def plain_number(value: Decimal | None) -> str:
    """Without the zeros that a database column adds; empty for None.

    >>> plain_number(Decimal("12.50")), plain_number(Decimal("100.00")), plain_number(None)
    ('12.5', '100', '')
    """
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def row_number(text: str) -> int:
    """The number of a row that a form or an address names; 0, which no row has, for anything that is none.

    >>> row_number("17"), row_number("seventeen"), row_number("9" * 5000)
    (17, 0, 0)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_ROW_NUMBER else 0
