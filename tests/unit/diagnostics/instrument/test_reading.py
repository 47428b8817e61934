"""Files that people send: the schema and the loader say the same, and nothing but a message comes of what is wrong."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.instrument import InstrumentError, as_text, instrument, load, shipped_versions
from diagnostics.instrument.loading import as_document
from diagnostics.instrument.reading import MOST_BYTES, read_text

SCHEMA = json.loads(
    (Path(__file__).parents[4] / "docs" / "contract" / "survey-instrument-1.schema.json").read_text(encoding="utf-8")
)
FOLLOWS = jsonschema.Draft202012Validator(SCHEMA)
DOCUMENT: dict[str, Any] = as_document(instrument())


def places_in(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a document."""
    here = [path] if path else []
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return here + [one for key, value in inside for one in places_in(value, (*path, key))]


PLACES = places_in(DOCUMENT)
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=300),
    st.text(st.characters(categories=["Cs", "Cc", "Zl"]), min_size=1, max_size=3),
    st.just([]),
    st.just({}),
    st.lists(st.text(max_size=5), max_size=120),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.sampled_from(["PUR1", "purpose", "x" * 21, "x" * 201, " ", "ä"]),
)


@given(st.sampled_from(PLACES), ODD)
def test_whatever_stands_in_one_place_is_taken_or_refused_in_words(path: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    _taken_or_refused(document)


@given(st.sampled_from(PLACES), st.sampled_from(["remove", "twice", "surprise"]))
def test_whatever_is_missing_or_too_much_is_taken_or_refused_in_words(path: tuple[Any, ...], how: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    part = document
    for step in path[:-1]:
        part = part[step]
    if how == "remove":
        del part[path[-1]]
    elif isinstance(part, list):
        part.append(copy.deepcopy(part[path[-1]]))
    else:
        part["surprise"] = 1
    _taken_or_refused(document)


def _taken_or_refused(document: Any) -> None:
    try:
        made = load(document)
    except InstrumentError as refusal:
        _is_readable(str(refusal))
    else:
        assert list(FOLLOWS.iter_errors(document)) == []
        assert load(json.loads(as_text(made))) == made


def _is_readable(message: str) -> None:
    """It names the part first, can be shown and stored, and ends as a sentence does."""
    assert message.partition(":")[2].strip()
    assert message.isprintable()
    assert len(message) < 600
    message.encode()


@given(st.binary(max_size=400))
def test_bytes_that_are_no_json_are_refused_in_words(content: bytes) -> None:
    try:
        load(read_text(content))
    except InstrumentError as refusal:
        _is_readable(str(refusal))
    else:
        raise AssertionError("nothing so short is an instrument")


@given(st.integers(0, len(as_text(instrument()).encode()) - 1), st.binary(min_size=1, max_size=6))
def test_a_file_that_was_damaged_is_taken_or_refused_in_words(place: int, damage: bytes) -> None:
    content = as_text(instrument()).encode()
    try:
        document = read_text(content[:place] + damage + content[place + len(damage) :])
    except InstrumentError as refusal:
        _is_readable(str(refusal))
    else:
        _taken_or_refused(document)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "file: it is not JSON: line 1"),
        (b"\xff\xfe{\x00", "UTF-8"),
        (b'{"format": 1, "format": 2}', "'format' stands twice"),
        (b'{"minutes": NaN}', "NaN is not a number"),
        (b'{"minutes": ' + b"9" * 5000 + b"}", "too long"),
        (b"[" * 100_000, "too deep"),
        (b" " * (MOST_BYTES + 1), "larger than 200 kB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, message: str) -> None:
    with pytest.raises(InstrumentError, match=message):
        read_text(content)


def test_a_file_with_the_mark_that_windows_puts_first_is_read() -> None:
    assert load(read_text(b"\xef\xbb\xbf" + as_text(instrument()).encode())) == instrument()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("items", 3, "text"), 7, "items 4, text: expected words, not 7."),
        (("items", 3, "text"), "x" * 201, "items 4, text: 201 characters, and it can have 200."),
        (("items", 3, "text"), "a\x00b", r"items 4, text: it has the character U\+0000"),
        (("items", 3, "text"), "\ud800", r"items 4, text: it has the character U\+D800"),
        (("items", 3, "code"), "A B", "items 4, code: a code has letters"),
        (("minutes",), 11, "minutes: expected a whole number from 1 to 10, not 11."),
        (("minutes",), True, "minutes: expected a whole number from 1 to 10, not true."),
        (("bands", 1, "starts"), "3", "bands 2, starts: expected a number"),
        (("scale",), {}, "scale: expected a list, not {}."),
        (("pages", 0, "items"), "PUR1", "pages 1, items: expected a list"),
        (("pages", 0), [], r"pages 1: expected a part with keys, not \[\]."),
        (("places",), [{"code": "a", "label": "b"}] * 101, "places: 101 of them"),
        (("bands",), [], "bands: there are none."),
        (("low_values",), [], "low_values: there are none."),
        (("pages", 0, "items", 0), "PUR9", "exactly one page, unlike PUR1, PUR9"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_place(path: tuple[Any, ...], value: Any, message: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(InstrumentError, match=message):
        load(document)


@pytest.mark.parametrize("flag", ["reverse", "reversed", "direction", "polarity"])
def test_no_item_is_turned_round(flag: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["items"][0][flag] = True
    with pytest.raises(InstrumentError, match=f"items 1, {flag}: agreeing is always the healthy side"):
        load(document)


@pytest.mark.parametrize("version", shipped_versions())
def test_every_shipped_version_follows_the_schema_and_survives_its_own_file(version: str) -> None:
    made = instrument(version)
    assert made.version == version
    assert list(FOLLOWS.iter_errors(as_document(made))) == []
    assert load(read_text(as_text(made).encode())) == made


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]


SCHEMA_REFUSES = [
    (("scale",), [{"value": 1, "label": "No"}]),
    (("items", 0, "text"), ""),
    (("items", 0, "code"), "x" * 21),
    (("items", 0, "topic"), "time"),
    (("items", 0, "reversed"), True),
    (("topics", 0, "behaviour"), "alone"),
    (("title",), "x" * 101),
    (("minutes",), 0),
    (("pages", 0, "items"), []),
    (("surprise",), 1),
]


@pytest.mark.parametrize(("path", "value"), SCHEMA_REFUSES)
def test_what_the_schema_refuses_the_loader_refuses(path: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert list(FOLLOWS.iter_errors(document)) != []
    with pytest.raises(InstrumentError):
        load(document)
