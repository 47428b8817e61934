"""Numbers as people type them."""

from __future__ import annotations

from decimal import Decimal


def plain_number(value: Decimal | None) -> str:
    """Without the zeros that a database column adds; empty for None.

    >>> plain_number(Decimal("12.50")), plain_number(Decimal("100.00")), plain_number(None)
    ('12.5', '100', '')
    """
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
