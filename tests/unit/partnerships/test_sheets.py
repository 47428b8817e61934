from io import BytesIO

from openpyxl import load_workbook
from xlsxwriter import Workbook

from partnerships.exports.sheets import Column, Formats, write_table


def test_columns_of_one_name_are_told_apart_in_a_native_table() -> None:
    """Else the spreadsheet says that the file is damaged, and repairs it."""
    out = BytesIO()
    with Workbook(out) as book:
        text = Formats.of(book).text
        alike = ["Board", "Board", "BOARD", "=Board", "'=Board", *(f"{'x' * 300}{end}" for end in "ab")]
        write_table(book.add_worksheet("Days"), "Days", [Column(one, 9, text) for one in alike], [], first_row=0)
    sheet = load_workbook(out)["Days"]
    [table] = sheet.tables.values()
    names = [column.name for column in table.tableColumns]
    assert names == [cell.value for cell in sheet[1]]
    assert len({name.casefold() for name in names}) == len(alike)
    assert names[:5] == ["Board", "Board (2)", "BOARD (3)", "'=Board", "'=Board (2)"]
