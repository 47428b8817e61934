"""Pasted people: every way they come, and an error for each line that cannot be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.invitees import Invitee, as_lines, read_invitees

ADA = Invitee("Ada Shah", "ada@example.org")


@pytest.mark.parametrize(
    "line",
    [
        "Ada Shah, ada@example.org",
        "Ada Shah\tada@example.org",
        "Ada Shah;ADA@example.org",
        "  Ada Shah ,  ada@example.org , ",
        '"Ada Shah","ada@example.org"',
        "Ada Shah <ada@example.org>",
        '"Ada Shah" <ada@example.org>,',
        "Ada,Shah,ada@example.org",
    ],
)
def test_ways_of_writing_a_person(line: str) -> None:
    read = read_invitees(line)
    assert (read.invitees, read.errors) == ([ADA], [])


def test_an_address_alone_will_do() -> None:
    assert read_invitees("ada@example.org").invitees == [Invitee("", "ada@example.org")]


def test_organisation_and_role_may_follow() -> None:
    read = read_invitees("Ada Shah\tada@example.org\tHill Surgery\tNurse")
    assert read.invitees == [Invitee("Ada Shah", "ada@example.org", "Hill Surgery", "Nurse")]


def test_a_heading_and_blank_lines_are_passed_and_lines_still_count() -> None:
    read = read_invitees("Name, E-mail\n\nAda Shah, ada@example.org\r\n\r\nSomebody")
    assert read.invitees == [ADA]
    assert [error.line for error in read.errors] == [5]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ada Shah", "Line 2: Enter a name, a comma and an email address"),
        ("Ada Shah, ada@", "Line 2: “ada@” is not an email address"),
        ("Ada Shah, ada@example", "not an email address"),
        ("Again, ADA@example.org", "Line 2: ada@example.org is already on line 1. Remove one of them."),
        (f"{'A' * 121}, long@example.org", "120 characters or fewer"),
    ],
)
def test_a_line_that_cannot_be_used_says_why(line: str, message: str) -> None:
    read = read_invitees(f"Ada Shah, ada@example.org\n{line}")
    assert read.invitees == [ADA]
    assert message in str(read.errors[0])


def test_ten_thousand_lines_with_errors_are_read() -> None:
    pasted = "\n".join(f"Person {one}, person{one}{'' if one % 2 else '@example.org'}" for one in range(10_000))
    read = read_invitees(pasted)
    assert (len(read.invitees), len(read.errors)) == (5000, 5000)


@given(st.text(max_size=300))
def test_no_paste_breaks_it(pasted: str) -> None:
    read = read_invitees(pasted)
    assert len(read.invitees) + len(read.errors) <= len(pasted.splitlines())
    assert len({one.email for one in read.invitees}) == len(read.invitees)


def test_a_list_is_read_back_as_it_was_written() -> None:
    people = [
        Invitee("Ada Shah", "ada@example.org", "Westmere Trust", "Chair"),
        Invitee("", "bo@example.org"),
        Invitee("Shah, Ada; Dr", "cy@example.org", "", "Nurse"),
    ]
    read = read_invitees(as_lines(people))
    assert read.errors == []
    assert read.invitees == [*people[:2], Invitee("Shah Ada Dr", "cy@example.org", "", "Nurse")]
