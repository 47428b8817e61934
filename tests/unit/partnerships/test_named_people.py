import pytest

from partnerships.named_people import is_named, with_name_replaced

NAME = "Priya Nambiar"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Priya Nambiar", True),
        ("  priya   NAMBIAR ", True),
        ("Priya Nambiar, director of strategy", True),
        ("Siobhan Reilly and Priya Nambiar", True),
        ("Priya Nambiar-Jones", True),
        ("Priya Nambiars", False),
        ("Director of strategy", False),
        ("", False),
    ],
)
def test_somebody_is_named_in_whole_words(text: str, named: bool) -> None:
    assert is_named(text, NAME) is named


def test_nobody_without_a_name_is_named_anywhere() -> None:
    assert not is_named("Priya Nambiar", " ")


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Priya Nambiar", "Tomos Hale"),
        ("priya nambiar (strategy)", "Tomos Hale"),
        ("Priya Nambiar, director of strategy", "Tomos Hale"),
        ("Priya Nambiar – strategy", "Tomos Hale"),
        ("Siobhan Reilly and Priya Nambiar", "Siobhan Reilly and Tomos Hale"),
        ("Priya Nambiar and Siobhan Reilly", "Tomos Hale and Siobhan Reilly"),
        ("Somebody else", "Somebody else"),
        ("", ""),
    ],
)
def test_a_name_is_replaced_with_the_title_that_was_its_own(text: str, becomes: str) -> None:
    assert with_name_replaced(text, NAME, "Tomos Hale") == becomes


def test_a_name_is_text_and_no_pattern() -> None:
    assert not is_named("abc", "a.c")
    assert with_name_replaced("Dr (A) Lee", "Dr (A) Lee", r"\\1 Ray") == r"\\1 Ray"
