"""The ICB partner workbook: who is in each integrated care board, as NHS England publishes it.

One sheet has three blocks side by side under one header, sub-ICB locations, councils and trusts, that have nothing to
do with each other but the board in the same row. Another leads each trust to the one board its money counts towards.
Excel has made numbers of the councils' codes. The workbook names some organisations in two ways; the name most rows
give is taken, and the others are remarked on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from partnerships.imports.register.cells import (
    COMMISSIONER,
    COUNCIL,
    ICB,
    TRUST,
    Cell,
    CodePattern,
    UnusableCellError,
    code_of,
    name_of,
    shown,
    text_of,
)
from partnerships.imports.register.columns import FirstSeen, Refusals, Table, find_table
from partnerships.imports.register.workbooks import Sheet
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.naming import same_name
from partnerships.register_facts import (
    MembershipFact,
    OrganisationFact,
    PartnershipFact,
    RefusedRow,
    RegisterFacts,
)

INTEGRATED_CARE_BOARD = "integrated-care-board"
ICB_CODE, ICB_NAME, REGION = "ODS ICB CODE", "ICB NAME", "NHS ENGLAND REGION"
TRUST_CODE, TRUST_NAME = "ODS TRUST CODE", "NHS TRUSTS"
PARTNERS = (ICB_CODE, ICB_NAME, "ODS SUB ICB CODE", "ODS LA CODE", TRUST_CODE)
APPORTIONMENT = (ICB_CODE, ICB_NAME, TRUST_NAME, TRUST_CODE)
AREA_IN_BRACKETS = re.compile(r"\(([A-Z][0-9]{2})\)")


@dataclass(frozen=True, slots=True)
class Block:
    """One of the blocks that stand side by side: its code column, and the name in the column before it."""

    kind: OrganisationKind
    code_header: str
    codes: CodePattern


BLOCKS = (
    Block(OrganisationKind.SUB_ICB, "ODS SUB ICB CODE", COMMISSIONER),
    Block(OrganisationKind.COUNCIL, "ODS LA CODE", COUNCIL),
    Block(OrganisationKind.TRUST, TRUST_CODE, TRUST),
)


@dataclass(slots=True)
class Naming:
    """An organisation of the workbook with every name it is given, and where."""

    kind: OrganisationKind
    sheet: str
    first_row: int
    names: list[tuple[str, str, int, str]]
    icb_code: str = ""
    region_code: str = ""

    def name(self) -> str:
        """The name most rows give; the first of them where two are even."""
        counts = Counter(name for name, *_ in self.names)
        return max(counts, key=counts.__getitem__)


def read_icb_partners(sheets: Sequence[Sheet]) -> RegisterFacts | None:
    """What the workbook says; None where no sheet has the partners' headers."""
    partners = next((table for sheet in sheets if (table := find_table(sheet, PARTNERS))), None)
    if partners is None:
        return None
    reading = _Reading()
    reading.read_partners(partners)
    for sheet in sheets:
        table = find_table(sheet, APPORTIONMENT)
        if table is not None and "ODS SUB ICB CODE" not in table.columns:
            reading.read_apportionment(table)
    return reading.facts()


class _Reading:
    def __init__(self) -> None:
        self.refusals = Refusals()
        self.seen = FirstSeen()
        self.organisations: dict[str, Naming] = {}
        self.boards: dict[str, PartnershipFact] = {}
        self.memberships: list[MembershipFact] = []

    def read_partners(self, table: Table) -> None:
        for number, row in table.body:
            if not any(self._holds(table, block, row) for block in BLOCKS):
                continue
            try:
                board = self._board(table, number, row)
            except UnusableCellError as problem:
                self.refusals.add(table.sheet, number, problem)
                continue
            for block in BLOCKS:
                if not self._holds(table, block, row):
                    continue
                try:
                    self._membership(table, block, board, number, row)
                except UnusableCellError as problem:
                    self.refusals.add(table.sheet, number, problem)

    def _holds(self, table: Table, block: Block, row: Sequence[Cell]) -> bool:
        place = table.columns[block.code_header]
        return bool(text_of(row[place]) or text_of(row[place - 1]))

    def _board(self, table: Table, number: int, row: Sequence[Cell]) -> str:
        code = code_of(row[table.columns[ICB_CODE]], table.title(ICB_CODE), ICB)
        name = name_of(row[table.columns[ICB_NAME]], table.title(ICB_NAME))
        self.boards.setdefault(code, PartnershipFact(code, name, table.sheet, number, icb_code=code))
        region = AREA_IN_BRACKETS.search(text_of(row[table.columns[REGION]])) if REGION in table.columns else None
        naming = self._named(code, name, OrganisationKind.ICB, table, number, ICB_NAME)
        naming.region_code = region.group(1) if region else ""
        naming.icb_code = code
        return code

    def _membership(self, table: Table, block: Block, board: str, number: int, row: Sequence[Cell]) -> None:
        place, column = table.columns[block.code_header], table.title(block.code_header)
        code = code_of(row[place], column, block.codes)
        name = name_of(row[place - 1], f"before {column}")
        self.seen.check((code, "in", board), number, column)
        naming = self._named(code, name, block.kind, table, number, block.code_header)
        if block.kind == OrganisationKind.SUB_ICB:
            naming.icb_code = board
        self.memberships.append(MembershipFact(board, code, table.sheet, number, column))

    def _named(self, code: str, name: str, kind: OrganisationKind, table: Table, number: int, header: str) -> Naming:
        naming = self.organisations.setdefault(code, Naming(kind, table.sheet, number, []))
        if naming.kind != kind:
            raise UnusableCellError(
                table.title(header), f"{code} stands for {shown(naming.name())} in row {naming.first_row}."
            )
        naming.names.append((name, table.sheet, number, table.title(header)))
        return naming

    def read_apportionment(self, table: Table) -> None:
        for number, row in table.body:
            if not text_of(row[table.columns[TRUST_CODE]]) and not text_of(row[table.columns[TRUST_NAME]]):
                continue
            try:
                self._apportioned(table, number, row)
            except UnusableCellError as problem:
                self.refusals.add(table.sheet, number, problem)

    def _apportioned(self, table: Table, number: int, row: Sequence[Cell]) -> None:
        board = code_of(row[table.columns[ICB_CODE]], table.title(ICB_CODE), ICB)
        if board not in self.boards:
            raise UnusableCellError(table.title(ICB_CODE), f"{board} is not among the boards of the partners' sheet.")
        column = table.title(TRUST_CODE)
        code = code_of(row[table.columns[TRUST_CODE]], column, TRUST)
        name = name_of(row[table.columns[TRUST_NAME]], table.title(TRUST_NAME))
        self.seen.check((code,), number, column)
        self._named(code, name, OrganisationKind.TRUST, table, number, TRUST_CODE).icb_code = board

    def facts(self) -> RegisterFacts:
        return RegisterFacts(
            source=RegisterSource.ICB_PARTNERS,
            organisations=tuple(
                OrganisationFact(
                    code,
                    naming.name(),
                    naming.kind,
                    naming.sheet,
                    naming.first_row,
                    region_code=naming.region_code,
                    icb_code=naming.icb_code,
                )
                for code, naming in self.organisations.items()
            ),
            partnerships=tuple(self.boards.values()),
            memberships=tuple(self.memberships),
            refused=tuple(self.refusals.rows),
            remarks=tuple(self._remarks()),
            kind=INTEGRATED_CARE_BOARD,
            lists_members=True,
        )

    def _remarks(self) -> list[RefusedRow]:
        return [
            RefusedRow(sheet, row, column, f"{code} is called {shown(name)} here and {shown(naming.name())} elsewhere.")
            for code, naming in self.organisations.items()
            for name, sheet, row, column in naming.names
            if not same_name(name, naming.name())
        ]
