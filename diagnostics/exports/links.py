"""Names and links as a file, for whoever sends them out with their own mail."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from diagnostics.models import Invitation
from partnerships.spreadsheet_safety import safe_text


def links_file(rows: Iterable[tuple[Invitation, str]]) -> str:
    """CSV with a line for each invitation and its address, and no cell that a spreadsheet would run."""
    file = io.StringIO()
    # The mark at the start tells spreadsheets that names are in Unicode.
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(["Name", "Email", "Organisation", "Role", "Link"])
    for invitation, address in rows:
        people = (invitation.name, invitation.email, invitation.works_for, invitation.role)
        writer.writerow([*(safe_text(cell) for cell in people), address])
    return file.getvalue()
