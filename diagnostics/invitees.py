"""People pasted from a spreadsheet or typed, one a line, read with an error for each line that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_PEOPLE = 2000
LONGEST_NAME = 120
# "Ada Lovelace <ada@example.org>", as mail programs write it.
# Each part takes what no part beside it does, so that a long line is read once and not once for each of its characters.
ANGLED = re.compile(r"^(?P<name>[^<]*)<(?P<email>[^<>]*)>[\s,;]*$")


@dataclass(frozen=True)
class Invitee:
    name: str
    email: str
    works_for: str = ""
    role: str = ""


def as_lines(people: Iterable[Invitee]) -> str:
    """People as lines that ``read_invitees`` reads back, for a list that somebody goes on editing.

    A separator within a name would be read as the end of it, and becomes a space.
    """
    return "\n".join(", ".join(_as_parts(person)) for person in people)


def _as_parts(person: Invitee) -> list[str]:
    parts = [person.name, person.email, person.works_for, person.role]
    while not parts[-1]:
        parts.pop()
    return [" ".join(re.sub(r"[,;\t]", " ", part).split()) for part in parts]


@dataclass(frozen=True)
class LineError:
    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


@dataclass
class ReadInvitees:
    invitees: list[Invitee] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


def read_invitees(pasted: str) -> ReadInvitees:
    """Read lines of name, email, and if known the organisation they work for and their role; blank lines are passed.

    Parts are separated by commas, semicolons or tabs (as a spreadsheet pastes them).
    """
    read = ReadInvitees()
    seen: dict[str, int] = {}
    for number, line in enumerate(pasted.splitlines(), start=1):
        if not line.strip() or is_heading(number, line):
            continue
        try:
            invitee = _read_line(line)
            if invitee.email in seen:
                raise ValidationError(f"{invitee.email} is already on line {seen[invitee.email]}. Remove one of them.")
        except ValidationError as problem:
            read.errors.append(LineError(number, problem.messages[0]))
            continue
        seen[invitee.email] = number
        read.invitees.append(invitee)
    return read


def is_heading(number: int, line: str) -> bool:
    return number == 1 and "@" not in line and "email" in line.lower().replace("-", "")


def _read_line(line: str) -> Invitee:
    angled = ANGLED.match(line)
    return read_parts([angled["name"], angled["email"]] if angled else re.split(r"[,;\t]", line))


def read_parts(cells: Iterable[str]) -> Invitee:
    """A person from their name, email, and if known organisation and role. Raises ValidationError."""
    parts = [part.strip().strip('"').strip() for part in cells]
    place = next((place for place, part in enumerate(parts) if "@" in part), None)
    if place is None:
        raise ValidationError("Enter a name, a comma and an email address, for example “Ada Shah, ada@example.org”.")
    email = asked_at(parts[place])
    after = [*parts[place + 1 :], "", ""]
    invitee = Invitee(" ".join(parts[:place]).strip(), email, after[0], after[1])
    if max(len(invitee.name), len(invitee.works_for), len(invitee.role)) > LONGEST_NAME:
        raise ValidationError(f"Use {LONGEST_NAME} characters or fewer for each of name, organisation and role.")
    return invitee


def asked_at(typed: str) -> str:
    """An address to write to. Raises ValidationError for one that is none, or that mail servers may refuse."""
    email = typed.lower()
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError(f"“{typed}” is not an email address. Check it.") from None
    if not email.isascii():
        raise ValidationError(f"“{typed}” has letters that mail servers may refuse. Use another.")
    if len(email) > 254:
        raise ValidationError("This email address is longer than 254 characters. Check it.")
    return email
