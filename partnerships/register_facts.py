"""What a register file says, as plain values: the parsers make them and the applying action reads them.

Each kind of organisation has one register whose word counts (``AUTHORITY``). Any other register only mentions such an
organisation: it may make it known, but it never renames or closes it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from partnerships.models import OrganisationKind, RegisterSource

AUTHORITY: dict[str, RegisterSource] = {
    OrganisationKind.TRUST: RegisterSource.TRUSTS,
    OrganisationKind.SUB_ICB: RegisterSource.COMMISSIONERS,
    OrganisationKind.ICB: RegisterSource.ICB_PARTNERS,
    OrganisationKind.COUNCIL: RegisterSource.ICB_PARTNERS,
    OrganisationKind.PRACTICE: RegisterSource.PRIMARY_CARE_NETWORKS,
    OrganisationKind.UNIT: RegisterSource.DIABETES_NETWORKS,
}


class RegisterFileRefusedError(Exception):
    """The whole file cannot be used; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """One organisation as one row has it. ``name`` is blank where the register gives only a code."""

    code: str
    name: str
    kind: OrganisationKind
    sheet: str
    row: int
    parent_code: str = ""
    region_code: str = ""
    icb_code: str = ""
    postcode: str = ""
    opened_on: datetime.date | None = None
    closed_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class PartnershipFact:
    code: str
    name: str
    sheet: str
    row: int
    icb_code: str = ""
    sub_icb_code: str = ""
    postcode: str = ""
    started_on: datetime.date | None = None
    ended_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """One organisation in one partnership. A register without dates leaves both days empty."""

    partnership_code: str
    organisation_code: str
    sheet: str
    row: int
    column: str
    joined_on: datetime.date | None = None
    left_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row, or one cell's part of a row, that could not be used. ``row`` counts as Excel does, from 1."""

    sheet: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        sheet = f"sheet “{self.sheet}”, " if self.sheet else ""
        return f"{sheet}row {self.row}, column “{self.column}”: {self.reason}"


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """Everything one file says.

    ``kind`` is the code of the partnerships' kind. ``lists_members`` is true where the file is the whole list of
    memberships, so that one it leaves out has ended; ``dates_members`` where it gives the days itself.
    ``remarks`` are rows that were used but are worth a look.
    """

    source: RegisterSource
    organisations: tuple[OrganisationFact, ...] = ()
    partnerships: tuple[PartnershipFact, ...] = ()
    memberships: tuple[MembershipFact, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    remarks: tuple[RefusedRow, ...] = ()
    kind: str = ""
    lists_members: bool = False
    dates_members: bool = False

    @property
    def entries(self) -> int:
        return len(self.organisations) + len(self.partnerships) + len(self.memberships)


@dataclass(slots=True)
class Tally:
    """What became of the entries of one noun."""

    created: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Outcome:
    """What applying one file did.

    ``tallies`` goes by noun ("NHS trusts", "memberships: councils"). ``note`` is a sentence about the whole file, such
    as that a newer one had been applied before.
    """

    source: RegisterSource
    as_of: datetime.date
    tallies: dict[str, Tally] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: list[RefusedRow] = field(default_factory=list)
    note: str = ""

    def tally(self, noun: str) -> Tally:
        return self.tallies.setdefault(noun, Tally())

    def total(self, what: str) -> int:
        """Entries of all nouns that were ``created``, ``changed``, ``closed`` or ``unchanged``."""
        return sum(int(getattr(tally, what)) for tally in self.tallies.values())
