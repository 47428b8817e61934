"""A line of the record in plain English: when, who, what to which row of which partnership, and from what to what."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.utils import timezone
from django.utils.text import capfirst

from partnerships.actor import COMMAND, PERSON, TASK, VISITOR
from partnerships.audit import AGAIN
from partnerships.models import DeedKind, Organisation, Person
from partnerships.models.capacity import Quarter
from partnerships.numbers import plain_number
from partnerships.record.lines import Entry, kept_fields
from partnerships.record.names import Named, Names
from partnerships.recording import Recorded

NOTHING = "nothing"
NOT_SIGNED_IN = "Somebody not signed in"
WRONG = "wrong password or code"
# Nothing says who it was: a request by nobody, or a statement that the service did not send.
NOBODY_NAMED = "Somebody not signed in, or at the database itself"
BY_THEMSELVES = {VISITOR: NOT_SIGNED_IN, TASK: "A background task", COMMAND: "A command at the server"}
VERBS = {"update": "changed", "delete": "removed"}
DEEDS = {
    DeedKind.EXPORTED: ("downloaded", "row"),
    DeedKind.READ_FREE_TEXT: ("read what people wrote", "answer"),
    DeedKind.TOOK_LINKS: ("took the personal links", "link"),
    DeedKind.IMPORTED_REGISTER: ("imported the register", "row"),
    DeedKind.CHANGED_WHO_IS_ASKED: ("changed who is asked", ""),
    DeedKind.RECORDED_SUCCESSOR: ("recorded that", ""),
}
# Where the name of a field says too little, or in the wrong words.
FIELDS = {
    "accepted_at": "accepted",
    "adds_nothing_at": "one more adds nothing from",
    "adopted_at": "adopted",
    "at_least": "how many to keep",
    "based_on": "made from",
    "closes_on": "last day to answer",
    "down": "points lost for each level down",
    "ended_on": "last day",
    "expires_at": "ends",
    "begins_on": "begins",
    "from_claims": "came from the sign-in provider",
    "from_quarter": "from",
    "harm_of_declining": "harm of leaving",
    "harm_reviewed_at": "harm of leaving reviewed",
    "harm_reviewed_by": "harm of leaving reviewed by",
    "hurts_from": "one more starts to hurt from",
    "icb_code": "code of the integrated care board",
    "instrument_version": "version of the questions",
    "is_active": "account switched on",
    "is_handed_over": "link handed over by hand",
    "is_lead": "leads it",
    "is_staff": "runs the service",
    "is_superuser": "may do everything at the server",
    "joined_on": "joined",
    "left_on": "left",
    "mandate_level": "least level that a duty requires",
    "mandate_source": "where the duty is written",
    "opens_on": "first day to answer",
    "other_level": "level of the other",
    "participation": "partnership",
    "percent": "our share in per cent",
    "position": "place in the list",
    "published_at": "published",
    "reserve_percent": "reserve in per cent",
    "source": "where it is written",
    "started_on": "first day",
    "sub_icb_code": "code of the sub-ICB location",
    "system": "integrated care board",
    "threshold": "answers before anything is shown",
    "top_of_range": "what 100 means",
    "trigger": "why",
    "until_quarter": "until",
    "up": "points lost for each level up",
    "withdrawn_at": "withdrawn",
}
FIRST_DAYS_OF_QUARTERS = frozenset({"quarter", "from_quarter", "until_quarter"})
SAME_BEGINNING = 80  # characters; a longer one is cut, so that the eye meets what differs


@dataclass(frozen=True)
class Change:
    """One fact: from what to what. Where the row came or went there is no ``old``, and ``new`` is what it said."""

    fact: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.fact}: {self.old} → {self.new}" if self.old else f"{self.fact}: {self.new}"

    def in_short(self) -> Change:
        """Without a long beginning that both have."""
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self.old, self.new, strict=False)))
        if same < SAME_BEGINNING:
            return self
        cut = same - SAME_BEGINNING // 2
        return Change(self.fact, f"…{self.old[cut:]}", f"…{self.new[cut:]}")


@dataclass(frozen=True)
class Line:
    """What a page or a file shows. ``what`` goes on with "of" and the partnership, then with ``about`` after a colon.

    ``is_change`` says that the row was there before and after.
    """

    at: datetime.datetime
    who: str
    what: str
    partnership: Named | None
    about: str
    changes: tuple[Change, ...]
    is_change: bool

    def __str__(self) -> str:
        of = f" of {self.partnership.name}" if self.partnership else ""
        return f"{self.what}{of}{f': {self.about}' if self.about else ''}"

    @property
    def in_short(self) -> tuple[Change, ...]:
        return tuple(one.in_short() for one in self.changes)


def in_words(organisation: Organisation, entries: Iterable[Entry]) -> list[Line]:
    entries = list(entries)
    names = Names(organisation, entries)
    return [_change(entry, entry.recorded, names) if entry.recorded else _deed(entry, names) for entry in entries]


def _change(entry: Entry, recorded: Recorded, names: Names) -> Line:
    verb = VERBS.get(entry.kind, recorded.added)
    return Line(
        entry.at,
        _who(entry, names),
        capfirst(f"{verb} the {recorded.noun}"),
        names.partnership(entry),
        ", ".join(filter(None, (_value(_field(recorded, one), entry.said, names) for one in recorded.about))),
        tuple(_changes(entry, recorded, names)),
        is_change=entry.kind == "update",
    )


def _deed(entry: Entry, names: Names) -> Line:
    kind, said = DeedKind(entry.label), entry.said
    who, person = _who(entry, names), names.of(Person, said["person"]) if said["person"] else ""
    if kind == DeedKind.SIGN_IN_FAILED:
        at_it = person if said["what"].endswith(AGAIN) else NOT_SIGNED_IN
        return Line(entry.at, at_it, f"Did not get in as {person}", None, said["what"] or WRONG, (), False)
    verb, unit = DEEDS.get(kind, (kind.label, ""))
    partnership = names.partnership(entry)
    what = said["what"].removesuffix(f" of {partnership.name}") if partnership else said["what"]
    rows = said["rows"]
    counted = f"{rows} {unit}{'' if rows == 1 else 's'}" if unit and rows is not None else ""
    return Line(entry.at, person or who, capfirst(f"{verb} {what}".strip()), partnership, counted, (), False)


def _who(entry: Entry, names: Names) -> str:
    context = entry.context or {}
    if context.get("kind") == PERSON and context.get("person"):
        return names.of(Person, context["person"])
    return BY_THEMSELVES.get(context.get("kind", ""), NOBODY_NAMED)


def _changes(entry: Entry, recorded: Recorded, names: Names) -> Iterator[Change]:
    left_out = recorded.left_out if entry.kind == "update" else recorded.left_out.union(_said_already(recorded))
    for field in kept_fields(recorded):
        if field.name in left_out:
            continue
        new = _value(field, entry.said, names)
        if entry.kind != "update":
            if new and entry.said[field.name] is not False:
                yield Change(fact_of(field), "", new)
        elif entry.before is not None and entry.said[field.name] != entry.before[field.name]:
            yield Change(fact_of(field), _value(field, entry.before, names) or NOTHING, new or NOTHING)


def _said_already(recorded: Recorded) -> set[str]:
    """The fields that the sentence itself says: which row it is, and of which partnership."""
    own = {"partnership"} if recorded.partnership == "self" else {recorded.partnership}
    return {*recorded.about, *own}


def _field(recorded: Recorded, name: str) -> Any:
    return recorded.events._meta.get_field(name)


def fact_of(field: Any) -> str:
    """What a field is called in a sentence."""
    return FIELDS.get(field.name, str(field.verbose_name))


def _value(field: Any, said: dict[str, Any], names: Names) -> str:
    """What a field says in words; nothing at all where it is empty."""
    kept = said[field.name]
    if kept in (None, "", []):
        return ""
    if field.related_model is not None:
        return names.of(field.related_model, kept)
    if isinstance(field, ArrayField):
        choices = dict(field.base_field.flatchoices)
        return ", ".join(str(choices.get(one, one)) for one in kept)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(kept, kept))
    return _plain(field, field.to_python(kept))


def _plain(field: Any, value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime.datetime():
            return f"{timezone.localtime(value):%-d %B %Y at %H:%M}"
        case datetime.date():
            return str(Quarter(value)) if field.name in FIRST_DAYS_OF_QUARTERS else f"{value:%-d %B %Y}"
        case Decimal():
            return plain_number(value)
        case _:
            return str(value)
