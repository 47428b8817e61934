"""Memberships of a register file, with their days.

The ePCN workbook dates each membership itself. The others only say who is in now, so a membership they show for the
first time starts on the file's day (or, in the first file of a register, on a day nobody knows), and one that a newer
file no longer shows ended on that file's day.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max

from partnerships.actions.register.bulk_rows import insert_rows, update_rows
from partnerships.actions.register.organisations import NOUNS
from partnerships.actions.register.organisations import Known as KnownOrganisation
from partnerships.actions.register.partnerships import Known as KnownPartnership
from partnerships.models import PartnershipMembership, RegisterSource
from partnerships.register_facts import (
    MembershipFact,
    Outcome,
    RefusedRow,
    RegisterFacts,
    RegisterFileRefusedError,
)

FACTS = ("left_on", "source", "as_of")
A_WHOLE_LIST = 50  # memberships; below it a list may well have halved
Key = tuple[int, int, datetime.date | None]


@dataclass(slots=True)
class Known:
    """A membership as the database has it; changed in place, and written back where it then differs."""

    id: int
    partnership_id: int
    organisation_id: int
    joined_on: datetime.date | None
    left_on: datetime.date | None
    source: str
    as_of: datetime.date | None
    kind: str

    def facts(self) -> tuple[object, ...]:
        return self.left_on, self.source, self.as_of

    def is_current_on(self, day: datetime.date) -> bool:
        return self.left_on is None or self.left_on > day


def newest_day(source: RegisterSource) -> datetime.date | None:
    """The day of the newest list of members of a register that has been applied."""
    held = PartnershipMembership.objects.filter(source=source)
    day: datetime.date | None = held.aggregate(day=Max("as_of"))["day"]
    return day


def memberships_noun(kind: str) -> str:
    return f"memberships: {NOUNS[kind]}"


def apply_memberships(
    facts: RegisterFacts,
    as_of: datetime.date,
    outcome: Outcome,
    organisations: Mapping[str, KnownOrganisation],
    partnerships: Mapping[str, KnownPartnership],
    *,
    newest: datetime.date | None,
    allow_short: bool,
) -> None:
    """Write the file's memberships, and end those that a whole and newer list leaves out."""
    if not facts.lists_members:
        return
    held = _held(facts.source)
    is_older = newest is not None and as_of < newest
    if not is_older and not allow_short:
        _check_length(facts, held, as_of)
    changes = _Changes(facts, as_of, outcome, held, is_older=is_older, is_first=newest is None)
    for fact in facts.memberships:
        changes.compare(fact, organisations.get(fact.organisation_code), partnerships.get(fact.partnership_code))
    if not is_older:
        changes.end_the_others()
    changes.write()


def _held(source: RegisterSource) -> list[Known]:
    rows = (
        PartnershipMembership.objects.filter(partnership__source=source)
        .order_by()
        .values_list(
            "id", "partnership_id", "organisation_id", "joined_on", "left_on", "source", "as_of", "organisation__kind"
        )
    )
    return [Known(*row) for row in rows]


def _check_length(facts: RegisterFacts, held: list[Known], as_of: datetime.date) -> None:
    """A list less than half as long as what is known was cut off on its way, and would end the other half."""
    if facts.dates_members:
        known, listed = len(held), len(facts.memberships)
    else:
        known, listed = sum(one.is_current_on(as_of) for one in held), len(facts.memberships)
    if known >= A_WHOLE_LIST and listed * 2 < known:
        raise RegisterFileRefusedError(
            f"it lists {listed:,} memberships where {known:,} are known, so the others would end. "
            "Fetch the file again; if it is right, add --allow-short."
        )


class _Changes:
    """What one file changes in the memberships of its register."""

    def __init__(
        self,
        facts: RegisterFacts,
        as_of: datetime.date,
        outcome: Outcome,
        held: list[Known],
        *,
        is_older: bool,
        is_first: bool,
    ) -> None:
        self.dated = facts.dates_members
        self.source = facts.source
        self.as_of = as_of
        self.outcome = outcome
        self.held = held
        self.is_older = is_older
        self.first_day = None if is_first else as_of
        self.before = {one.id: one.facts() for one in held}
        self.listed: set[int] = set()
        self.new: list[tuple[object, ...]] = []
        self.by_key: dict[Key, Known] = {}
        for one in held:
            self._index(one)

    def _index(self, one: Known) -> None:
        """Dated memberships go by their first day; of the others the latest is the one a list can speak of."""
        key = (one.partnership_id, one.organisation_id, one.joined_on if self.dated else None)
        other = self.by_key.get(key)
        if other is None or (one.joined_on or datetime.date.min) > (other.joined_on or datetime.date.min):
            self.by_key[key] = one

    def compare(
        self, fact: MembershipFact, organisation: KnownOrganisation | None, partnership: KnownPartnership | None
    ) -> None:
        if organisation is None or partnership is None:
            missing = fact.organisation_code if organisation is None else fact.partnership_code
            self._refuse(fact, f"{missing} is in no list of its kind: import the file that has it first.")
            return
        tally = self.outcome.tally(memberships_noun(organisation.kind))
        held = self.by_key.get((partnership.id, organisation.id, fact.joined_on))
        if held is not None and (self.is_older or held.is_current_on(self.as_of) or self._speaks_of(held, fact)):
            what = "unchanged" if self.is_older else self._refresh(held, fact)
            setattr(tally, what, getattr(tally, what) + 1)
        elif self.is_older:
            self._refuse(fact, "a newer file, applied before, does not have this membership.")
        else:
            joined_on = fact.joined_on if self.dated else self.first_day
            self.new.append((partnership.id, organisation.id, joined_on, fact.left_on))
            tally.created += 1

    def _speaks_of(self, held: Known, fact: MembershipFact) -> bool:
        """Whether a listed membership is one that has ended: dated the same, or ended by a file of the same day."""
        return self.dated or held.left_on == self.as_of

    def _refuse(self, fact: MembershipFact, reason: str) -> None:
        self.outcome.refused.append(RefusedRow(fact.sheet, fact.row, fact.column, reason))

    def _refresh(self, held: Known, fact: MembershipFact) -> str:
        self.listed.add(held.id)
        left_before, held.left_on = held.left_on, fact.left_on
        held.source, held.as_of = self.source.value, self.as_of
        if left_before == fact.left_on:
            return "unchanged"
        return "closed" if left_before is None else "changed"

    def end_the_others(self) -> None:
        for one in self.held:
            if one.id in self.listed or one.source != self.source or not one.is_current_on(self.as_of):
                continue
            one.left_on = max(self.as_of, one.joined_on or self.as_of)
            one.as_of = self.as_of
            self.outcome.tally(memberships_noun(one.kind)).closed += 1

    def write(self) -> None:
        rows = [(one.id, *one.facts()) for one in self.held if one.facts() != self.before[one.id]]
        update_rows(PartnershipMembership, "id", FACTS, rows)
        insert_rows(
            PartnershipMembership,
            ("partnership_id", "organisation_id", "joined_on", "left_on"),
            self.new,
            source=self.source.value,
            as_of=self.as_of,
        )
