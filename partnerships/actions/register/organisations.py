"""Organisations of a register file, brought into line with what is known.

An organisation is renamed and closed only by the register whose word counts for its kind, and never by an older file of
it. Another register that mentions an organisation makes it known if it is not, and may give it a name where it has none
or a spelling that is easier to read. When the register whose word counts comes later, it takes over.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from partnerships.actions.register.bulk_rows import copy_rows, new_keys, rows_with, update_rows
from partnerships.models import Organisation, OrganisationKind, OrganisationName, PartnershipMembership, RegisterSource
from partnerships.naming import same_name
from partnerships.register_facts import AUTHORITY, OrganisationFact, Outcome, RefusedRow, RegisterFacts

NOUNS: dict[str, str] = {
    OrganisationKind.TRUST: "NHS trusts",
    OrganisationKind.ICB: "integrated care boards",
    OrganisationKind.SUB_ICB: "sub-ICB locations",
    OrganisationKind.COUNCIL: "councils",
    OrganisationKind.PRACTICE: "GP practices",
    OrganisationKind.UNIT: "hospital units",
    OrganisationKind.OTHER: "other organisations",
}
FACTS = (
    "name", "kind", "source", "as_of", "parent_id", "icb_code", "region_code", "postcode", "opened_on", "closed_on",
)  # fmt: skip


@dataclass(slots=True)
class Known:
    """An organisation as the database has it; changed in place, and written back where it then differs."""

    id: int
    code: str
    name: str
    kind: str
    source: str
    as_of: datetime.date | None
    parent_id: int | None
    icb_code: str
    region_code: str
    postcode: str
    opened_on: datetime.date | None
    closed_on: datetime.date | None

    def facts(self) -> tuple[object, ...]:
        return (
            self.name, self.kind, self.source, self.as_of, self.parent_id,
            self.icb_code, self.region_code, self.postcode, self.opened_on, self.closed_on,
        )  # fmt: skip

    def has_its_register(self) -> bool:
        return AUTHORITY.get(self.kind) == self.source


def known_organisations(codes: Iterable[str]) -> dict[str, Known]:
    return {row[1]: Known(*row) for row in rows_with(Organisation, "code", codes, ("id", "code", *FACTS))}


def apply_organisations(
    facts: RegisterFacts, as_of: datetime.date, outcome: Outcome, *, is_older: bool
) -> dict[str, Known]:
    """Write the file's organisations; returns them by code as they then stand.

    ``is_older``: a newer list of the same memberships has been applied, so this one no longer says who counts where.
    """
    known = known_organisations(fact.code for fact in facts.organisations)
    changes = _Changes(facts.source, as_of, outcome, known, is_older=is_older)
    for fact in facts.organisations:
        if fact.code in known:
            changes.compare(fact)
    changes.write()
    new = [fact for fact in facts.organisations if fact.code not in known]
    _add([fact for fact in new if not fact.parent_code], facts.source, as_of, known)
    _add([fact for fact in new if fact.parent_code], facts.source, as_of, known)
    for fact in new:
        outcome.tally(NOUNS[fact.kind]).created += 1
    return known


def _add(new: list[OrganisationFact], source: RegisterSource, as_of: datetime.date, known: dict[str, Known]) -> None:
    """Add organisations, and their names as they have been for as long as anybody knows; ``known`` gains them."""
    if not new:
        return
    for key, fact in zip(new_keys(Organisation, len(new)), new, strict=True):
        known[fact.code] = Known(
            key, fact.code, fact.name, fact.kind, source.value, as_of,
            known[fact.parent_code].id if fact.parent_code else None,
            fact.icb_code, fact.region_code, fact.postcode, fact.opened_on, fact.closed_on,
        )  # fmt: skip
    added = [known[fact.code] for fact in new]
    copy_rows(Organisation, ("id", "code", *FACTS), ((one.id, one.code, *one.facts()) for one in added))
    _add_names([(one.id, one.name) for one in added if one.name], source)


def _add_names(
    names: Iterable[tuple[int, str]], source: RegisterSource, valid_from: datetime.date | None = None
) -> None:
    copy_rows(OrganisationName, ("organisation_id", "name"), names, valid_from=valid_from, source=source.value)


class _Changes:
    """What one file changes in organisations that are known."""

    def __init__(
        self,
        source: RegisterSource,
        as_of: datetime.date,
        outcome: Outcome,
        known: dict[str, Known],
        *,
        is_older: bool,
    ) -> None:
        self.source = source
        self.as_of = as_of
        self.outcome = outcome
        self.known = known
        self.is_older = is_older
        self.before = {code: held.facts() for code, held in known.items()}
        # what becomes of the dated names, by the organisation's key
        self.renamed: dict[int, str] = {}
        self.respelt: dict[int, str] = {}
        self.named: dict[int, str] = {}
        self.in_boards = self._in_boards() if source == RegisterSource.TRUSTS else frozenset()

    def _in_boards(self) -> frozenset[int]:
        """Organisations that the partner register places: which board they count towards is then its word."""
        placed = PartnershipMembership.objects.filter(source=RegisterSource.ICB_PARTNERS, left_on__isnull=True)
        return frozenset(placed.order_by().values_list("organisation_id", flat=True).distinct())

    def compare(self, fact: OrganisationFact) -> None:
        """Bring what is held into line with ``fact`` as far as this register may, and count what became of it."""
        held = self.known[fact.code]
        tally = self.outcome.tally(NOUNS[fact.kind])
        if AUTHORITY[fact.kind] != self.source:
            self._mention(fact, held)
            tally.unchanged += 1
        elif held.has_its_register() and held.source != self.source:
            named = f"{RegisterSource(held.source).label} has {fact.code} as {held.name or 'another organisation'}."
            self.outcome.refused.append(RefusedRow(fact.sheet, fact.row, "code", named))
        elif held.source == self.source and held.as_of and self.as_of < held.as_of:
            self.outcome.note = f"A newer file, of {held.as_of:%-d %B %Y}, was applied before: what it says stands."
            tally.unchanged += 1
        else:
            what = self._take_over(fact, held)
            setattr(tally, what, getattr(tally, what) + 1)

    def _mention(self, fact: OrganisationFact, held: Known) -> None:
        if fact.name and not held.name and not held.has_its_register():
            held.name = self.named[held.id] = fact.name
        elif _reads_better(fact.name, held.name):
            held.name = self.respelt[held.id] = fact.name
        places = self.source == RegisterSource.ICB_PARTNERS and not self.is_older
        if places and fact.icb_code and (fact.kind == OrganisationKind.TRUST or not held.icb_code):
            held.icb_code = fact.icb_code

    def _take_over(self, fact: OrganisationFact, held: Known) -> str:
        """Everything this register says of an organisation it answers for; returns what to count it as."""
        renamed = self._rename(fact, held)
        closed = held.closed_on is None and fact.closed_on is not None
        redated = held.closed_on != fact.closed_on
        held.kind, held.source, held.as_of = fact.kind, self.source.value, self.as_of
        held.opened_on, held.closed_on = fact.opened_on, fact.closed_on
        held.region_code = fact.region_code or held.region_code
        held.postcode = fact.postcode or held.postcode
        if fact.icb_code and (held.id not in self.in_boards or not held.icb_code):
            held.icb_code = fact.icb_code
        if fact.parent_code and fact.parent_code in self.known:
            held.parent_id = self.known[fact.parent_code].id
        if closed:
            return "closed"
        return "changed" if renamed or redated else "unchanged"

    def _rename(self, fact: OrganisationFact, held: Known) -> bool:
        """Whether it has another name now; capitals and spacing, or a first name, make no other name."""
        if not fact.name or fact.name == held.name:
            return False
        if not held.name:
            held.name = self.named[held.id] = fact.name
            return False
        if same_name(fact.name, held.name):
            if _reads_better(fact.name, held.name):
                held.name = self.respelt[held.id] = fact.name
            return False
        # a name that a later file only mentioned was never dated: it is put right, not followed by an earlier one
        dated = held.as_of is None or held.as_of <= self.as_of
        (self.renamed if dated else self.respelt)[held.id] = fact.name
        held.name = fact.name
        return True

    def write(self) -> None:
        """All changes in a fixed number of statements."""
        rows = [(held.id, *held.facts()) for code, held in self.known.items() if held.facts() != self.before[code]]
        update_rows(Organisation, "id", FACTS, rows)
        current = OrganisationName.objects.filter(valid_until__isnull=True)
        if self.renamed:
            last_day = Greatest(Coalesce("valid_from", Value(self.as_of)), Value(self.as_of))
            current.filter(organisation__in=self.renamed).update(valid_until=last_day)
            _add_names(self.renamed.items(), self.source, self.as_of)
        if self.respelt:
            keys = dict(current.filter(organisation__in=self.respelt).values_list("organisation_id", "id"))
            rows = [(keys[key], name, self.source.value) for key, name in self.respelt.items() if key in keys]
            update_rows(OrganisationName, "id", ("name", "source"), rows)
        _add_names(self.named.items(), self.source)


def _reads_better(name: str, held: str) -> bool:
    """Whether a spelling has small letters where the one we hold shouts."""
    return bool(name) and held == held.upper() and name != name.upper() and same_name(name, held)
