"""The ePCN workbook: networks, and practices in them for as long as each was."""

import datetime
from typing import Any

import pytest

from partnerships.imports.register import read_register
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import RegisterFacts, RegisterFileRefusedError
from tests.register_files import MEMBER_HEADERS, PCN_HEADERS, epcn, pcn, practice, workbook

DAY = datetime.date


def read(content: bytes) -> RegisterFacts:
    return read_register(content, latest=DAY(2028, 1, 1))


def test_networks_and_practices_with_their_days() -> None:
    facts = read(
        epcn(
            [pcn("U00001", closed="20240331"), pcn("U00002", "FROME PCN")],
            [practice(end="20240331"), practice(network="U00002", start=20240401.0)],
        )
    )
    assert facts.source == RegisterSource.PRIMARY_CARE_NETWORKS
    assert [(one.code, one.ended_on, one.sub_icb_code, one.postcode) for one in facts.partnerships] == [
        ("U00001", DAY(2024, 3, 31), "11X", "TA1 1NW"),
        ("U00002", None, "11X", "TA1 1NW"),
    ]
    assert [(one.partnership_code, one.organisation_code, one.joined_on, one.left_on) for one in facts.memberships] == [
        ("U00001", "L85001", DAY(2019, 10, 1), DAY(2024, 3, 31)),
        ("U00002", "L85001", DAY(2024, 4, 1), None),
    ]
    assert [(one.code, one.kind) for one in facts.organisations] == [
        ("11X", OrganisationKind.SUB_ICB),
        ("L85001", OrganisationKind.PRACTICE),
    ]


def test_a_practice_that_left_and_came_back_is_a_member_twice() -> None:
    facts = read(epcn(practices=[practice(end="20200331"), practice(start="20210401")]))
    assert len(facts.memberships) == 2
    assert facts.refused == ()


def test_days_may_be_real_dates_of_a_spreadsheet() -> None:
    rows = [MEMBER_HEADERS, practice()]
    rows[1][8] = "2019-10-01"
    assert read(workbook({"a": [PCN_HEADERS, pcn()], "b": rows})).memberships[0].joined_on == DAY(2019, 10, 1)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (practice(), "Partner Organisation Code", "L85001 in U00001 from 1 October 2019 is already in row 2"),
        (practice(code="11X"), "Partner Organisation Code", "“11X” is not the code of a GP practice"),
        (practice(network=""), "PCN Code", "there is no code of a primary care network"),
        (practice("L85002", start=""), "Practice to PCN Relationship Start Date", "there is no start date"),
        (practice("L85002", end="20180101"), "Practice to PCN Relationship End Date", "is before the start date"),
        (practice("L85002", start="20991001"), "Practice to PCN Relationship Start Date", "too far ahead"),
        (practice("L85002", name=""), "Partner Name", "there is no name"),
        (practice("L85002", name="=cmd()"), "Partner Name", "“0” is a number, not a name"),
        (practice("L85002", name="+44 1823"), "Partner Name", "is a formula, not a name"),
    ],
)
def test_an_unusable_practice_is_named(row: list[Any], column: str, reason: str) -> None:
    facts = read(epcn(practices=[practice(), row]))
    (refused,) = facts.refused
    assert (refused.sheet, refused.row, refused.column) == ("PCN Core Partner Details", 3, column)
    assert reason in refused.reason
    assert len(facts.memberships) == 1


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (pcn(), "PCN Code", "U00001 is already in row 2"),
        (pcn("L85001"), "PCN Code", "“L85001” is not the code of a primary care network"),
        (pcn("U00002", closed="20180101"), "Close Date", "is before the open date"),
        (pcn("U00002", name=""), "PCN Name", "there is no name"),
    ],
)
def test_an_unusable_network_is_named(row: list[Any], column: str, reason: str) -> None:
    facts = read(epcn([pcn(), row]))
    (refused,) = facts.refused
    assert (refused.sheet, refused.row, refused.column) == ("PCNDetails", 3, column)
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("sheets", "missing"),
    [
        ({"PCNDetails": [PCN_HEADERS, pcn()]}, "the practices"),
        ({"PCN Core Partner Details": [MEMBER_HEADERS, practice()]}, "the networks"),
    ],
)
def test_one_sheet_without_the_other_is_refused(sheets: dict[str, Any], missing: str) -> None:
    with pytest.raises(RegisterFileRefusedError, match=f"the sheet of {missing}"):
        read(workbook(sheets))


def test_a_workbook_of_wrong_codes_is_refused_whole() -> None:
    with pytest.raises(RegisterFileRefusedError, match="3 of its rows cannot be used, so nothing was taken"):
        read(epcn([pcn("X1")], [practice("X2"), practice("X3")]))
