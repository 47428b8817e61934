"""The design system's styles as static files, without the NHS font: it is not ours to ship, and pages fetch nothing
from elsewhere.

The package's sheet names the font's address, and a browser that has that sheet before one of ours asks for it. So the
sheet is given out without it, from a copy made beside the other local files whenever the package's own is newer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SHEET = "nhsuk/nhsuk-without-font.min.css"
FONT = "Frutiger W01"


class FontlessFinder(BaseFinder):
    """Finds one file, `SHEET`."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Its path; an empty list for anything else."""
        if path != SHEET:
            return []
        made = str(_made())
        return [made] if find_all or kwargs.get("all") else made

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        _made()
        yield SHEET, FileSystemStorage(location=settings.MADE_STATIC)


def without_font(sheet: str) -> str:
    """A style sheet that neither declares the font nor uses it. Raises ValueError where it did not know the font."""
    changed = re.sub(rf"@font-face\{{font-family:{FONT};[^{{}}]*\}}", "", sheet).replace(f"{FONT},", "")
    if changed == sheet or FONT in changed or "assets.nhs.uk" in changed:
        raise ValueError(f"The design system names {FONT} otherwise than before: see {__name__}.")
    return changed


def _made() -> Path:
    source = settings.NODE_MODULES / "nhsuk-frontend" / "dist" / "nhsuk" / "nhsuk-frontend.min.css"
    target: Path = settings.MADE_STATIC / SHEET
    if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(f".{os.getpid()}.new")
        beside.write_text(without_font(source.read_text(encoding="utf-8")), encoding="utf-8")
        beside.replace(target)
    return target
