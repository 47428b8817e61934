"""What is written to people whose promises are due, and to those who look at decisions again or write to partners: one
letter about all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from decisions.models import DueKind
from partnerships.models import Organisation, Person
from scoring.words import count_of, listing


def due_letter(organisation: Organisation, person: Person, due: Iterable[Any]) -> EmailMessage:
    """A letter to one person; each of ``due`` has its ``kind``, what it is ``about`` and its ``day``."""
    by_kind: dict[str, list[Any]] = {}
    for one in due:
        by_kind.setdefault(one.kind, []).append(one)
    context = {
        "name": person.name,
        "person": person,
        "organisation": organisation,
        "overdue": by_kind.get(DueKind.OVERDUE, []),
        "before": by_kind.get(DueKind.BEFORE, []),
        "reviews": by_kind.get(DueKind.REVIEW, []),
        "letters": by_kind.get(DueKind.LETTER, []),
        "changed": by_kind.get(DueKind.CHANGED, []),
        "promises_at": _address("decisions:promises", organisation),
        "decisions_at": _address("decisions:decisions", organisation),
    }
    return EmailMessage(
        subject=" ".join(f"{_subject(by_kind)} – {organisation.display_name}".split()),
        body=render_to_string("decisions/email/due.txt", context),
        to=[formataddr((person.name, person.email))],
    )


def _subject(by_kind: dict[str, Sequence[Any]] | dict[str, list[Any]]) -> str:
    words = {
        DueKind.OVERDUE: ("promise overdue", "promises overdue"),
        DueKind.BEFORE: ("promise due soon", "promises due soon"),
        DueKind.REVIEW: ("decision to look at again", "decisions to look at again"),
        DueKind.LETTER: ("letter that reaches nobody", "letters that reach nobody"),
        DueKind.CHANGED: ("partner to tell what has changed", "partners to tell what has changed"),
    }
    parts = [count_of(len(by_kind[kind]), *words[kind]) for kind in words if kind in by_kind]
    return listing(parts)


def _address(name: str, organisation: Organisation) -> str:
    """In full, and "" where nobody has said at which address this service is."""
    if not settings.SITE_ADDRESS:
        return ""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{reverse(name, args=[organisation.code])}"
