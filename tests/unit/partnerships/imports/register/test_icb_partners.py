"""The partner workbook: three blocks side by side, numbers for codes, one organisation under two names."""

import datetime
from typing import Any

import pytest

from partnerships.imports.register import read_register
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import RegisterFacts, RegisterFileRefusedError
from tests.register_files import APPORTIONMENT_HEADERS, board, icb_partners, workbook

DEVON: dict[str, Any] = {"icb": "QJK", "name": "NHS DEVON INTEGRATED CARE BOARD"}


def read(content: bytes) -> RegisterFacts:
    return read_register(content, latest=datetime.date(2028, 1, 1))


def test_each_block_stands_for_itself() -> None:
    facts = read(
        icb_partners(
            [
                board(("11X", "NHS SOMERSET ICB - 11X"), (905.0, "Somerset Council"), ("RH5", "Somerset Trust")),
                board(trust=("RYF", "South Western Ambulance Trust")),
                board(council=("W8X1Q", "Devon Council"), trust=("RYF", "South Western Ambulance Trust"), **DEVON),
            ],
            apportioned=[("QJK", "RYF", "South Western Ambulance Trust")],
        )
    )
    assert facts.source == RegisterSource.ICB_PARTNERS
    assert [(one.partnership_code, one.organisation_code) for one in facts.memberships] == [
        ("QSL", "11X"),
        ("QSL", "905"),
        ("QSL", "RH5"),
        ("QSL", "RYF"),
        ("QJK", "W8X1Q"),
        ("QJK", "RYF"),
    ]
    kinds = {one.code: (one.kind, one.icb_code) for one in facts.organisations}
    assert kinds["QSL"] == (OrganisationKind.ICB, "QSL")
    assert kinds["905"] == (OrganisationKind.COUNCIL, "")
    assert kinds["11X"] == (OrganisationKind.SUB_ICB, "QSL")
    assert kinds["RYF"] == (OrganisationKind.TRUST, "QJK")
    assert {one.code: one.region_code for one in facts.organisations}["QSL"] == "Y58"


def test_the_name_most_rows_give_is_taken_and_the_others_remarked_on() -> None:
    names = ["South Central Ambulance", "Central London", "SOUTH CENTRAL  AMBULANCE", "South Central Ambulance"]
    boards = [f"Q{number}A" for number in range(4)]
    facts = read(icb_partners([board(trust=("RYE", name), icb=icb) for name, icb in zip(names, boards, strict=True)]))
    assert {one.code: one.name for one in facts.organisations}["RYE"] == "South Central Ambulance"
    (remark,) = facts.remarks
    assert (remark.sheet, remark.row, remark.column) == ("ICB Partners", 7, "ODS Trust Code")
    assert "“Central London” here" in remark.reason
    assert facts.refused == ()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (board(council=("", "Devon Council")), "ODS LA Code", "there is no code of a council"),
        (board(council=(1.5, "Devon Council")), "ODS LA Code", "“1.5” is not the code of a council"),
        (board(trust=("RH8", "")), "before ODS Trust Code", "there is no name"),
        (board(trust=("RH5", "Somerset Trust")), "ODS Trust Code", "RH5 in QSL is already in row 6"),
        (board(trust=("RH8", "Devon Trust"), icb="E54"), "ODS ICB Code", "“E54” is not the code of an integrated"),
        (board(trust=("RH8", "Devon Trust"), icb=""), "ODS ICB Code", "there is no code of an integrated"),
    ],
)
def test_one_bad_cell_leaves_the_rest_of_its_row(row: list[Any], column: str, reason: str) -> None:
    first = board(("11X", "NHS SOMERSET ICB - 11X"), (905.0, "Somerset Council"), ("RH5", "Somerset Trust"))
    facts = read(icb_partners([first, row]))
    (refused,) = facts.refused
    assert (refused.sheet, refused.row, refused.column) == ("ICB Partners", 7, column)
    assert reason in refused.reason
    assert len(facts.memberships) == 3


def test_money_counts_towards_a_board_of_the_other_sheet() -> None:
    facts = read(icb_partners(apportioned=[("QZZ", "RH5", "Somerset Trust"), ("QSL", "RH5", "Somerset Trust")]))
    (refused,) = facts.refused
    assert (refused.sheet, refused.row, refused.column) == ("ICB Financial Apportionment", 5, "ODS ICB Code")
    assert "QZZ is not among the boards" in refused.reason
    assert {one.code: one.icb_code for one in facts.organisations}["RH5"] == "QSL"


def test_the_sheet_of_money_alone_is_not_the_register() -> None:
    with pytest.raises(RegisterFileRefusedError, match="not a register this command knows"):
        read(workbook({"Money": [APPORTIONMENT_HEADERS, ["", "QSL", "Somerset", "Somerset Trust", "RH5"]]}))
