"""QR codes: what a page, a drawing and a picture show is the same, square by square."""

from __future__ import annotations

import re
import struct
import zlib

import numpy
import pytest
import zxingcpp
from numpy.typing import NDArray

from design.qr_codes import BORDER, PIXELS_A_SQUARE, QrCode, qr_code

ADDRESS = "https://triage.example.org/s/" + "aB3-_" * 8 + "xyz/"
FINDER = ("#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######")


@pytest.fixture(scope="module")
def code() -> QrCode:
    return qr_code(ADDRESS)


def drawn(path: str, size: int) -> list[list[bool]]:
    """What a path of bars draws."""
    squares = [[False] * size for _ in range(size)]
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{wide}v1h-{back}z" for x, y, wide, back in bars) == path
    for x, y, wide, back in bars:
        assert wide == back
        for step in range(int(wide)):
            assert not squares[int(y)][int(x) + step], "drawn once"
            squares[int(y)][int(x) + step] = True
    return squares


def test_it_has_a_white_border_and_three_corners_that_phones_look_for(code: QrCode) -> None:
    rows = ["".join("#" if dark else "." for dark in row) for row in code.squares]
    assert {len(row) for row in rows} == {code.size}
    white = "." * code.size
    assert rows[:BORDER] == rows[-BORDER:] == [white] * BORDER
    assert all(row.startswith("." * BORDER) and row.endswith("." * BORDER) for row in rows)
    end = code.size - BORDER
    for top, left in ((BORDER, BORDER), (BORDER, end - 7), (end - 7, BORDER)):
        assert tuple(row[left : left + 7] for row in rows[top : top + 7]) == FINDER


def test_the_path_draws_every_dark_square_once(code: QrCode) -> None:
    assert drawn(code.path, code.size) == [list(row) for row in code.squares]


def test_the_drawing_is_the_same_path_on_white(code: QrCode) -> None:
    text = code.as_svg()
    assert f'viewBox="0 0 {code.size} {code.size}"' in text
    assert f'<path d="{code.path}"/>' in text
    assert f'fill="#fff" d="M0 0h{code.size}v{code.size}H0z"' in text


def test_the_picture_has_the_same_squares(code: QrCode) -> None:
    """Read again by hand: each part with its checksum, then the lines of pixels."""
    parts = parts_of(code.as_png())
    pixels = code.size * PIXELS_A_SQUARE
    assert struct.unpack(">IIBBBBB", parts[b"IHDR"]) == (pixels, pixels, 1, 0, 0, 0, 0)
    lines = zlib.decompress(parts[b"IDAT"])
    wide = 1 + pixels // 8
    assert len(lines) == wide * pixels
    for y in range(pixels):
        line = lines[y * wide : (y + 1) * wide]
        assert line[0] == 0
        dark = [not line[1 + x // 8] >> (7 - x % 8) & 1 for x in range(PIXELS_A_SQUARE // 2, pixels, PIXELS_A_SQUARE)]
        assert tuple(dark) == code.squares[y // PIXELS_A_SQUARE]


def parts_of(file: bytes) -> dict[bytes, bytes]:
    """The parts of a PNG file, each with the checksum that it should have."""
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    parts, at = {}, 8
    while at < len(file):
        (length,) = struct.unpack(">I", file[at : at + 4])
        kind, data = file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        assert struct.unpack(">I", file[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + data),)
        parts[kind], at = data, at + 12 + length
    assert list(parts) == [b"IHDR", b"IDAT", b"IEND"]
    return parts


def read_by_a_scanner(grey: NDArray[numpy.uint8]) -> str:
    """What a decoder reads that knows nothing of how the code was made."""
    [found] = zxingcpp.read_barcodes(grey)
    return str(found.text)


def test_a_scanner_reads_the_address_from_the_picture(code: QrCode) -> None:
    pixels = code.size * PIXELS_A_SQUARE
    lines = numpy.frombuffer(zlib.decompress(parts_of(code.as_png())[b"IDAT"]), dtype=numpy.uint8)
    bits = numpy.unpackbits(lines.reshape(pixels, -1)[:, 1:], axis=1)[:, :pixels]
    assert read_by_a_scanner(bits * numpy.uint8(255)) == ADDRESS


def test_a_scanner_reads_the_address_from_the_drawing_with_a_part_covered(code: QrCode) -> None:
    light = 1 - numpy.array(drawn(code.path, code.size), dtype=numpy.uint8)
    middle = slice(code.size // 2 - 4, code.size // 2 + 4)
    light[middle, middle] = 1
    assert read_by_a_scanner(numpy.kron(light, numpy.full((8, 8), 255, dtype=numpy.uint8))) == ADDRESS


def test_another_address_has_another_code() -> None:
    assert qr_code(ADDRESS) == qr_code(ADDRESS)
    assert qr_code(ADDRESS).squares != qr_code(ADDRESS.replace("xyz", "xyy")).squares
