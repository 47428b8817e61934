"""etr and eccg have the same columns: codes and names tell them apart, and row by row what cannot be used."""

import codecs
import datetime

import pytest

from partnerships.imports.register import read_register
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import RegisterFacts, RegisterFileRefusedError
from tests.register_files import DEVON, SOMERSET, YEOVIL, csv_bytes, eccg, etr, extract_row

LATEST = datetime.date(2028, 1, 1)
HEADER = ["Organisation Code", "Name", *[""] * 25]
GOOD = [extract_row(*SOMERSET), extract_row(*YEOVIL), extract_row(*DEVON)]


def read(content: bytes) -> RegisterFacts:
    return read_register(content, latest=LATEST)


def test_a_trusts_row_is_read_whole() -> None:
    facts = read(etr(extract_row("RA4", "YEOVIL DISTRICT HOSPITAL NHS FOUNDATION TRUST", closed="20230331")))
    (trust,) = facts.organisations
    assert facts.source == RegisterSource.TRUSTS
    assert (trust.code, trust.name, trust.kind) == (*YEOVIL, OrganisationKind.TRUST)
    assert (trust.region_code, trust.icb_code, trust.postcode) == ("Y58", "QSL", "TA1 5DA")
    assert (trust.opened_on, trust.closed_on) == (datetime.date(2001, 4, 1), datetime.date(2023, 3, 31))


def test_commissioners_are_told_by_codes_and_names() -> None:
    facts = read(eccg())
    assert facts.source == RegisterSource.COMMISSIONERS
    assert {one.kind for one in facts.organisations} == {OrganisationKind.SUB_ICB}


def test_a_commissioner_with_a_code_like_a_new_trusts_goes_by_its_name() -> None:
    assert read(eccg(extract_row("D9Y0V", "NHS HAMPSHIRE AND ISLE OF WIGHT ICB - D9Y0V"))).source == "eccg"
    assert read(etr(extract_row("G6V2S", "NORTH LONDON NHS FOUNDATION TRUST"))).source == "etr"


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + etr(),
        etr().replace(b"\n", b"\r\n"),
        etr().replace(b"\n", b"\r"),
        etr().decode().encode("utf-16"),
        etr().rstrip(b"\n"),
        csv_bytes([HEADER, *GOOD]),
        b"\n" + etr(),
    ],
)
def test_the_way_it_was_saved_does_not_matter(content: bytes) -> None:
    facts = read(content)
    assert [one.code for one in facts.organisations] == ["RH5", "RA4", "RH8"]
    assert facts.refused == ()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (extract_row("", "NO CODE NHS TRUST"), "A (code)", "there is no code"),
        (extract_row("R0A01", "A SITE OF A TRUST"), "A (code)", "“R0A01” is not the code of an NHS trust"),
        (extract_row("RXX", ""), "B (name)", "there is no name"),
        (extract_row("RXX", "=1+1"), "B (name)", "a formula"),
        (extract_row("RXX", "NHS DEVON CCG"), "B (name)", "named like a commissioner"),
        (extract_row("RXX", "X NHS TRUST", closed="2023"), "L (close date)", "“2023” is not a date"),
        (extract_row("RXX", "X NHS TRUST", closed="19990101"), "L (close date)", "is before the open date"),
        (extract_row("RXX", "X NHS TRUST", opened="20990101"), "K (open date)", "too far ahead"),
        (extract_row("RXX", "X NHS TRUST", icb="NOWHERE"), "D (integrated care board)", "“NOWHERE” is not the code"),
        (extract_row("RH5", "SOMERSET AGAIN NHS TRUST"), "A (code)", "RH5 is already in row 1; the first one counts"),
        (extract_row("RXX", "X NHS TRUST")[:20], "A to AA", "the row has 20 columns instead of 27"),
    ],
)
def test_an_unusable_row_is_named_with_its_reason(row: list[str], column: str, reason: str) -> None:
    facts = read(etr(GOOD[0], row, *GOOD[1:]))
    (refused,) = facts.refused
    assert (refused.row, refused.column) == (2, column)
    assert reason in refused.reason
    assert [one.code for one in facts.organisations] == ["RH5", "RA4", "RH8"]


def test_rows_are_numbered_as_excel_shows_them() -> None:
    content = csv_bytes([HEADER, *GOOD]) + b"\n" + csv_bytes([extract_row("", "NO CODE NHS TRUST"), GOOD[0]])
    assert [row.row for row in read(content).refused] == [6, 7]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (etr(*(extract_row(f"R{n}A0{n}", "A HOSPITAL") for n in range(9))), "neither those of NHS trusts"),
        (etr(*(extract_row(f"ABC12{n}", "A NHS TRUST") for n in range(9))), "neither those of NHS trusts"),
        (etr(*(extract_row(f"R{n}A", "A SHOP") for n in range(9))), "neither those of NHS trusts"),
        (etr(*(extract_row(f"L8500{n}", "A SURGERY") for n in range(9))), "neither those of NHS trusts"),
        (etr() + eccg(), "neither those of NHS trusts"),
        (etr()[:-20], "it breaks off in row 3"),
        (etr()[: etr().rindex(b"TAUNTON") + 3], "garbled near row 3"),
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (etr(*(extract_row(f"R{n}A", "A TRUST", opened="no") for n in range(9))), "9 of its rows cannot be used"),
    ],
)
def test_a_file_that_only_looks_right_is_refused_whole(content: bytes, reason: str) -> None:
    with pytest.raises(RegisterFileRefusedError, match=reason):
        read(content)


def test_a_stray_row_of_the_other_extract_is_refused_alone() -> None:
    facts = read(etr(*GOOD, extract_row("11X", "NHS SOMERSET ICB - 11X")))
    assert [(row.row, row.column) for row in facts.refused] == [(4, "A (code)")]
    assert len(facts.organisations) == 3
