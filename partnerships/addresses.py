"""Email addresses, by which people are known: which will do, and whose one is."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model, QuerySet

from partnerships.models import Person

M = TypeVar("M", bound=Model)


def check_address(email: str) -> None:
    """Raises ValidationError for what is no address, and for one with letters beyond ASCII.

    Some of those only look like ours, and the database takes some of them for ours ("ſ" for "s"): with them, one
    person would be let in as another.
    """
    validate_email(email)
    if not email.isascii():
        raise ValidationError("Write the address in plain letters, a to z, without accents or special letters.")


def is_same(one: str, other: str) -> bool:
    """Whether two addresses are one, in capitals or not. Beyond ASCII neither the database nor Python is asked which
    letters are the same: each takes some (a long s, the sign for kelvin) for others.
    """
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def with_address(rows: QuerySet[M], email: str, *, field: str = "email") -> QuerySet[M]:
    """The rows whose ``field`` is this address; never those where it only looks like it."""
    alike = rows.filter(**{f"{field}__iexact": email}).values_list("pk", field)
    return rows.filter(pk__in=[pk for pk, found in alike if is_same(found, email)])


def person_with(email: str) -> Person | None:
    """Who has this address; the account that is written just so, where several differ in capitals."""
    theirs = with_address(Person.objects.all(), email)
    return min(theirs, key=lambda person: (person.email != email, person.pk), default=None)


def whose(typed: Any) -> Person | None:
    """Whose account it is that somebody typed, or a provider said and perhaps never checked; nobody's where it is no
    text that an address could be.
    """
    if not isinstance(typed, str) or not typed.isprintable():
        return None
    return person_with(typed.strip())
