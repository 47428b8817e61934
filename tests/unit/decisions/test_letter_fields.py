"""Templates of letters: which fields there are, what is left out, and what sounds like a score."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from decisions.letter_fields import FIELDS, check_template, filled, left_open, sounds_like_scores
from decisions.letter_words import checklist_words, letter_words
from decisions.models import KindOfLetter


def test_fields_are_filled_in() -> None:
    text = filled("Dear {name},\n\nThank you for {partnership}.", {"name": "Asha", "partnership": "the alliance"})
    assert text == "Dear Asha,\n\nThank you for the alliance."


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert filled("Dear {name}", {"name": "{partnership}", "partnership": "x"}) == "Dear {partnership}"


def test_a_paragraph_about_nothing_is_left_out() -> None:
    template = "Hello\n\nOthers: {who_else}\n\nWe keep: {continues}\n\n{partnership}"
    assert filled(template, {"who_else": " ", "continues": "a call", "partnership": "P"}) == (
        "Hello\n\nWe keep: a call\n\nP"
    )


def test_an_unknown_field_is_named_with_those_that_exist() -> None:
    with pytest.raises(ValidationError) as problem:
        check_template("Dear {nmae}, about {partnership}")
    [message] = problem.value.messages
    assert message.startswith("There is no field {nmae}. Did you mean {name}? You can use {name}, {partnership},")
    assert all(f"{{{name}}}" in message for name in FIELDS)


@pytest.mark.parametrize("name", ["score", "scores", "the score", "ranking", "our_rating"])
def test_no_score_is_ever_a_field(name: str) -> None:
    with pytest.raises(ValidationError, match="a letter to a partner never tells scores"):
        check_template(f"You had {{{name}}}.")


@pytest.mark.parametrize("text", ["Dear {name", "Dear name}", "{{name}}", "{ {name} }"])
def test_a_bracket_alone_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="stands alone"):
        check_template(text)


def test_the_words_of_the_service_have_only_known_fields_and_no_scores() -> None:
    for kind in KindOfLetter:
        subject, body = letter_words(kind)
        for text in (subject, body):
            check_template(text)
            assert sounds_like_scores(text) == []
        assert "{name}" in body
        assert len(subject) <= 200
    assert len(checklist_words()) == len(set(checklist_words())) > 5
    assert all(len(words) <= 200 for words in checklist_words())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You scored 42 points, and were Ranked last", ["scored", "42 points", "Ranked"]),
        ("At this point we are grateful. Our rationale is narrow; the point is patients.", []),
        ("rated low", ["rated"]),
    ],
)
def test_what_sounds_like_a_score(text: str, found: list[str]) -> None:
    assert sounds_like_scores(text) == found


def test_what_stands_open_in_a_letter() -> None:
    assert left_open("Dear {name}, {x} and {name}") == ["{name}", "{x}"]
