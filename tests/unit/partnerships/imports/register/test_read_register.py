"""Any file at all is read or refused with one line, and never breaks the reader."""

import datetime
import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partnerships.imports.register import LARGEST_FILE, read_register
from partnerships.register_facts import RegisterFacts, RegisterFileRefusedError
from tests.register_files import diabetes, epcn, epilepsy, etr, icb_partners

LATEST = datetime.date(2028, 1, 1)
FILES = [etr(), epilepsy(("RH5", "SWIPE"), ("RH8", "SWIPE")), diabetes(("RVY02", "PN11")), epcn(), icb_partners()]


def outcome(content: bytes) -> RegisterFacts | str:
    try:
        facts = read_register(content, latest=LATEST)
    except RegisterFileRefusedError as problem:
        return str(problem)
    assert facts.entries
    return facts


def is_one_line(said: RegisterFacts | str) -> bool:
    return not isinstance(said, str) or ("\n" not in said and len(said) < 500)


@settings(deadline=None)
@given(st.binary(max_size=2000))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + b"\x00" * 18)
@example("\ufeff".encode())
def test_any_bytes(content: bytes) -> None:
    assert is_one_line(outcome(content))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), max_size=6), st.floats(0, 1))
def test_a_register_with_any_bytes_changed_and_cut_anywhere(
    content: bytes, changes: list[tuple[float, bytes]], share: float
) -> None:
    changed = bytearray(content)
    for place, new in changes:
        start = int(place * len(changed))
        changed[start : start + len(new)] = new
    assert is_one_line(outcome(bytes(changed)))
    assert is_one_line(outcome(bytes(changed[: int(share * len(changed))])))


LIKELY = st.sampled_from(["RH5", "SOMERSET NHS TRUST", "20010401", "QSL", "", "\x00", '"', "=1"])
CELLS = st.one_of(LIKELY, st.text(max_size=30))
NOISE = {
    "random": os.urandom(10_000_000),
    "zeros": b"\x00" * 1_000_000,
    "pdf": b"%PDF-1.7\n" * 1000,
    "long": b"a,b\n" * 100_000,
}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=27, max_size=27), min_size=1, max_size=6))
def test_any_cells_in_the_columns_of_an_extract(rows: list[list[str]]) -> None:
    said = outcome(etr(*rows))
    assert is_one_line(said)
    if isinstance(said, RegisterFacts):
        assert all(len(one.code) in (3, 5) and 0 < len(one.name) <= 200 for one in said.organisations)


@pytest.mark.parametrize("kind", sorted(NOISE))
def test_noise_is_refused(kind: str) -> None:
    assert isinstance(outcome(NOISE[kind]), str)


def test_a_locked_or_old_workbook_is_named_as_such() -> None:
    assert outcome(b"\xd0\xcf\x11\xe0" + b"\x00" * 100).startswith("it is locked, or in Excel's old format.")  # type: ignore[union-attr]


def test_a_huge_file_is_refused_unread() -> None:
    assert outcome(b"a" * (LARGEST_FILE + 1)) == "it is larger than 32 MB, as no register is."
