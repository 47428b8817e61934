"""The file of names and links."""

from __future__ import annotations

import csv
import io

from diagnostics.exports import links_file
from diagnostics.models import Invitation


def test_a_line_each_and_no_cell_that_a_spreadsheet_would_run() -> None:
    invitation = Invitation(name="=1+1", email="ada@example.org", works_for="@SUM(A1)", role="Nurse, lead")
    text = links_file([(invitation, "https://triage.example.org/s/secret/")])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [
        ["Name", "Email", "Organisation", "Role", "Link"],
        ["'=1+1", "ada@example.org", "'@SUM(A1)", "Nurse, lead", "https://triage.example.org/s/secret/"],
    ]
