"""What is written to people whose promises, actions and practices to stop are due, and to those who look at decisions
again or write to partners: one letter about all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from decisions.models import DueKind, PlanAction, Practice
from partnerships.models import Organisation, Person
from scoring.words import count_of, listing

# Promises go by the kind alone; what else has the same kinds, by its name before.
OF_THE_PLAN = {PlanAction: "action", Practice: "practice"}
OVERDUE_ACTION, ACTION_BEFORE = f"action {DueKind.OVERDUE}", f"action {DueKind.BEFORE}"
OVERDUE_PRACTICE, PRACTICE_BEFORE = f"practice {DueKind.OVERDUE}", f"practice {DueKind.BEFORE}"


def due_letter(organisation: Organisation, person: Person, due: Iterable[Any]) -> EmailMessage:
    """A letter to one person; each of ``due`` has its ``kind``, what it is ``about`` and its ``day``."""
    by_kind: dict[str, list[Any]] = {}
    for one in due:
        kind = f"{OF_THE_PLAN.get(type(one.about), '')} {one.kind}".strip()
        by_kind.setdefault(kind, []).append(one)
    context = {
        "name": person.name,
        "person": person,
        "organisation": organisation,
        "overdue": by_kind.get(DueKind.OVERDUE, []),
        "before": by_kind.get(DueKind.BEFORE, []),
        "overdue_actions": by_kind.get(OVERDUE_ACTION, []),
        "actions_before": by_kind.get(ACTION_BEFORE, []),
        "overdue_practices": by_kind.get(OVERDUE_PRACTICE, []),
        "practices_before": by_kind.get(PRACTICE_BEFORE, []),
        "reviews": by_kind.get(DueKind.REVIEW, []),
        "letters": by_kind.get(DueKind.LETTER, []),
        "changed": by_kind.get(DueKind.CHANGED, []),
        "promises_at": _address("decisions:promises", organisation),
        "plan_at": _address("decisions:plan", organisation),
        "decisions_at": _address("decisions:decisions", organisation),
    }
    return EmailMessage(
        subject=" ".join(f"{_subject(by_kind)} – {organisation.display_name}".split()),
        body=render_to_string("decisions/email/due.txt", context),
        to=[formataddr((person.name, person.email))],
    )


def _subject(by_kind: Mapping[str, Sequence[Any]]) -> str:
    words: dict[str, tuple[str, str]] = {
        DueKind.OVERDUE: ("promise overdue", "promises overdue"),
        DueKind.BEFORE: ("promise due soon", "promises due soon"),
        OVERDUE_ACTION: ("action overdue", "actions overdue"),
        ACTION_BEFORE: ("action due soon", "actions due soon"),
        OVERDUE_PRACTICE: ("practice that should have stopped", "practices that should have stopped"),
        PRACTICE_BEFORE: ("practice to stop soon", "practices to stop soon"),
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
