"""Email addresses, by which people are known: which will do, and whose one is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from partnerships.models import Person


def check_address(email: str) -> None:
    """Raises ValidationError for what is no address, and for one with letters beyond ASCII.

    Some of those only look like ours, and the database takes some of them for ours ("ſ" for "s"): with them, one
    person would be let in as another.
    """
    validate_email(email)
    if not email.isascii():
        raise ValidationError("Write the address in plain letters, a to z, without accents or special letters.")


def person_with(email: str) -> Person | None:
    """Who has this address, in capitals or not; never somebody whose address only looks like it."""
    alike = Person.objects.filter(email__iexact=email)
    return next((person for person in alike if person.email.lower() == email.lower()), None)


def whose(typed: Any) -> Person | None:
    """Whose account it is that somebody typed, or a provider said and perhaps never checked; nobody's where it is no
    text that an address could be.
    """
    if not isinstance(typed, str) or not typed.isprintable():
        return None
    return person_with(typed.strip())
