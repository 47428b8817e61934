"""Clinical networks: four forms of CSV, told by their headers and codes."""

import datetime

import pytest

from partnerships.imports.register import read_register
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import RegisterFacts, RegisterFileRefusedError
from tests.register_files import csv_bytes, diabetes, epilepsy


def read(content: bytes) -> RegisterFacts:
    return read_register(content, latest=datetime.date(2028, 1, 1))


def test_epilepsy_networks_list_trusts() -> None:
    facts = read(epilepsy(("RH5", "SWIPE"), ("7A1", "EPIC"), ("RH8", "SWIPE")))
    assert facts.source == RegisterSource.EPILEPSY_NETWORKS
    assert [(one.code, one.kind) for one in facts.organisations] == [
        ("RH5", OrganisationKind.TRUST),
        ("7A1", OrganisationKind.TRUST),
        ("RH8", OrganisationKind.TRUST),
    ]
    assert {one.code: one.name for one in facts.partnerships} == {"SWIPE": "Network SWIPE", "EPIC": "Network EPIC"}
    assert [(one.partnership_code, one.organisation_code) for one in facts.memberships] == [
        ("SWIPE", "RH5"),
        ("EPIC", "7A1"),
        ("SWIPE", "RH8"),
    ]
    assert facts.lists_members


def test_a_units_trust_is_in_its_code_unless_the_code_is_of_the_newer_pattern() -> None:
    facts = read(diabetes(("RVY02", "PN11"), ("G0W1C", "PN05"), ("7A2", "PN07")))
    parents = {one.code: (one.kind.value, one.parent_code) for one in facts.organisations}
    assert parents == {
        "RVY": ("trust", ""),
        "RVY02": ("unit", "RVY"),
        "G0W1C": ("unit", ""),
        "7A2": ("trust", ""),
    }


def test_a_diabetes_network_is_named_for_what_it_is() -> None:
    assert read(diabetes(("RVY02", "PN11"))).partnerships[0].name == "South West paediatric diabetes network"


def test_lists_of_networks_say_nothing_of_members() -> None:
    header = ["OPEN_UK_Network_Name", "OPEN_UK_Network_Code", "country"]
    epilepsy_list = csv_bytes([header, ["A network", "SWIPE", "England"]])
    diabetes_list = csv_bytes([["id", "name"], ["PN01", "Jersey"], ["PN02", "South West"]])
    assert [one.code for one in read(epilepsy_list).partnerships] == ["SWIPE"]
    assert [one.code for one in read(diabetes_list).partnerships] == ["PN01", "PN02"]
    assert not read(epilepsy_list).lists_members
    assert not read(diabetes_list).lists_members


@pytest.mark.parametrize(
    ("content", "row", "column", "reason"),
    [
        (epilepsy(("RH5", "SWIPE"), ("RH5", "SWIPE")), 3, "ods trust code", "RH5 in SWIPE is already in row 2"),
        (epilepsy(("RH5", "SWIPE"), ("Somerset", "SWIPE")), 3, "ods trust code", "“SOMERSET” is not the code"),
        (diabetes(("RH5A8", "PN02"), ("8HV48", "")), 3, "network_code", "there is no code of a diabetes network"),
        (diabetes(("RH5A8", "PN02"), ("RH8", "South West")), 3, "network_code", "“SOUTH WEST” is not the code"),
        (epilepsy(("RH5", "SWIPE")) + b"RH8\n" + b"RA4,A network,SWIPE,England\n", 3, "last", "1 columns instead of 4"),
    ],
)
def test_an_unusable_row_is_named(content: bytes, row: int, column: str, reason: str) -> None:
    (refused,) = read(content).refused
    assert (refused.row, refused.column) == (row, column)
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (epilepsy(("RH5", "SWIPE"), ("RH8", "SWIPE"))[:-20], "it breaks off in row 3"),
        (epilepsy(("RH5", "SWIPE"), ("RH8", "SWIPE"))[:-3], "it breaks off in row 3"),
        (csv_bytes([["id", "name"], ["1", "Jersey"]]), "not a register this command knows"),
        (csv_bytes([["a", "b"], ["1", "2"]]), "not a register this command knows"),
        (epilepsy(), "0 of its rows cannot be used"),
        (epilepsy(("x", "SWIPE"), ("y", "SWIPE")), "2 of its rows cannot be used, so nothing was taken. First: row 2"),
    ],
)
def test_a_wrong_file_is_refused_whole(content: bytes, reason: str) -> None:
    with pytest.raises(RegisterFileRefusedError, match=reason):
        read(content)
