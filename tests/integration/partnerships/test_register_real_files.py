"""The published registers, as other people released them. They lie beside the project and are never part of it."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count

from partnerships.models import (
    Organisation,
    OrganisationKind,
    Partnership,
    PartnershipMembership,
    RegisterFile,
)

DATA = Path(__file__).resolve().parents[4] / "shared/data"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.register,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published registers are not here"),
]
MARCH_2022, DECEMBER_2025 = DATA / "ods_trusts/etr_2022-03.csv", DATA / "ods_trusts/etr_2025-12.csv"
COMMISSIONERS = DATA / "ods_trusts/eccg_2025-12.csv"
PARTNERS = DATA / "ods_icb_partners/icb-partners-master-december-2024.xlsx"
JANUARY_2023, OCTOBER_2024 = DATA / "ods_pcn/ePCN_2023-01.xlsx", DATA / "ods_pcn/ePCN_2024-10.xlsx"
EPILEPSY, DIABETES = (
    DATA / "clinical_networks/open_uk_networks_trusts.csv",
    DATA / "clinical_networks/pz_codes_networks.csv",
)
LISTS = [DATA / "clinical_networks/open_uk_networks.csv", DATA / "clinical_networks/paediatric_diabetes_networks.csv"]
CLOSED_IN_EPILEPSY = {"R1C", "RA4", "RAP", "RYK", "RC1", "RD3", "RDD", "RNL", "RQ8", "RY9", "RR1", "RVY", "RXH"}


def import_files(*files: Path, as_of: str) -> list[dict[str, Any]]:
    """What the command's JSON lines say of each file."""
    said = io.StringIO()
    call_command("import_register", *map(str, files), "--as-of", as_of, "--json", stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines() if line.startswith("{")]


def counts(line: dict[str, Any]) -> tuple[int, int, int, int, int]:
    return line["created"], line["changed"], line["closed"], line["unchanged"], line["refused"]


def test_trusts_of_march_2022_then_december_2025() -> None:
    (first,) = import_files(MARCH_2022, as_of="2022-03-01")
    (second,) = import_files(DECEMBER_2025, as_of="2025-12-01")
    assert counts(first) == (218, 0, 0, 0, 0)
    assert counts(second) == (55, 13, 8, 197, 0)
    royal_devon = Organisation.objects.get(code="RH8")
    assert royal_devon.display_name == "Royal Devon University Healthcare NHS Foundation Trust"
    assert [(name.name, name.valid_from, name.valid_until) for name in royal_devon.names.all()] == [
        ("ROYAL DEVON AND EXETER NHS FOUNDATION TRUST", None, datetime.date(2025, 12, 1)),
        ("ROYAL DEVON UNIVERSITY HEALTHCARE NHS FOUNDATION TRUST", datetime.date(2025, 12, 1), None),
    ]
    assert Organisation.objects.get(code="RA4").closed_on == datetime.date(2023, 3, 31)


def test_run_twice_together_changes_nothing() -> None:
    import_files(MARCH_2022, DECEMBER_2025, as_of="2025-12-01")
    before = everything()
    again = import_files(MARCH_2022, DECEMBER_2025, as_of="2025-12-01")
    assert [counts(line) for line in again] == [(0, 0, 0, 218, 0), (0, 0, 0, 273, 0)]
    assert everything() == before


def test_the_older_file_after_the_newer_changes_nothing() -> None:
    import_files(DECEMBER_2025, as_of="2025-12-01")
    (line,) = import_files(MARCH_2022, as_of="2022-03-01")
    assert counts(line) == (0, 0, 0, 218, 0)
    assert Organisation.objects.get(code="RA4").closed_on == datetime.date(2023, 3, 31)


def test_the_partner_workbook() -> None:
    (line,) = import_files(PARTNERS, as_of="2024-12-23")
    assert counts(line) == (1_099, 0, 0, 0, 0)
    kinds = dict(Organisation.objects.order_by().values_list("kind").annotate(Count("pk")))
    assert kinds == {"icb": 42, "trust": 206, "council": 157, "sub_icb": 106}
    assert Partnership.objects.filter(kind__code="integrated-care-board").count() == 42
    members = dict(PartnershipMembership.objects.order_by().values_list("organisation__kind").annotate(Count("pk")))
    assert members == {"trust": 270, "council": 170, "sub_icb": 106}
    trusts = Organisation.objects.filter(kind=OrganisationKind.TRUST).annotate(boards=Count("memberships"))
    assert trusts.filter(boards__gt=1).count() == 33
    assert Organisation.objects.get(code="RYF").memberships.count() == 7
    assert Organisation.objects.get(code="RYF").icb_code == "QVV"
    assert not trusts.filter(icb_code="").exists()


def test_care_trusts_are_in_no_etr_and_stay_open() -> None:
    import_files(PARTNERS, as_of="2024-12-23")
    import_files(DECEMBER_2025, as_of="2025-12-01")
    care_trust = Organisation.objects.get(code="TAD")
    assert care_trust.display_name == "Bradford District Care NHS Foundation Trust"
    assert care_trust.closed_on is None
    assert (care_trust.source, Organisation.objects.get(code="RH5").source) == ("icb_partners", "etr")


def test_a_readable_spelling_outlives_capitals_and_is_no_renaming() -> None:
    import_files(PARTNERS, as_of="2024-12-23")
    (line,) = import_files(DECEMBER_2025, as_of="2025-12-01")
    assert Organisation.objects.get(code="RTX").name == "University Hospitals of Morecambe Bay NHS Foundation Trust"
    # the workbook has 203 of the trusts; it knew one closed one as open, and seven by another name
    assert counts(line) == (70, 7, 1, 195, 0)


def test_the_epcn_workbook_of_october_2024() -> None:
    (line,) = import_files(OCTOBER_2024, as_of="2024-10-31")
    assert counts(line) == (119 + 6_813 + 1_366 + 7_705, 0, 0, 0, 0)
    assert PartnershipMembership.objects.count() == 7_705
    assert PartnershipMembership.objects.filter(left_on=None).count() == 7_705 - 1_481
    assert Partnership.objects.filter(ended_on=None).count() == 1_366 - 81


def test_the_epcn_workbook_of_january_2023_then_october_2024() -> None:
    import_files(JANUARY_2023, as_of="2023-01-31")
    (line,) = import_files(OCTOBER_2024, as_of="2024-10-31")
    assert counts(line) == (6 + 37 + 250, 197 + 25, 12 + 398, 119 + 6_610 + 1_292 + 7_057, 0)
    groby = PartnershipMembership.objects.filter(organisation__code="C82628").order_by("joined_on")
    assert [(one.partnership.register_code, one.joined_on, one.left_on) for one in groby] == [
        ("U74544", datetime.date(2019, 10, 1), datetime.date(2020, 4, 30)),
        ("U12169", datetime.date(2020, 5, 1), datetime.date(2022, 3, 31)),
        ("U87499", datetime.date(2022, 4, 1), None),
    ]


def test_networks_lie_in_the_board_of_their_area_whichever_file_comes_first() -> None:
    import_files(OCTOBER_2024, as_of="2024-10-31")
    assert not Partnership.objects.exclude(icb_code="").exists()
    import_files(COMMISSIONERS, as_of="2025-12-01")
    assert Partnership.objects.filter(icb_code="QSL", ended_on=None).count() == 13
    assert not Partnership.objects.filter(icb_code="").exists()


def test_clinical_networks_name_the_rows_that_cannot_be_used() -> None:
    lines = import_files(*LISTS, EPILEPSY, DIABETES, as_of="2024-01-01")
    assert [line["refused"] for line in lines] == [0, 0, 1, 2]
    assert Partnership.objects.filter(kind__code="clinical-network").count() == 15 + 12
    assert PartnershipMembership.objects.filter(source="epilepsy_networks").count() == 159
    assert PartnershipMembership.objects.filter(source="diabetes_networks").count() == 172
    unit = Organisation.objects.get(code="RVY02")
    assert unit.kind == OrganisationKind.UNIT
    assert unit.parent == Organisation.objects.get(code="RVY")


def test_closed_members_of_everything_together() -> None:
    import_files(MARCH_2022, as_of="2022-03-01")
    import_files(DECEMBER_2025, COMMISSIONERS, as_of="2025-12-01")
    import_files(PARTNERS, as_of="2024-12-23")
    import_files(OCTOBER_2024, as_of="2024-10-31")
    import_files(*LISTS, EPILEPSY, DIABETES, as_of="2024-01-01")
    said = io.StringIO()
    call_command("check_register", "--json", "--on", "2026-01-01", stdout=said)
    found = json.loads(said.getvalue())
    by_register: dict[str, set[str]] = {}
    for one in found:
        by_register.setdefault(one["register"], set()).add(one["code"])
    assert by_register == {
        "ICB partner register": {"RAP"},
        "Paediatric epilepsy networks": CLOSED_IN_EPILEPSY,
        "Paediatric diabetes networks": {"RVY02", "RA430", "RAPNM"},
    }
    assert len(found) == 17
    units = {one["code"]: one["trust_code"] for one in found if one["trust_code"]}
    assert units == {"RVY02": "RVY", "RA430": "RA4", "RAPNM": "RAP"}
    (north_middlesex,) = [one for one in found if one["register"] == "ICB partner register"]
    assert (north_middlesex["partnership_code"], north_middlesex["closed_on"]) == ("QMJ", "2024-12-31")


@pytest.mark.parametrize(
    "name", ["ods_icb_partners/icb_partners_long.csv", "ods_trusts/icb_names_codes_dec_2024.csv", "README.md"]
)
def test_other_files_of_the_same_folders_are_refused(name: str) -> None:
    with pytest.raises(Exception, match="not a register this command knows"):
        import_files(DATA / name, as_of="2025-01-01")
    assert not RegisterFile.objects.exists()


def everything() -> dict[str, list[Any]]:
    models = (Organisation, Partnership, PartnershipMembership, RegisterFile)
    rows: dict[str, list[Any]] = {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}
    names = Organisation.names.rel.related_model.objects  # type: ignore[attr-defined]
    return {**rows, "names": list(names.order_by("pk").values_list())}
