import codecs

import pytest

from partnerships.imports.register.texts import read_text
from partnerships.register_facts import RegisterFileRefusedError


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\nc,d\n",
        b"a,b\r\nc,d\r\n",
        b"a,b\rc,d\r",
        codecs.BOM_UTF8 + b'"a","b"\n"c","d"\n',
        "a,b\nc,d\n".encode("utf-16"),
    ],
)
def test_encodings_and_line_endings_do_not_matter(content: bytes) -> None:
    text = read_text(content)
    assert text.rows == ((1, ["a", "b"]), (2, ["c", "d"]))
    assert text.is_whole


def test_an_old_encoding_keeps_its_letters() -> None:
    assert read_text("Tŷ Bryn,é\n".replace("ŷ", "y").encode("cp1252")).first == ["Ty Bryn", "é"]


def test_empty_lines_count_as_excel_counts_them() -> None:
    assert [number for number, _ in read_text(b"a\n\n , \nb").rows] == [1, 4]


def test_a_last_line_that_is_not_ended_is_noticed() -> None:
    assert not read_text(b"a,b\nc,d").is_whole


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'a,b\n"c,d\n', "it breaks off or is garbled near row 2"),
        (b'"a"b,c\n', "it breaks off or is garbled near row 1"),
        (b"a,b\x00\n", "zero bytes"),
        (b"\x81\x8d\x8f\x90" * 10, "it is not text"),
        (b"\xff\xfea", "it is not text"),
        (b",\n,\n", "it is empty"),
        (b"a" * 200_000, "garbled near row 1"),
    ],
)
def test_what_is_no_csv_file_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(RegisterFileRefusedError, match=reason):
        read_text(content)
