"""Register files made in a test: the forms of the published ones with as few rows as it takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter


def csv_bytes(rows: Iterable[Sequence[str]], *, quoting: int = csv.QUOTE_ALL, end: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


def extract_row(
    code: str,
    name: str,
    *,
    opened: str = "20010401",
    closed: str = "",
    icb: str = "QSL",
    region: str = "Y58",
    postcode: str = "TA1 5DA",
) -> list[str]:
    """A row of 27 columns, as in etr and eccg."""
    address = ["HEADQUARTERS", "1 HIGH STREET", "", "TAUNTON", ""]
    return [code, name, region, icb, *address, postcode, opened, closed, *[""] * 9, "1", *[""] * 5]


SOMERSET = ("RH5", "SOMERSET NHS FOUNDATION TRUST")
YEOVIL = ("RA4", "YEOVIL DISTRICT HOSPITAL NHS FOUNDATION TRUST")
DEVON = ("RH8", "ROYAL DEVON AND EXETER NHS FOUNDATION TRUST")


def etr(*rows: Sequence[str]) -> bytes:
    """An etr file; without rows, of three trusts."""
    return csv_bytes(rows or [extract_row(*SOMERSET), extract_row(*YEOVIL), extract_row(*DEVON)])


def eccg(*rows: Sequence[str]) -> bytes:
    return csv_bytes(rows or [extract_row("11X", "NHS SOMERSET ICB - 11X"), extract_row("15N", "NHS DEVON ICB - 15N")])


def epilepsy(*pairs: tuple[str, str]) -> bytes:
    """An epilepsy membership file of (trust, network) codes."""
    header = ["ods trust code", "OPEN UK Network Name", "OPEN UK Network Code", "country"]
    rows = [[trust, f"Network {network}", network, "England"] for trust, network in pairs]
    return csv_bytes([header, *rows], quoting=csv.QUOTE_MINIMAL)


def diabetes(*pairs: tuple[str, str]) -> bytes:
    """A diabetes membership file of (unit, network) codes."""
    header = ["ods_code", "npda_code", "network_name", "network_code"]
    rows = [[unit, "PZ001", "South West", network] for unit, network in pairs]
    return csv_bytes([header, *rows], quoting=csv.QUOTE_MINIMAL)


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


PCN_HEADERS = [
    "PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date", "Close Date",
    "Address Line 1", "Address Line 2", "Address Line 3", "Address Line 4", "Address Line 5", "Postcode",
]  # fmt: skip
MEMBER_HEADERS = [
    "Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nSub ICB Loc Code",
    "Practice\nParent\nSub ICB Loc Name", "PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code",
    "PCN Parent\nSub ICB Loc Name", "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date", "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
]  # fmt: skip
AREA = ["11X", "NHS SOMERSET ICB - 11X"]


def pcn(code: str = "U00001", name: str = "TAUNTON PCN", opened: Any = "20191001", closed: Any = "") -> list[Any]:
    return [code, name, *AREA, opened, closed, "1 HIGH STREET", "", "", "TAUNTON", "", "TA1 1NW"]


def practice(
    code: str = "L85001",
    name: str = "COLLEGE WAY SURGERY",
    network: str = "U00001",
    start: Any = "20191001",
    end: Any = "",
) -> list[Any]:
    return [code, name, *AREA, network, "A PCN", *AREA, start, end, True]


def epcn(pcns: Sequence[Sequence[Any]] | None = None, practices: Sequence[Sequence[Any]] | None = None) -> bytes:
    """An ePCN workbook; without rows, of one network with one practice."""
    return workbook(
        {
            "PCNDetails": [PCN_HEADERS, *([pcn()] if pcns is None else pcns)],
            "PCN Core Partner Details": [MEMBER_HEADERS, *([practice()] if practices is None else practices)],
        }
    )


ICB_HEADERS = [
    "NHS England Region", "ODS ICB Code", "ONS ICB Boundary Code", "ICB Name",
    "Sub ICB Locations\n(formerly CCGs)", "ODS Sub ICB Code", "Local Authority", "ODS LA Code",
    "NHS Trusts", "ODS Trust Code", "HSJ", "Notes",
]  # fmt: skip
APPORTIONMENT_HEADERS = ["NHS England Region", "ODS ICB Code", "ICB Name", "NHS Trusts", "ODS Trust Code"]
SOUTH_WEST = "South West (Y58)"
SOMERSET_ICB = "NHS SOMERSET INTEGRATED CARE BOARD"


def board(
    sub_icb: tuple[Any, Any] = ("", ""),
    council: tuple[Any, Any] = ("", ""),
    trust: tuple[Any, Any] = ("", ""),
    *,
    icb: str = "QSL",
    name: str = SOMERSET_ICB,
) -> list[Any]:
    """A row of the partners' sheet; each member is (code, name), written name first as in the workbook."""
    blocks = [cell for code, named in (sub_icb, council, trust) for cell in (named, code)]
    return [SOUTH_WEST, icb, "E54000038", name, *blocks, "", ""]


def icb_partners(
    partners: Sequence[Sequence[Any]] | None = None, apportioned: Sequence[tuple[str, str, str]] = ()
) -> bytes:
    """The partner workbook, header in row 5; ``apportioned`` holds (icb, trust, name)."""
    if partners is None:
        somerset = (SOMERSET[0], "Somerset NHS Foundation Trust")
        partners = [board(("11X", "NHS SOMERSET ICB - 11X"), (905.0, "Somerset Council"), somerset)]
    titles: list[list[Any]] = [["PARTNER MAPPING"], ["SEE TITLE SHEET"], [""], [""]]
    money = [[SOUTH_WEST, icb, SOMERSET_ICB, name, trust] for icb, trust, name in apportioned]
    return workbook(
        {
            "Title sheet": [["About"]],
            "ICB Partners": [*titles, ICB_HEADERS, *partners],
            "ICB Financial Apportionment": [*titles[:3], APPORTIONMENT_HEADERS, *money],
        }
    )
