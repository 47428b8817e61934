import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.spreadsheet_safety import plain_text, safe_text


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("x")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "'=1",
        "''=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == "'" + text
    assert plain_text(safe_text(text)) == text


@pytest.mark.parametrize("text", ["", "Mendip", "'tis well", "a=b", "'"])
def test_other_text_stays(text: str) -> None:
    assert safe_text(text) == text
    assert plain_text(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\na 1"), max_size=8))
def test_nothing_is_lost_on_the_way_out_and_back(text: str) -> None:
    assert plain_text(safe_text(text)) == text
    assert safe_text(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
