"""QR codes: drawn once as squares, and given out as a path for a page, as an SVG file or as a PNG file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M

BORDER = 4  # squares of white around it, without which many phones do not find it (ISO/IEC 18004)
PIXELS_A_SQUARE = 16


@dataclass(frozen=True)
class QrCode:
    """Rows of squares from the top, true where dark, with the white border around them."""

    squares: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """How many squares it is wide and high."""
        return len(self.squares)

    @property
    def path(self) -> str:
        """The dark squares as the data of an SVG path, those beside each other as one."""
        return "".join(f"M{x} {y}h{wide}v1h-{wide}z" for y, x, wide in self._runs())

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        for y, row in enumerate(self.squares):
            x = 0
            while x < self.size:
                wide = 0
                while x + wide < self.size and row[x + wide]:
                    wide += 1
                if wide:
                    yield y, x, wide
                x += wide or 1

    def as_svg(self) -> str:
        """A file of its own, which is sharp at any size."""
        size, pixels = self.size, self.size * PIXELS_A_SQUARE
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" '
            f'viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{self.path}"/></svg>\n'
        )

    def as_png(self) -> bytes:
        """A picture for slides: one bit a pixel, which needs no library for it (PNG, third edition, section 11)."""
        pixels = self.size * PIXELS_A_SQUARE
        lines = b"".join((b"\0" + _packed(row)) * PIXELS_A_SQUARE for row in self.squares)
        header = struct.pack(">IIBBBBB", pixels, pixels, 1, 0, 0, 0, 0)
        parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _packed(row: tuple[bool, ...]) -> bytes:
    """A line of pixels, eight in a byte, white being one; a square is a whole number of bytes wide."""
    return b"".join((b"\0" if dark else b"\xff") * (PIXELS_A_SQUARE // 8) for dark in row)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def qr_code(text: str) -> QrCode:
    """The code of a text; up to 15 of 100 of its squares may be covered or damaged."""
    drawn = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    drawn.add_data(text)
    drawn.make(fit=True)
    return QrCode(tuple(tuple(bool(square) for square in row) for row in drawn.get_matrix()))
