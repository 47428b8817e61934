"""The portfolio as a spreadsheet, in the shape of the import: an empty one is the template.

Whatever is exported can be imported again and changes nothing. Text that a spreadsheet could run as a formula is made
harmless in CSV; in a workbook every text is written as text.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from partnerships.capacity_columns import capacity_columns, values_of_capacity
from partnerships.exports.sheets import workbook_into
from partnerships.models import Organisation, Participation
from partnerships.portfolio_cells import Date, Number, Value
from partnerships.portfolio_columns import Column, portfolio_columns, values_of
from partnerships.spreadsheet_safety import safe_text

MOST_TEMPLATE_ROWS = 500  # rows below the headings that offer the lists to choose from
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def portfolio_csv(organisation: Organisation, participations: Iterable[Participation] | None = None) -> bytes:
    """UTF-8 with its mark, which Excel needs to read it right."""
    return _csv(portfolio_columns(organisation), map(values_of, participations or ()))


def capacity_csv(organisation: Organisation) -> bytes:
    """Every pool's recorded quarters; only the headings where there are none."""
    return _csv(capacity_columns(organisation), _recorded_capacity(organisation))


def _recorded_capacity(organisation: Organisation) -> Iterator[dict[str, Value]]:
    return map(values_of_capacity, organisation.capacity_quarters.order_by("quarter", "pool__position"))


def _csv(columns: Sequence[Column], all_values: Iterable[dict[str, Value]]) -> bytes:
    rows = [[_csv_cell(column, values.get(column.key)) for column in columns] for values in all_values]
    return csv_file([[safe_text(column.heading) for column in columns], *rows])


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of text that is safe already."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def _csv_cell(column: Column, value: Value) -> str:
    text = column.cell.write(value)
    return text if isinstance(column.cell, Number | Date) else safe_text(text)


def portfolio_workbook(organisation: Organisation, participations: Iterable[Participation] | None = None) -> bytes:
    """The template, or with ``participations`` all that is recorded.

    Its sheets are Partnerships, Capacity, Notes (what each column means) and Lists (what can be chosen).
    """
    columns = portfolio_columns(organisation)
    file = io.BytesIO()
    book = workbook_into(file)
    formats = {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDEE"}),
        "date": book.add_format({"num_format": "d mmmm yyyy", "align": "left"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    names = ("Partnerships", "Capacity", "Notes", "Lists")
    main, capacity, notes, lists = (book.add_worksheet(name) for name in names)
    _write_main(main, formats, columns, map(values_of, participations or ()))
    of_capacity = capacity_columns(organisation)
    _write_main(capacity, formats, of_capacity, () if participations is None else _recorded_capacity(organisation))
    _write_notes(notes, formats, [*columns, *of_capacity])
    _write_lists(lists, {main: columns, capacity: of_capacity}, formats)
    book.close()
    return file.getvalue()


def _write_main(
    sheet: Any, formats: dict[str, Any], columns: Sequence[Column], all_values: Iterable[dict[str, Value]]
) -> None:
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.heading, formats["heading"])
        sheet.set_column(position, position, 28 if position < 2 else 18)
    sheet.freeze_panes(1, 2)
    for row, values in enumerate(all_values, start=1):
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


def _write_lists(lists: Any, sheets: Mapping[Any, Sequence[Column]], formats: dict[str, Any]) -> None:
    """The words that can be chosen, and the cells of the other sheets that offer them."""
    listed = 0
    for sheet, columns in sheets.items():
        for position, column in enumerate(columns):
            words = column.choices
            if not words:
                continue
            lists.set_column(listed, listed, 30)
            lists.write_string(0, listed, column.heading, formats["heading"])
            for row, word in enumerate(words, start=1):
                lists.write_string(row, listed, word)
            letter = xlsxwriter.utility.xl_col_to_name(listed)
            source = f"=Lists!${letter}$2:${letter}${len(words) + 1}"
            sheet.data_validation(1, position, MOST_TEMPLATE_ROWS, position, {"validate": "list", "source": source})
            listed += 1
