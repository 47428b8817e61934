"""Clinical network membership, as the Royal College of Paediatrics and Child Health publishes it: four CSV files.

Epilepsy networks list trusts; diabetes networks list hospital units by the code of their site, whose first three
characters are the trust's. A code of the newer five-character pattern stands for itself and names no trust.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from partnerships.imports.register.cells import (
    DIABETES_NETWORK,
    EPILEPSY_NETWORK,
    FIVE_CHARACTER_CODE,
    TRUST_OR_BOARD,
    UNIT,
    Cell,
    UnusableCellError,
    code_of,
    name_of,
    text_of,
)
from partnerships.imports.register.columns import FirstSeen, Refusals, Table, table_of_rows
from partnerships.imports.register.texts import Text
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import MembershipFact, OrganisationFact, PartnershipFact, RegisterFacts

CLINICAL_NETWORK = "clinical-network"
EPILEPSY_MEMBERS = ("ODS TRUST CODE", "OPEN UK NETWORK NAME", "OPEN UK NETWORK CODE")
EPILEPSY_LIST = ("OPEN UK NETWORK NAME", "OPEN UK NETWORK CODE")
DIABETES_MEMBERS = ("ODS CODE", "NETWORK NAME", "NETWORK CODE")
DIABETES_LIST = ("ID", "NAME")


def read_networks(text: Text) -> RegisterFacts | None:
    """What a network file says; None where the headers are of no network file."""
    table = table_of_rows(text.rows)
    if set(EPILEPSY_MEMBERS) <= table.columns.keys():
        return _Reading(table, RegisterSource.EPILEPSY_NETWORKS).members(*EPILEPSY_MEMBERS)
    if set(EPILEPSY_LIST) <= table.columns.keys():
        return _Reading(table, RegisterSource.EPILEPSY_NETWORKS).networks(*EPILEPSY_LIST)
    if set(DIABETES_MEMBERS) <= table.columns.keys():
        return _Reading(table, RegisterSource.DIABETES_NETWORKS).members(*DIABETES_MEMBERS)
    # "id" and "name" head many a file, so its codes have to say the rest
    if tuple(table.columns) == DIABETES_LIST and _has_network_codes(table):
        return _Reading(table, RegisterSource.DIABETES_NETWORKS).networks("NAME", "ID")
    return None


def _has_network_codes(table: Table) -> bool:
    return any(DIABETES_NETWORK.matches(text_of(row[table.columns["ID"]]).upper()) for _, row in table.body if row)


class _Reading:
    """One network file being read, row by row."""

    def __init__(self, table: Table, source: RegisterSource) -> None:
        self.table = table
        self.source = source
        self.is_diabetes = source == RegisterSource.DIABETES_NETWORKS
        self.codes = DIABETES_NETWORK if self.is_diabetes else EPILEPSY_NETWORK
        self.refusals = Refusals()
        self.seen = FirstSeen()
        self.partnerships: dict[str, PartnershipFact] = {}
        self.organisations: dict[str, OrganisationFact] = {}
        self.memberships: list[MembershipFact] = []

    def networks(self, name_header: str, code_header: str) -> RegisterFacts:
        for number, row in self.table.body:
            try:
                self._check_width(row)
                network = self._network(number, row, name_header, code_header)
                self.seen.check((network.code,), number, self.table.title(code_header))
                self.partnerships[network.code] = network
            except UnusableCellError as problem:
                self.refusals.add("", number, problem)
        return self._facts(lists_members=False)

    def members(self, member_header: str, name_header: str, code_header: str) -> RegisterFacts:
        for number, row in self.table.body:
            try:
                self._check_width(row)
                self._membership(number, row, member_header, name_header, code_header)
            except UnusableCellError as problem:
                self.refusals.add("", number, problem)
        return self._facts(lists_members=True)

    def _check_width(self, row: Sequence[Cell]) -> None:
        cells, width = len(row), max(self.table.columns.values()) + 1
        if cells < width:
            raise UnusableCellError("last", f"the row has {cells} columns instead of {width}.")

    def _membership(
        self, number: int, row: Sequence[Cell], member_header: str, name_header: str, code_header: str
    ) -> None:
        column = self.table.title(member_header)
        member = code_of(row[self.table.columns[member_header]], column, UNIT if self.is_diabetes else TRUST_OR_BOARD)
        network = self._network(number, row, name_header, code_header)
        self.seen.check((member, "in", network.code), number, column)
        self._add_organisation(member, number)
        self.partnerships.setdefault(network.code, network)
        self.memberships.append(MembershipFact(network.code, member, "", number, column))

    def _network(self, number: int, row: Sequence[Cell], name_header: str, code_header: str) -> PartnershipFact:
        code = code_of(row[self.table.columns[code_header]], self.table.title(code_header), self.codes)
        name = name_of(row[self.table.columns[name_header]], self.table.title(name_header))
        return PartnershipFact(code, f"{name} paediatric diabetes network" if self.is_diabetes else name, "", number)

    def _add_organisation(self, code: str, number: int) -> None:
        parent = ""
        kind = OrganisationKind.TRUST
        if self.is_diabetes and len(code) == 5:
            kind = OrganisationKind.UNIT
            if not re.fullmatch(FIVE_CHARACTER_CODE, code):
                parent = code[:3]
                self.organisations.setdefault(parent, OrganisationFact(parent, "", OrganisationKind.TRUST, "", number))
        self.organisations.setdefault(code, OrganisationFact(code, "", kind, "", number, parent_code=parent))

    def _facts(self, *, lists_members: bool) -> RegisterFacts:
        return RegisterFacts(
            source=self.source,
            organisations=tuple(self.organisations.values()),
            partnerships=tuple(self.partnerships.values()),
            memberships=tuple(self.memberships),
            refused=tuple(self.refusals.rows),
            kind=CLINICAL_NETWORK,
            lists_members=lists_members,
        )
