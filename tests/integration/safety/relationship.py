"""A relationship record with one entry of each kind, and their numbers as they stand in addresses."""

from __future__ import annotations

import datetime
from typing import Any

from partnerships.actions.differences import DifferenceFacts, add_difference
from partnerships.actions.relationship_record import add_entry
from partnerships.models import (
    DifferenceState,
    LedgerEntry,
    LedgerKind,
    MeasurePoint,
    OutcomeMeasure,
    Participation,
    Person,
    RecordLink,
    RecordNote,
    Side,
)

EARLY, LATE = datetime.date(2026, 1, 5), datetime.date(2026, 3, 2)


def write_the_record(participation: Participation, lead: Person) -> dict[str, int]:
    known: dict[str, Any] = {"participation": participation, "by": lead}
    note = add_entry(model=RecordNote, facts={"kind": "success", "text": "It went well", "on_day": EARLY}, **known)
    differing = DifferenceFacts("Who pays", EARLY, DifferenceState.WORKED, how="We meet")
    given: dict[str, Any] = {"kind": LedgerKind.LOST, "side": Side.PARTNER, "partner": "A neighbour", "what": "Beds"}
    done: dict[str, Any] = {"on_day": EARLY, "done_about_it": "Paid", "done_on": LATE}
    wanted: dict[str, Any] = {"name": "Days to first contact", "better": "lower", "baseline": 30, "baseline_on": EARLY}
    measure = add_entry(model=OutcomeMeasure, facts=wanted, **known)
    figure = add_entry(model=MeasurePoint, facts={"measure": measure, "on_day": LATE, "value": 21}, **known)
    address = f"https://example.org/{participation.pk}"
    return {
        "note": note.pk,
        "difference": add_difference(facts=differing, **known).pk,
        "given": add_entry(model=LedgerEntry, facts=given | done, **known).pk,
        "measure": measure.pk,
        "figure": figure.pk,
        "link": add_entry(model=RecordLink, facts={"title": "Minutes", "address": address}, **known).pk,
    }
