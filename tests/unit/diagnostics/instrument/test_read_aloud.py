"""The shipped items as they sound: plain English, one idea each, no jargon.

The reading age is Flesch and Kincaid's grade (Kincaid and others 1975) and five years: a grade is a school year.
"""

from __future__ import annotations

import re
from statistics import fmean

import pytest

from diagnostics.instrument import BY_PARTNERS, BY_US, CURRENT, Item, instrument

ITEMS = instrument().items
# Words of the trade, and of offices, that somebody outside would have to ask about.
JARGON = re.compile(
    r"\b(accountab|align|capabilit|capacity|co-produc|collaborat|deliver|engage|enabl|govern|impact|leverag|mandat|"
    r"metric|outcome|pathway|programme|robust|stakeholder|strateg|synerg|system|transform|utilis|vision)",
    re.IGNORECASE,
)
OLDEST_READER, OLDEST_TOGETHER = 16, 12


def syllables(word: str) -> int:
    """By groups of vowels, without a silent e: good to about one in ten, which the average evens out."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = plain.endswith(("e", "es", "ed")) and not plain.endswith(("le", "les", "ted", "ded"))
    return max(1, groups - (silent and groups > 1))


def reading_age(texts: list[str]) -> float:
    words = [word for text in texts for word in re.findall(r"[\w’'-]+", text)]
    grade = 0.39 * len(words) / len(texts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5


def test_together_they_are_for_a_reader_of_twelve() -> None:
    assert reading_age([item.text for item in ITEMS]) <= OLDEST_TOGETHER


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_each_is_plain(item: Item) -> None:
    assert not JARGON.search(item.text)
    assert len(item.text.split()) <= 14
    assert item.text.endswith(".")


def test_the_measure_tells_plain_from_heavy() -> None:
    assert reading_age(["The cat sat on the mat."]) < 7
    assert reading_age(["Organisational accountability arrangements facilitate transformational outcomes."]) > 20
    assert fmean(reading_age([item.text]) for item in ITEMS) < OLDEST_READER


@pytest.mark.parametrize("version", [CURRENT, BY_PARTNERS, BY_US])
def test_none_is_a_negation_to_disagree_with(version: str) -> None:
    negated = {item.code for item in instrument(version).items if re.search(r"\b(no|never|nothing)\b", item.text)}
    assert negated == set()


def test_facing_hard_questions_is_saying_what_needs_to_be_said() -> None:
    assert instrument().items_of_topic("candour") == ("CAN1", "SUB2")


def test_items_ask_one_thing_each() -> None:
    """An "and" or "or" that joins two askings: those that stay join two names for one thing."""
    joined = {item.code for item in ITEMS if re.search(r"\b(and|or)\b", item.text)}
    assert joined <= {"BEN1"}
