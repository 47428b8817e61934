"""The design system's styles without the NHS font."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from design.finders import SHEET, FontlessFinder, without_font


def test_the_sheet_that_pages_use_names_no_font_from_elsewhere() -> None:
    found = finders.find(SHEET)
    assert isinstance(found, str)
    sheet = Path(found).read_text(encoding="utf-8")
    assert len(sheet) > 100_000
    assert "font-family:arial,sans-serif" in sheet
    assert "Frutiger" not in sheet
    assert "https://assets.nhs.uk" not in sheet


def test_it_is_collected_too_and_nothing_else_is_found() -> None:
    finder = FontlessFinder()
    [(path, storage)] = list(finder.list([]))
    assert path == SHEET
    assert storage.exists(SHEET)
    assert finder.find("nhsuk/other.css") == []
    assert len(finder.find(SHEET, find_all=True)) == 1


def test_a_design_system_that_names_its_font_otherwise_is_noticed() -> None:
    with pytest.raises(ValueError, match="otherwise than before"):
        without_font("html{font-family:Inter,arial}")
    with pytest.raises(ValueError, match="otherwise than before"):
        without_font("html{font-family:Frutiger W01,arial}body{font-family:'Frutiger W01'}")
