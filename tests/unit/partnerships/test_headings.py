import pytest

from partnerships.headings import LONGEST_HEADING, told_apart

LONG = "x" * LONGEST_HEADING


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (["Pool", "Days"], ["Pool", "Days"]),
        (["Board", "Board", "Board"], ["Board", "Board (2)", "Board (3)"]),
        (["Board", "BOARD"], ["Board", "BOARD (2)"]),
        (["Board", "Board", "Board (2)"], ["Board", "Board (2)", "Board (2) (2)"]),
        (["Straße", "STRASSE"], ["Straße", "STRASSE (2)"]),
        ([LONG + "a", LONG + "b"], [LONG, LONG[:-4] + " (2)"]),
    ],
)
def test_no_two_are_the_same(headings: list[str], told: list[str]) -> None:
    assert told_apart(headings) == told
