"""CSV files: from bytes to numbered rows of text, whatever encoding and line endings they were saved with."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

from partnerships.register_facts import RegisterFileRefusedError


@dataclass(frozen=True, slots=True)
class Text:
    """Rows that hold something, each with its number in Excel; ``is_whole`` where the last line is ended."""

    rows: tuple[tuple[int, list[str]], ...]
    is_whole: bool

    @property
    def first(self) -> list[str]:
        return self.rows[0][1]


def read_text(content: bytes) -> Text:
    """The rows of a CSV file; refuses what is no text or not comma-separated."""
    text = _decoded(content)
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
    except csv.Error as problem:
        raise RegisterFileRefusedError(
            f"it breaks off or is garbled near row {len(rows) + 1} ({problem}). Fetch the file again."
        ) from None
    if not rows:
        raise RegisterFileRefusedError("it is empty.")
    return Text(tuple(rows), is_whole=text.endswith(("\n", "\r")))


def _decoded(content: bytes) -> str:
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise RegisterFileRefusedError("it holds zero bytes, which no CSV file does. Fetch the file again.")
        return text
    raise RegisterFileRefusedError("it is not text. Give the CSV file or workbook as published.")
