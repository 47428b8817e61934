"""Text that a spreadsheet would run as a formula, made harmless in files we give out, and put back when they return.

A CSV file has no types: a cell that begins with =, +, -, @, a tab or a line end is taken for a formula wherever it came
from (OWASP, CSV injection), by some programs also where the sign is one of full width. One apostrophe in front keeps it
text. XLSX files need none of this: we write text cells.
"""

from __future__ import annotations

import re

RISKY = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def safe_text(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet could take it for a formula."""
    return f"'{text}" if RISKY.match(text) else text


def plain_text(text: str) -> str:
    """What ``safe_text`` was given; text that it never changes stays as it is."""
    return text[1:] if text.startswith("'") and RISKY.match(text[1:]) else text
