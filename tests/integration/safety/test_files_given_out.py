"""Whoever takes a copy away is on the record: every address is opened, and whatever answers a file leaves its line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from diagnostics.instrument import CURRENT
from diagnostics.models import Subject
from diagnostics.views.survey_round import DEEDS
from partnerships.models import Deed, DeedKind, Person, Role
from tests.integration.diagnostics.hidden import rewrite
from tests.integration.safety.addresses import Route, routes
from tests.integration.safety.contents import said
from tests.integration.safety.test_other_ids import QUERY
from tests.integration.safety.world import Page, World, undone

pytestmark = pytest.mark.django_db

# Files that leave no line, and why not.
NOTHING_TAKEN = {
    "diagnostics:open_link_svg": "it draws the open link, which is made to be given to everybody who is asked",
    "diagnostics:open_link_png": "the same as a picture",
    "mfa_download_recovery_codes": "these are the person's own codes",
}
# Files without rows, which hold something of the organisation all the same.
WITHOUT_ROWS = {"partnerships:portfolio_template", "diagnostics:questions_file", "decisions:letter_docx"}
# The sheets whose rows are counted, of which a workbook has one.
SHEETS = ("Partnerships", "Recommendation", "Results", "Who did what")
TAKEN = {DeedKind.EXPORTED, DeedKind.TOOK_LINKS}


@dataclass(frozen=True)
class Given:
    """What an address gave to whom, and the lines that it left on the record."""

    route: str
    to: Person
    answer: Page
    deeds: list[Deed]

    @property
    def is_file(self) -> bool:
        return "attachment" in self.answer.headers.get("Content-Disposition", "")


def given(world: World, route: Route) -> list[Given]:
    """Once for each kind of file, where the address names one: to the strategy lead, else to an administrator."""
    kinds = [{"kind": kind} for kind in ("csv", "xlsx")] if route.pattern.endswith("<file_kind:kind>") else [{}]
    found = []
    for kind in kinds:
        for who in (Role.STRATEGY_LEAD, Role.ADMINISTRATOR):
            one = _given(world, route, who, route.at(world.own, **kind))
            if one.answer.status_code != 403:
                break
        found.append(one)
    return found


def _given(world: World, route: Route, who: str, address: str) -> Given:
    """By opening it; what can only be sent is sent as the page before it would."""
    with undone():
        known, browser = set(Deed.objects.values_list("pk", flat=True)), world.as_(who)
        answer = browser.get(address)
        if answer.status_code == 405:
            answer = browser.post(address, {"secret": world.own.parameters["handed_secret"]})
        return Given(route.name, world.own.people[who], answer, list(Deed.objects.exclude(pk__in=known)))


def rows_in(answer: Page) -> int:
    """Below the headings, of a CSV file or of the workbook's sheet with the rows; the days of a calendar."""
    content = answer.getvalue()
    if content.startswith(b"BEGIN:VCALENDAR"):
        return int(content.count(b"BEGIN:VEVENT"))
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
    for one in files:
        [deed] = one.deeds
        assert (deed.person, deed.organisation) == (one.to, world.own.organisation), one.route
        assert deed.kind in TAKEN, one.route
        named = [one for one in world.own.organisation.participations.all() if str(one.partnership) in deed.what]
        assert bool(named) == (deed.participation is not None), one.route
        if one.route in WITHOUT_ROWS:
            assert deed.rows is None, one.route
        else:
            assert deed.rows == rows_in(one.answer) > 0, one.route
    names = {(one.route, one.deeds[0].what) for one in files}
    assert len(names) == len(files), "no two files are called the same"
    assert {route for route, _ in names} >= {
        "partnerships:portfolio_export",
        "partnerships:capacity_file",
        "partnerships:audit_file",
        "diagnostics:links_download",
        "scoring:recommendation_report",
        "scoring:run_report",
        "diagnostics:results_file",
        "partnerships:import_problems",
    } | WITHOUT_ROWS


def test_the_questions_that_come_with_the_service_are_nobodys(world: World) -> None:
    address = reverse("diagnostics:questions_file", args=[world.own.code, Subject.PARTNERSHIP, CURRENT])
    one = _given(world, Route("diagnostics:questions_file", "", ()), Role.STRATEGY_LEAD, address)
    assert (one.is_file, one.deeds) == (True, [])


def test_no_other_page_says_that_a_copy_was_taken(world: World) -> None:
    """Nor does a file that takes nothing along; each of those is one."""
    others = [one for route in routes() for one in given(world, route) if not one.is_file or one.route in NOTHING_TAKEN]
    assert [one.route for one in others if any(deed.kind in TAKEN for deed in one.deeds)] == []
    assert {one.route for one in others if one.is_file} == NOTHING_TAKEN.keys() - {"mfa_download_recovery_codes"}


def test_every_page_and_file_with_what_people_wrote_in_leaves_a_line(world: World) -> None:
    """Reasons that respondents gave, on whichever page they are, and wherever they are asked for."""
    own, closed = world.own, world.own.parameters["closed_round"]
    answers = own.organisation.survey_answers.filter(response__round=closed)
    assert answers
    for answer in answers:
        rewrite(answer, "reason", "Nobody answers the telephone")
    asked = urlencode({name: kind.removeprefix("=") for name, kind in QUERY.items() if kind.startswith("=")})
    ways: list[tuple[str, str, dict[str, str]]] = [("get", "", {}), ("get", f"?{asked}", {}), ("post", "", {})]
    ways += [("post", "", {"deed": deed}) for deed in DEEDS]
    with_reasons = set()
    for route in routes():
        address = route.at(own, **({"pk": closed} if route.name == "diagnostics:round" else {}))
        for method, query, sent in ways:
            with undone():
                known = set(Deed.objects.values_list("pk", flat=True))
                answer = getattr(world.as_(Role.STRATEGY_LEAD), method)(f"{address}{query}", sent)
                if "answers the telephone" in said(answer):
                    deeds = Deed.objects.exclude(pk__in=known)
                    [deed] = deeds.filter(kind=DeedKind.READ_FREE_TEXT)
                    assert deed.person == own.lead, route.name
                    assert not [one for one in deeds if "telephone" in str(vars(one))]
                    with_reasons.add(" ".join([method, f"{route.name}{query}", *sent.values()]))
    assert with_reasons == {
        "get diagnostics:round",
        f"get diagnostics:round?{asked}",
        "post diagnostics:round open",
        f"get diagnostics:results_file?{asked}",
    }
