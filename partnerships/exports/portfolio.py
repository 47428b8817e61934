"""The portfolio as a spreadsheet, in the shape of the import: an empty one is the template.

Whatever is exported can be imported again and changes nothing. Text that a spreadsheet could run as a formula is made
harmless in CSV; in a workbook every text is written as text.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from partnerships.models import Organisation, Participation
from partnerships.portfolio_cells import Date, Number, Value
from partnerships.portfolio_columns import Column, portfolio_columns, values_of
from partnerships.spreadsheet_safety import safe_text

MOST_TEMPLATE_ROWS = 500  # rows below the headings that offer the lists to choose from
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def portfolio_csv(organisation: Organisation, participations: Iterable[Participation] = ()) -> bytes:
    """UTF-8 with its mark, which Excel needs to read it right."""
    columns = portfolio_columns(organisation)
    rows = [
        [_csv_cell(column, values.get(column.key)) for column in columns] for values in map(values_of, participations)
    ]
    return csv_file([[safe_text(column.heading) for column in columns], *rows])


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of text that is safe already."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def _csv_cell(column: Column, value: Value) -> str:
    text = column.cell.write(value)
    return text if isinstance(column.cell, Number | Date) else safe_text(text)


def portfolio_workbook(organisation: Organisation, participations: Iterable[Participation] = ()) -> bytes:
    """Sheets Partnerships, Notes (what each column means) and Lists (what can be chosen)."""
    columns = portfolio_columns(organisation)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDEE"}),
        "date": book.add_format({"num_format": "d mmmm yyyy", "align": "left"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    main, notes, lists = (book.add_worksheet(name) for name in ("Partnerships", "Notes", "Lists"))
    _write_main(main, formats, columns, participations)
    _write_notes(notes, formats, columns)
    _write_lists(lists, main, formats, columns)
    book.close()
    return file.getvalue()


def _write_main(
    sheet: Any, formats: dict[str, Any], columns: Sequence[Column], participations: Iterable[Participation]
) -> None:
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.heading, formats["heading"])
        sheet.set_column(position, position, 28 if position < 2 else 18)
    sheet.freeze_panes(1, 2)
    for row, values in enumerate(map(values_of, participations), start=1):
        for position, column in enumerate(columns):
            if column.key in values:
                _write_cell(sheet, formats, row, position, column, values[column.key])


def _write_cell(sheet: Any, formats: dict[str, Any], row: int, position: int, column: Column, value: Value) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, position, value)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, position, datetime.datetime.combine(value, datetime.time()), formats["date"])
    else:
        sheet.write_string(row, position, column.cell.write(value), formats["text"])


def _write_notes(sheet: Any, formats: dict[str, Any], columns: Sequence[Column]) -> None:
    sheet.set_column(0, 0, 45)
    sheet.set_column(1, 2, 70)
    for position, heading in enumerate(("Column", "What to enter", "Choose one of")):
        sheet.write_string(0, position, heading, formats["heading"])
    for row, column in enumerate(columns, start=1):
        for position, text in enumerate((column.heading, column.note, ", ".join(column.choices))):
            sheet.write_string(row, position, text, formats["text"])
    sheet.write_string(len(columns) + 2, 0, "A cell left empty changes nothing.", formats["text"])


def _write_lists(sheet: Any, main: Any, formats: dict[str, Any], columns: Sequence[Column]) -> None:
    """The words of each list, and the cells of the first sheet that offer them."""
    listed = 0
    for position, column in enumerate(columns):
        words = column.choices
        if not words:
            continue
        sheet.set_column(listed, listed, 30)
        sheet.write_string(0, listed, column.heading, formats["heading"])
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, listed, word)
        letter = xlsxwriter.utility.xl_col_to_name(listed)
        source = f"=Lists!${letter}$2:${letter}${len(words) + 1}"
        main.data_validation(1, position, MOST_TEMPLATE_ROWS, position, {"validate": "list", "source": source})
        listed += 1
