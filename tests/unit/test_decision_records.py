"""Each decision record has a number of its own, and whatever speaks of one speaks of one that is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))
NAMED = re.compile(r"adr/(\d{4}-[\w-]+\.md)")
NUMBERED = re.compile(r"\bADR (\d+)\b")


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]


def test_no_two_have_one_number() -> None:
    numbers = Counter(record.name[:4] for record in RECORDS)
    assert [number for number, count in numbers.items() if count > 1] == []
    assert len(numbers) > 15


def test_its_heading_has_the_number_of_its_file() -> None:
    headings = {record.name: record.read_text().split(".", 1)[0] for record in RECORDS}
    assert headings == {record.name: f"# {int(record.name[:4])}" for record in RECORDS}


def test_whatever_names_one_names_one_that_is_there() -> None:
    names = {record.name for record in RECORDS}
    numbers = {int(name[:4]) for name in names}
    lost = []
    for page in pages():
        text = page.read_text()
        lost += [(page.name, name) for name in NAMED.findall(text) if name not in names]
        lost += [(page.name, number) for number in NUMBERED.findall(text) if int(number) not in numbers]
    assert lost == []
