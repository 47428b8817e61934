"""Whoever takes a copy away is on the record: every address is opened, and whatever answers a file leaves its line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook

from partnerships.models import Deed, DeedKind, Role
from tests.integration.diagnostics.hidden import rewrite
from tests.integration.safety.addresses import Route, routes
from tests.integration.safety.contents import said
from tests.integration.safety.world import Page, World, undone

pytestmark = pytest.mark.django_db

# Files that leave no line, and why not.
NOTHING_TAKEN = {
    "partnerships:portfolio_template": "it is empty: nothing that was recorded of any partnership stands in it",
    "partnerships:import_problems": "it says what is wrong with the file that the same person has just uploaded",
    "diagnostics:questions_file": "everybody who is asked may read the questions; no answer stands in it",
    "mfa_download_recovery_codes": "these are the person's own codes",
}
SHEETS = ("Partnerships", "Recommendation", "Results")  # of the rows in a workbook that are counted


@dataclass(frozen=True)
class Given:
    """What an address gave, and the lines that it left on the record."""

    route: str
    answer: Page
    deeds: list[Deed]

    @property
    def is_file(self) -> bool:
        return "attachment" in self.answer.headers.get("Content-Disposition", "")


def given(world: World, route: Route) -> list[Given]:
    """Once for each kind of file, where the address names one."""
    kinds = [{"kind": kind} for kind in ("csv", "xlsx")] if route.name.startswith("partnerships:portfolio_") else [{}]
    found = []
    for kind in kinds:
        with undone():
            known = set(Deed.objects.values_list("pk", flat=True))
            answer = world.as_(Role.STRATEGY_LEAD).get(route.at(world.own, **kind))
            found.append(Given(route.name, answer, list(Deed.objects.exclude(pk__in=known))))
    return found


def rows_in(answer: Page) -> int:
    """Below the headings, of a CSV file or of the workbook's sheet with the rows."""
    content = answer.getvalue()
    if not content.startswith(b"PK"):
        return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1
    book = load_workbook(io.BytesIO(content))
    [sheet] = (book[name] for name in SHEETS if name in book.sheetnames)
    if sheet.tables:
        [table] = sheet.tables.values()
        return len(sheet[table.ref]) - 1
    return sum(row[0] is not None for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True))


def test_every_file_leaves_a_line_with_its_name_and_how_many_rows_it_has(world: World) -> None:
    files = [one for route in routes() if route.name not in NOTHING_TAKEN for one in given(world, route) if one.is_file]
    lead, organisation = world.own.lead, world.own.organisation
    for one in files:
        [deed] = one.deeds
        assert (deed.kind, deed.person, deed.organisation) == (DeedKind.EXPORTED, lead, organisation), one.route
        assert deed.rows == rows_in(one.answer) > 0, one.route
    names = {(one.route, one.deeds[0].what) for one in files}
    assert len(names) == len(files), "no two files are called the same"
    assert {route for route, _ in names} >= {
        "partnerships:portfolio_export",
        "partnerships:capacity_file",
        "scoring:recommendation_report",
        "scoring:run_report",
        "diagnostics:results_file",
    }


def test_no_other_page_says_that_a_copy_was_taken(world: World) -> None:
    """Nor does a file that takes nothing along; each of those is one."""
    others = [one for route in routes() for one in given(world, route) if not one.is_file or one.route in NOTHING_TAKEN]
    assert [one.route for one in others if any(deed.kind == DeedKind.EXPORTED for deed in one.deeds)] == []
    assert {one.route for one in others if one.is_file} == NOTHING_TAKEN.keys() - {"mfa_download_recovery_codes"}


def test_every_page_with_what_people_wrote_in_leaves_a_line(world: World) -> None:
    """Reasons that respondents gave, on whichever page they are."""
    own, closed = world.own, world.own.parameters["closed_round"]
    answers = own.organisation.survey_answers.filter(response__round=closed, value__lte=2)
    assert answers
    for answer in answers:
        rewrite(answer, "reason", "Nobody answers the telephone")
    with_reasons = []
    for route in routes():
        with undone():
            known = set(Deed.objects.values_list("pk", flat=True))
            instead = {"pk": closed} if route.name == "diagnostics:round" else {}
            if "answers the telephone" in said(world.as_(Role.STRATEGY_LEAD).get(route.at(own, **instead))):
                [deed] = Deed.objects.exclude(pk__in=known)
                assert (deed.kind, deed.person) == (DeedKind.READ_FREE_TEXT, own.lead), route.name
                assert "telephone" not in str(vars(deed))
                with_reasons.append(route.name)
    assert with_reasons == ["diagnostics:round"]
