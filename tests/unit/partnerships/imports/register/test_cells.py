import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.imports.register import cells
from partnerships.imports.register.cells import UnusableCellError

LATEST = datetime.date(2028, 1, 1)


@pytest.mark.parametrize(
    ("cell", "codes", "code"),
    [
        ("RH5", cells.TRUST, "RH5"),
        (" rh5 ", cells.TRUST, "RH5"),
        ("G6V2S", cells.TRUST, "G6V2S"),
        ("TAD", cells.TRUST, "TAD"),
        (106.0, cells.COUNCIL, "106"),
        (905, cells.COUNCIL, "905"),
        ("W8X1Q", cells.COUNCIL, "W8X1Q"),
        ("00L", cells.COMMISSIONER, "00L"),
        ("L85001", cells.PRACTICE, "L85001"),
        ("RVY02", cells.UNIT, "RVY02"),
    ],
)
def test_codes_come_back_as_the_register_gives_them(cell: object, codes: cells.CodePattern, code: str) -> None:
    assert cells.code_of(cell, "Code", codes) == code


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "there is no code of an NHS trust. Codes look like RH5."),
        (None, "there is no code of an NHS trust. Codes look like RH5."),
        ("00L", "“00L” is not the code of an NHS trust. Codes look like RH5."),
        (1.5, "“1.5” is not the code of an NHS trust. Codes look like RH5."),
        ("RH5\x00", "“RH5?” is not the code of an NHS trust. Codes look like RH5."),
    ],
)
def test_a_cell_without_a_code_says_what_codes_look_like(cell: object, reason: str) -> None:
    with pytest.raises(UnusableCellError) as problem:
        cells.code_of(cell, "Code", cells.TRUST)
    assert (problem.value.column, problem.value.reason) == ("Code", reason)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "there is no name."),
        ("   ", "there is no name."),
        ("=HYPERLINK(A1)", "“=HYPERLINK(A1)” is a formula, not a name."),
        ("A\x07B", "“A?B” holds characters that no name has."),
        ("A" * 201, f"“{'A' * 60}…” is longer than 200 characters."),
    ],
)
def test_what_is_no_name(cell: object, reason: str) -> None:
    with pytest.raises(UnusableCellError) as problem:
        cells.name_of(cell, "Name")
    assert problem.value.reason == reason


def test_a_name_is_put_on_one_line() -> None:
    assert cells.name_of("NHS  Somerset\nICB ", "Name") == "NHS Somerset ICB"


@pytest.mark.parametrize(
    "cell",
    ["20250401", 20250401, 20250401.0, "2025-04-01", datetime.date(2025, 4, 1), datetime.datetime(2025, 4, 1, 9, 30)],  # noqa: DTZ001
)
def test_days_are_read_however_a_spreadsheet_keeps_them(cell: object) -> None:
    assert cells.day_of(cell, "Open", LATEST) == datetime.date(2025, 4, 1)


def test_an_empty_cell_is_no_day() -> None:
    assert cells.day_of("", "Open", LATEST) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("20250231", "“20250231” is not a date. Dates look like 20250401."),
        ("1 April 2025", "“1 April 2025” is not a date. Dates look like 20250401."),
        ("20990401", "1 April 2099 is too far ahead."),
        ("01000401", "1 April 100 is too long ago."),
    ],
)
def test_days_that_cannot_be(cell: str, reason: str) -> None:
    with pytest.raises(UnusableCellError) as problem:
        cells.day_of(cell, "Open", LATEST)
    assert problem.value.reason == reason


def test_a_close_date_before_the_open_date_is_explained() -> None:
    with pytest.raises(UnusableCellError, match="the close date 1 April 2020 is before the open date 1 April 2021"):
        cells.check_order(datetime.date(2021, 4, 1), datetime.date(2020, 4, 1), "L", "open date", "close date")


@pytest.mark.parametrize(("cell", "postcode"), [("ta1 5da", "TA1 5DA"), ("Not known", ""), ("", ""), (3.0, "")])
def test_a_wrong_postcode_stops_nothing(cell: object, postcode: str) -> None:
    assert cells.postcode_of(cell) == postcode


ANY_CELL = st.one_of(
    st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.binary()
)


@settings(deadline=None)
@given(ANY_CELL)
def test_any_cell_is_read_or_refused_with_a_reason(cell: object) -> None:
    for read in (
        lambda: cells.code_of(cell, "A", cells.TRUST),
        lambda: cells.name_of(cell, "B"),
        lambda: cells.day_of(cell, "C", LATEST),
        lambda: cells.postcode_of(cell),
    ):
        try:
            read()
        except UnusableCellError as problem:
            assert problem.reason.endswith(".")  # noqa: PT017
            assert "\n" not in problem.reason  # noqa: PT017
