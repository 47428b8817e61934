"""The ePCN workbook: primary care networks and the practices in them, with dates.

One sheet lists the networks, the other which practice was in which of them from when until when. A practice that left
and came back has a row for each time; headers hold line breaks; dates are written yyyymmdd.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from partnerships.imports.register.cells import (
    COMMISSIONER,
    PCN,
    PRACTICE,
    Cell,
    UnusableCellError,
    check_order,
    code_of,
    day_of,
    name_of,
    postcode_of,
)
from partnerships.imports.register.columns import FirstSeen, Refusals, Table, find_table
from partnerships.imports.register.workbooks import Sheet
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import (
    MembershipFact,
    OrganisationFact,
    PartnershipFact,
    RegisterFacts,
    RegisterFileRefusedError,
)

PRIMARY_CARE_NETWORK = "primary-care-network"
DETAILS = (
    "PCN CODE",
    "PCN NAME",
    "CURRENT SUB ICB LOC CODE",
    "SUB ICB LOCATION",
    "OPEN DATE",
    "CLOSE DATE",
    "POSTCODE",
)
JOINED, LEFT = "PRACTICE TO PCN RELATIONSHIP START DATE", "PRACTICE TO PCN RELATIONSHIP END DATE"
MEMBERS = (
    "PARTNER ORGANISATION CODE",
    "PARTNER NAME",
    "PRACTICE PARENT SUB ICB LOC CODE",
    "PRACTICE PARENT SUB ICB LOC NAME",
    "PCN CODE",
    JOINED,
    LEFT,
)


def read_primary_care_networks(sheets: Sequence[Sheet], latest: datetime.date) -> RegisterFacts | None:
    """What the workbook says; None where no sheet has its headers. Refuses a workbook with one of the two alone."""
    members = next((table for sheet in sheets if (table := find_table(sheet, MEMBERS))), None)
    details = next((table for sheet in sheets if (table := find_table(sheet, DETAILS))), None)
    if members is None and details is None:
        return None
    if members is None or details is None:
        missing = "the practices (PCN Core Partner Details)" if members is None else "the networks (PCNDetails)"
        raise RegisterFileRefusedError(f"the sheet of {missing} is missing. Give the ePCN workbook as published.")
    reading = _Reading(latest)
    reading.read_networks(details)
    reading.read_members(members)
    return reading.facts()


class _Reading:
    def __init__(self, latest: datetime.date) -> None:
        self.latest = latest
        self.refusals = Refusals()
        self.seen = FirstSeen()
        self.networks: dict[str, PartnershipFact] = {}
        self.organisations: dict[str, OrganisationFact] = {}
        self.areas: set[str] = set()
        self.memberships: list[MembershipFact] = []

    def read_networks(self, table: Table) -> None:
        for number, row in table.body:
            try:
                network = self._network(table, number, row)
                self.seen.check((network.code,), number, table.title("PCN CODE"))
                self.networks[network.code] = network
            except UnusableCellError as problem:
                self.refusals.add(table.sheet, number, problem)

    def _network(self, table: Table, number: int, row: Sequence[Cell]) -> PartnershipFact:
        code, name, area, area_name, opened, closed, postcode = (row[table.columns[header]] for header in DETAILS)
        started_on = day_of(opened, table.title("OPEN DATE"), self.latest)
        ended_on = day_of(closed, table.title("CLOSE DATE"), self.latest)
        check_order(started_on, ended_on, table.title("CLOSE DATE"), "open date", "close date")
        return PartnershipFact(
            code=code_of(code, table.title("PCN CODE"), PCN),
            name=name_of(name, table.title("PCN NAME")),
            sheet=table.sheet,
            row=number,
            sub_icb_code=self._area(table, number, area, area_name, DETAILS[2], DETAILS[3]),
            postcode=postcode_of(postcode),
            started_on=started_on,
            ended_on=ended_on,
        )

    def _area(self, table: Table, number: int, area: Cell, name: Cell, code_header: str, name_header: str) -> str:
        """The sub-ICB location a row mentions, made known with the first name it is given."""
        if isinstance(area, str) and area in self.areas:
            return area
        code = code_of(area, table.title(code_header), COMMISSIONER)
        if code not in self.areas:
            named = name_of(name, table.title(name_header))
            self.areas.add(code)
            self.organisations[code] = OrganisationFact(code, named, OrganisationKind.SUB_ICB, table.sheet, number)
        return code

    def read_members(self, table: Table) -> None:
        places = [table.columns[header] for header in MEMBERS]
        titles = [table.title(header) for header in MEMBERS]
        for number, row in table.body:
            try:
                self._member(table, number, [row[place] for place in places], titles)
            except UnusableCellError as problem:
                self.refusals.add(table.sheet, number, problem)

    def _member(self, table: Table, number: int, cells: Sequence[Cell], titles: Sequence[str]) -> None:
        practice, network = code_of(cells[0], titles[0], PRACTICE), code_of(cells[4], titles[4], PCN)
        joined_on, left_on = day_of(cells[5], titles[5], self.latest), day_of(cells[6], titles[6], self.latest)
        if joined_on is None:
            raise UnusableCellError(titles[5], "there is no start date.")
        check_order(joined_on, left_on, titles[6], "start date", "end date")
        name = name_of(cells[1], titles[1])
        self._area(table, number, cells[2], cells[3], MEMBERS[2], MEMBERS[3])
        self.seen.check((practice, "in", network, "from", joined_on), number, titles[0])
        if practice not in self.organisations:
            self.organisations[practice] = OrganisationFact(
                practice, name, OrganisationKind.PRACTICE, table.sheet, number
            )
        self.memberships.append(MembershipFact(network, practice, table.sheet, number, titles[4], joined_on, left_on))

    def facts(self) -> RegisterFacts:
        return RegisterFacts(
            source=RegisterSource.PRIMARY_CARE_NETWORKS,
            organisations=tuple(self.organisations.values()),
            partnerships=tuple(self.networks.values()),
            memberships=tuple(self.memberships),
            refused=tuple(self.refusals.rows),
            kind=PRIMARY_CARE_NETWORK,
            lists_members=True,
            dates_members=True,
        )
