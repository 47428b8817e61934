"""Files made to break what reads them, sent as a person would send a portfolio."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import organisation_with_people

SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [%s]>'
LAUGHS = ENTITIES % (
    b'<!ENTITY l0 "ha">' + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
)
FROM_DISK = ENTITIES % b'<!ENTITY file SYSTEM "file:///etc/passwd">'
FROM_THE_NET = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://elsewhere.example/a.dtd">'


def workbook(*, instead: dict[str, bytes] | None = None, before: bytes = b"") -> bytes:
    """A small portfolio; ``instead`` replaces parts of its package, ``before`` stands at the head of its sheet."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write_row(0, 0, ["Name", "Kind"])
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = (instead or {}).get(name, old.read(name))
            if name == SHEET and before:
                part = before + part.partition(b"?>")[2]
            new.writestr(name, part)
    return changed.getvalue()


def cell(place: str) -> bytes:
    row = "".join(one for one in place if one.isdigit())
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{place}"><v>1</v></c></row>'.encode()
        + b"</sheetData></worksheet>"
    )


HOSTILE = {
    "zip bomb.xlsx": workbook(instead={SHEET: b"<worksheet>" + b" " * 80_000_000}),
    "billion laughs.xlsx": workbook(before=LAUGHS),
    "file of the server.xlsx": workbook(before=FROM_DISK),
    "address elsewhere.xlsx": workbook(before=FROM_THE_NET),
    "far corner.xlsx": workbook(instead={SHEET: cell("XFD1048576")}),
    "shared texts.xlsx": workbook(instead={"xl/sharedStrings.xml": LAUGHS}),
    "no workbook.xlsx": b"PK\x03\x04 and nothing else",
    "a program.csv": b"\x7fELF" + bytes(range(256)) * 50,
    "many columns.csv": b"," * 200_000,
    "one long cell.csv": b"Name\n" + b"x" * 1_000_000,
    "picture.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 1000,
    "wide characters.csv": "Name\nÄ".encode("utf-32"),
    "page.html": b"<script>alert(1)</script>",
    "macro.xlsm": workbook(),
    "shell.php": b"<?php system('id'); ?>",
}


@pytest.fixture
def desk(db: None) -> tuple[Client, Any]:
    organisation, lead, _ = organisation_with_people()
    client = Client()
    client.force_login(lead)
    return client, organisation


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_words_and_nothing_is_kept(desk: tuple[Client, Any], name: str) -> None:
    client, organisation = desk
    upload = SimpleUploadedFile(name, HOSTILE[name])
    answer = client.post(f"/o/{organisation.code}/partnerships/import/", {"file": upload})
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "nhsuk-error-summary" in words
    assert "root:" not in words
    assert not organisation.import_previews.exists()


def test_what_is_larger_than_any_portfolio_is_not_even_received(desk: tuple[Client, Any], settings: Any) -> None:
    client, organisation = desk
    address = f"/o/{organisation.code}/partnerships/import/"
    large = SimpleUploadedFile("large.csv", b"x" * (settings.LARGEST_UPLOAD_BYTES + 1))
    assert "larger than 5 MB" in client.post(address, {"file": large}).content.decode()
    huge = SimpleUploadedFile("huge.csv", b"x" * (settings.LARGEST_REQUEST_BYTES + 1))
    refused = client.post(address, {"file": huge})
    assert refused.status_code == 413
    assert "A file can have up to 5 MB" in refused.content.decode()


def test_a_name_with_a_way_through_the_folders_is_only_a_name(desk: tuple[Client, Any]) -> None:
    client, organisation = desk
    name = "../../../etc/cron.d/<b>x</b>.csv"
    body = (
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        "Name,Kind\nAn alliance,Council partnership\n\r\n--x--\r\n"
    )
    address = f"/o/{organisation.code}/partnerships/import/"
    answer = client.post(address, body.encode(), content_type="multipart/form-data; boundary=x", follow=True)
    assert answer.status_code == 200
    assert organisation.import_previews.get().file_name == "<b>x</b>.csv".rpartition("/")[2]
    assert b"<b>x" not in answer.content


def test_a_packed_request_is_not_unpacked(desk: tuple[Client, Any]) -> None:
    """No server of ours unpacks what a header calls packed, so that nothing small becomes large."""
    import gzip

    client, organisation = desk
    answer = client.post(
        f"/o/{organisation.code}/partnerships/add/",
        gzip.compress(b"name=x&kind=1" * 1000),
        content_type="application/x-www-form-urlencoded",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 200
    assert "nhsuk-error-summary" in answer.content.decode()
