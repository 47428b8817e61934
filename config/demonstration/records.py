"""The relationship records of the demonstration, written through the actions of the pages.

Days are told as how many days ago they were, and figures by month, so that the record is never stale.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from config.demonstration.reading import Record
from partnerships.actions.differences import DifferenceFacts, add_difference, change_difference
from partnerships.actions.figures import add_figures
from partnerships.actions.relationship_record import add_entry
from partnerships.figures import Figure
from partnerships.models import (
    DifferenceState,
    LedgerEntry,
    OutcomeMeasure,
    Participation,
    Person,
    RecordLink,
    RecordNote,
)


def write_record(participation: Participation, record: Record, *, by: Person) -> None:
    for entry in record.get("note", ()):
        facts = {"kind": entry["kind"], "text": entry["text"], "on_day": _ago(entry.get("days_ago"))}
        add_entry(participation=participation, by=by, model=RecordNote, facts=facts)
    for entry in record.get("difference", ()):
        _write_difference(participation, entry, by)
    for entry in record.get("give_and_take", ()):
        words = {name: entry.get(name, "") for name in ("kind", "side", "partner", "what", "done_about_it")}
        days = {"on_day": _ago(entry["days_ago"]), "done_on": _ago(entry.get("done_days_ago"))}
        add_entry(participation=participation, by=by, model=LedgerEntry, facts=words | days)
    for entry in record.get("measure", ()):
        _write_measure(participation, entry, by)
    for entry in record.get("link", ()):
        add_entry(participation=participation, by=by, model=RecordLink, facts=dict(entry))


def _write_difference(participation: Participation, entry: Mapping[str, Any], by: Person) -> None:
    """As it came up, then as it stands, so that it has a history."""
    raised = _ago(entry["days_ago"]) or timezone.localdate()
    difference = add_difference(
        participation=participation, by=by, facts=DifferenceFacts(entry["what"], raised, DifferenceState.OPEN)
    )
    facts = DifferenceFacts(
        entry["what"],
        raised,
        DifferenceState(entry["state"]),
        entry.get("how", ""),
        _ago(entry.get("settled_days_ago")),
    )
    change_difference(difference=difference, by=by, facts=facts)


def _write_measure(participation: Participation, entry: Mapping[str, Any], by: Person) -> None:
    """One figure a month, the last of them of this month."""
    months = _firsts_of_months(len(entry["figures"]))
    facts = {name: entry[name] for name in ("name", "unit", "better", "figures_from")}
    numbers = {"baseline": Decimal(str(entry["baseline"])), "target": Decimal(str(entry["target"]))}
    baseline_on = months[0] - datetime.timedelta(days=1)
    measure = add_entry(
        participation=participation,
        by=by,
        model=OutcomeMeasure,
        facts={**facts, **numbers, "baseline_on": baseline_on},
    )
    figures = [
        Figure(line, month, Decimal(str(one)))
        for line, (month, one) in enumerate(zip(months, entry["figures"], strict=True), 1)
    ]
    add_figures(measure=measure, by=by, figures=figures)


def _firsts_of_months(count: int) -> list[datetime.date]:
    last = timezone.localdate().replace(day=1)
    months = [last.year * 12 + last.month - 1 - back for back in range(count)]
    return [datetime.date(month // 12, month % 12 + 1, 1) for month in reversed(months)]


def _ago(days: int | None) -> datetime.date | None:
    return None if days is None else timezone.localdate() - datetime.timedelta(days=days)
