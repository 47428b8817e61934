"""A spreadsheet with people to ask in it, as numbered rows of cells, or a refusal of the whole file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError

from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, csv_rows, texts
from partnerships.imports.register.workbooks import is_package, rows_by_sheet
from partnerships.register_facts import RegisterFileRefusedError

MOST_ROWS = 20_000
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
Row = tuple[int, Sequence[str]]


def rows_of_file(content: bytes) -> list[Row]:
    """The rows that hold anything of a CSV file, or of the first sheet of an XLSX workbook, with their numbers.

    Raises ValidationError where the file cannot be read, or is far too long.
    """
    if len(content) > settings.LARGEST_UPLOAD_BYTES:
        most = settings.LARGEST_UPLOAD_BYTES // (1024 * 1024)
        raise ValidationError(f"This file is larger than {most} MB. Keep the people to ask, and nothing else.")
    if content.startswith(OLD_EXCEL):
        raise ValidationError("This is an old Excel file (.xls). Save it as an Excel workbook (.xlsx) or CSV.")
    try:
        rows = _filled(_rows(content))
    except SpreadsheetRefusedError as refusal:
        raise ValidationError(str(refusal)) from None
    except (csv.Error, RegisterFileRefusedError):
        raise ValidationError(
            "This file cannot be read: it is damaged, protected, or no list. Save it again as an Excel workbook "
            "(.xlsx) or as CSV."
        ) from None
    if len(rows) > MOST_ROWS:
        raise ValidationError(f"This file has more than {MOST_ROWS} rows. Check that it is the right one.")
    return rows


def _rows(content: bytes) -> Iterable[Sequence[str]]:
    if is_package(content):
        return texts(next(iter(rows_by_sheet(content).values()), ()))
    return csv_rows(content)


def _filled(rows: Iterable[Sequence[str]]) -> list[Row]:
    """No more than one row too many, however long the file is."""
    numbered = enumerate(rows, start=1)
    return list(islice(((number, row) for number, row in numbered if any(map(str.strip, row))), MOST_ROWS + 1))
