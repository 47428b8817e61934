"""The workbook, opened again as a reader would open it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from partnerships.models import Organisation, Partnership
from scoring.models import Run
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import scored, signed_in

pytestmark = pytest.mark.django_db

SHEETS = ["Summary", "Recommendation", "Capacity", "Load curve", "Levels", "About"]


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 4


def download(client: Client, organisation: Organisation) -> bytes:
    answer = client.get(f"/o/{organisation.code}/reports/recommendation.xlsx")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert f"recommendation-{organisation.code}-" in answer["Content-Disposition"]
    content: bytes = answer.content
    return content


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def rows_of(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet's native table, by header."""
    page = book[sheet]
    [table] = page.tables.values()
    header, *rows = page[table.ref]
    return [dict(zip([cell.value for cell in header], [cell.value for cell in row], strict=True)) for row in rows]


def facts_of(book: Workbook, sheet: str) -> dict[str, Any]:
    return {str(row[0].value): row[1].value for row in book[sheet].iter_rows(min_row=3) if row[0].value}


def test_the_whole_recommendation_with_numbers_as_numbers() -> None:
    organisation, lead, _ = portfolio(6, days=20)
    run = scored(organisation, lead)
    book = opened(download(signed_in(lead), organisation))
    assert book.sheetnames == SHEETS
    rows = rows_of(book, "Recommendation")
    stored = {one.participation.partnership.name: one for one in run.recommendations.for_list()}
    assert [row["Partnership"] for row in rows] == [
        one.participation.partnership.name for one in run.recommendations.for_list()
    ]
    for row in rows:
        one = stored[row["Partnership"]]
        assert row["Recommendation"] == one.get_label_display()
        assert row["Level"] == one.level_name
        assert row["Reason"] == one.reason
        assert row["Value (points)"] == pytest.approx(float(one.value), abs=0.001)
        assert row["Executive days a quarter"] == one.days.get("executive", 0)
        assert isinstance(row["Best in this share of versions"], int | float)
    capacity = {row["Pool"]: row for row in rows_of(book, "Capacity")}
    assert capacity["Executive"]["Days available a quarter"] == 18
    assert capacity["Executive"]["Asked for today"] == 36
    assert capacity["Executive"]["Recommended"] <= 18


def test_charts_are_the_spreadsheets_own() -> None:
    organisation, lead, _ = portfolio(4)
    scored(organisation, lead)
    content = download(signed_in(lead), organisation)
    parts = zipfile.ZipFile(BytesIO(content)).namelist()
    assert len([part for part in parts if part.startswith("xl/charts/chart")]) == 3
    assert len([part for part in parts if part.startswith("xl/tables/")]) == 4
    assert not [part for part in parts if part.startswith("xl/media/")]


def test_the_about_sheet_says_what_it_was_made_from() -> None:
    organisation, lead, _ = portfolio(2)
    run: Run = scored(organisation, lead)
    book = opened(download(signed_in(lead), organisation))
    about = facts_of(book, "About")
    assert about["Run"] == run.pk
    assert about["Inputs (SHA-256)"] == run.inputs_hash
    assert about["Engine version"] == run.engine_version
    assert about["Please note"].endswith("invented for demonstration.")
    assert facts_of(book, "Summary")["Please note"].endswith("invented for demonstration.")


def test_a_real_organisation_is_not_called_invented() -> None:
    organisation, lead, _ = portfolio(2, is_invented=False)
    scored(organisation, lead)
    book = opened(download(signed_in(lead), organisation))
    assert "Please note" not in facts_of(book, "About")


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "https://x.example"]
)
def test_a_name_that_looks_like_a_formula_stays_text(name: str) -> None:
    organisation, lead, _ = portfolio(2)
    Partnership.objects.filter(recorded_by=organisation, slug__endswith="-0").update(name=name)
    organisation.name = name
    organisation.save()
    scored(organisation, lead)
    book = opened(download(signed_in(lead), organisation))
    for page in book.worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row):
            assert cell.hyperlink is None
            assert cell.data_type != "f", f"{page.title} {cell.coordinate}"
            if isinstance(cell.value, str):
                assert not cell.value.startswith(("=", "+", "-", "@", "\t")), f"{page.title} {cell.coordinate}"


def test_pools_whose_names_a_cell_shows_alike_have_columns_of_their_own() -> None:
    organisation, lead, _ = portfolio(2)
    for code, name in {"executive": "=Board", "clinical": "'=Board"}.items():
        organisation.capacity_pools.filter(code=code).update(name=name)
    scored(organisation, lead)
    [row, *_] = rows_of(opened(download(signed_in(lead), organisation)), "Recommendation")
    assert [name for name in row if "Board" in name] == ["'=Board days a quarter", "'=Board days a quarter (2)"]


def test_an_earlier_run_keeps_its_own_workbook() -> None:
    organisation, lead, _ = portfolio(2)
    first = scored(organisation, lead)
    second = scored(organisation, lead)
    client = signed_in(lead)
    runs = [
        facts_of(opened(client.get(f"/o/{organisation.code}/reports/{run.pk}/recommendation.xlsx").content), "About")[
            "Run"
        ]
        for run in (first, second)
    ]
    assert runs == [first.pk, second.pk]
    assert facts_of(opened(download(client, organisation)), "About")["Run"] == second.pk
