"""Names and links as a file, for whoever sends them out with their own mail."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from diagnostics.models import Invitation

# A spreadsheet takes a cell that begins so for a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def links_file(rows: Iterable[tuple[Invitation, str]]) -> str:
    """CSV with a line for each invitation and its address, and no cell that a spreadsheet would run."""
    file = io.StringIO()
    # The mark at the start tells spreadsheets that names are in Unicode.
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(["Name", "Email", "Organisation", "Role", "Link"])
    for invitation, address in rows:
        people = (invitation.name, invitation.email, invitation.works_for, invitation.role)
        writer.writerow([*(_plain(cell) for cell in people), address])
    return file.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell
