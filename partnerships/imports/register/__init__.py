"""Register files: from bytes to what they say.

A file is recognised by what is in it, its headers and its codes, never by its name. It is then read whole into the
plain values of ``partnerships.register_facts``; nothing here touches the database.
"""

from __future__ import annotations

import datetime

from partnerships.imports.register.icb_partners import read_icb_partners
from partnerships.imports.register.networks_csv import read_networks
from partnerships.imports.register.organisations_csv import is_extract, read_extract
from partnerships.imports.register.primary_care_networks import read_primary_care_networks
from partnerships.imports.register.texts import Text, read_text
from partnerships.imports.register.workbooks import is_package, open_workbook
from partnerships.register_facts import RegisterFacts, RegisterFileRefusedError

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
LARGEST_FILE = 32 * 1024 * 1024
KNOWN_FILES = (
    "an etr or eccg extract, the ICB partner workbook, an ePCN workbook, or a CSV file of epilepsy or diabetes networks"
)


def read_register(content: bytes, *, latest: datetime.date) -> RegisterFacts:
    """What a register file says. ``latest`` is the last day that a date in it can sensibly have.

    Raises ``RegisterFileRefusedError`` where the file is of no known kind, damaged, cut short, or for the most part
    unusable.
    """
    if not content.strip():
        raise RegisterFileRefusedError("it is empty.")
    if content.startswith(OLD_EXCEL):
        raise RegisterFileRefusedError("it is locked, or in Excel's old format. Save it as an XLSX workbook or as CSV.")
    if len(content) > LARGEST_FILE:
        raise RegisterFileRefusedError(f"it is larger than {LARGEST_FILE // 1024 // 1024} MB, as no register is.")
    facts = _read_workbook(content, latest) if is_package(content) else _read_csv(content, latest)
    if facts is None:
        raise RegisterFileRefusedError(f"it is not a register this command knows. It takes {KNOWN_FILES}.")
    if not facts.entries or len(facts.refused) > facts.entries:
        first = f" First: {facts.refused[0]}" if facts.refused else ""
        raise RegisterFileRefusedError(f"{len(facts.refused)} of its rows cannot be used, so nothing was taken.{first}")
    return facts


def _read_workbook(content: bytes, latest: datetime.date) -> RegisterFacts | None:
    sheets = open_workbook(content)
    return read_icb_partners(sheets) or read_primary_care_networks(sheets, latest)


def _read_csv(content: bytes, latest: datetime.date) -> RegisterFacts | None:
    text = read_text(content)
    facts = read_extract(text, latest) if is_extract(text) else read_networks(text)
    if facts is not None:
        _check_end(text, facts)
    return facts


def _check_end(text: Text, facts: RegisterFacts) -> None:
    """A file whose last line is short, or is not ended and unusable or half a word, was cut off on its way."""
    number, last = text.rows[-1]
    unusable = any(row.row == number for row in facts.refused)
    half_a_word = any(row[-1] != last[-1] and row[-1].startswith(last[-1]) for _, row in text.rows)
    if len(last) < len(text.first) or (not text.is_whole and (unusable or half_a_word)):
        raise RegisterFileRefusedError(f"it breaks off in row {number}. Fetch the file again.")
