"""The results of a survey as a workbook: what the page shows, and what people wrote only where it is ticked."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from diagnostics.actions import GivenAnswer, close_round, open_round, read_answers_as, record_answers, respondent_with
from diagnostics.instrument import instrument
from diagnostics.models import Round, RoundMode
from diagnostics.results import results_of
from partnerships.models import Deed, DeedKind
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import ITEMS, answer, closed, draft, opened

REASON = "=HYPERLINK(1) Nobody answers the telephone"


@pytest.fixture
def executive(client: Client, setting: Setting) -> Client:
    client.force_login(setting.executive)
    return client


@pytest.fixture
def explained(setting: Setting) -> Round:
    """Six answered, all of them with a reason."""
    made, links = opened(setting.participation, setting.lead)
    for place, (link, value) in enumerate(zip(links, [4, 2, 3, 3, 4, 5], strict=False)):
        item = "PUR2" if place else "PUR1"
        respondent, _ = respondent_with(link.secret)
        record_answers(respondent=respondent, answers={item: GivenAnswer(2, REASON)})
        answer(link, {one: value for one in ITEMS if one != item})
    return close_round(round=made, by=setting.lead)


def taken(client: Client, made: Round, **ticked: str) -> Any:
    return client.get(f"/o/{made.organisation.code}/surveys/{made.pk}/results.xlsx", ticked)


def book_of(answered: Any) -> Workbook:
    assert answered.status_code == 200
    return load_workbook(io.BytesIO(answered.content))


def deeds() -> list[Deed]:
    """What of it is on the record, reading before taking."""
    return list(Deed.objects.filter(kind__in=(DeedKind.EXPORTED, DeedKind.READ_FREE_TEXT)).order_by("-kind"))


def rows_of(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet's native table, by heading."""
    [table] = book[sheet].tables.values()
    heads, *rows = ([cell.value for cell in row] for row in book[sheet][table.ref])
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_it_says_what_the_page_says(setting: Setting, executive: Client, explained: Round) -> None:
    results = results_of(explained)
    assert results is not None
    rows = rows_of(book_of(taken(executive, explained)), "Results")
    kinds = [row["What"] for row in rows]
    assert kinds[:4] == ["Overall", "Group", "Group", "Group"]
    assert kinds.count("Characteristic") == 8
    assert rows[0]["Mean"] == pytest.approx(round(results.overall.estimate.mean, 2))  # type: ignore[union-attr]
    assert (rows[0]["Likely from"], rows[0]["Band"]) == (
        round(results.overall.estimate.low, 2),  # type: ignore[union-attr]
        results.overall.banding.words,  # type: ignore[union-attr]
    )
    by_name = {row["Name"]: row for row in rows}
    for line in results.characteristics:
        assert line.estimate is not None
        assert by_name[line.name]["Mean"] == round(line.estimate.mean, 2)
        assert by_name[line.name]["People with a view"] == line.estimate.people
    summary = {row[0]: row[1] for row in book_of(taken(executive, explained))["Summary"].iter_rows(values_only=True)}
    assert (summary["Answered"], summary["What was asked"]) == ("6 of 7", "How well the partnership works")


def test_each_statement_has_how_its_answers_spread(executive: Client, explained: Round) -> None:
    rows = {row["Statement"]: row for row in rows_of(book_of(taken(executive, explained)), "Statements")}
    asked = instrument()
    assert rows.keys() == {item.text for item in asked.item_by_code.values()}
    spread = rows[asked.item_by_code["PUR1"].text]
    assert [spread[choice.label] for choice in asked.scale] == [0, 2, 2, 1, 1]


def test_what_people_wrote_is_there_only_where_it_is_ticked(executive: Client, explained: Round) -> None:
    plain = book_of(taken(executive, explained))
    assert "What people wrote" not in plain.sheetnames
    everything = [cell for sheet in plain for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in everything if "telephone" in str(cell)]
    assert [deed.kind for deed in deeds()] == [DeedKind.EXPORTED]
    ticked = rows_of(book_of(taken(executive, explained, reasons="yes")), "What people wrote")
    assert [row["What somebody who disagreed wrote"] for row in ticked] == [f"'{REASON}"] * 6, "and no formula"


def test_taking_it_is_on_the_record_and_so_is_that_it_had_what_people_wrote(
    setting: Setting, executive: Client, explained: Round
) -> None:
    taken(executive, explained, reasons="yes")
    read, exported = deeds()
    assert (read.kind, read.rows, read.person) == (DeedKind.READ_FREE_TEXT, 6, setting.executive)
    assert (exported.kind, exported.person, exported.participation) == (
        DeedKind.EXPORTED,
        setting.executive,
        setting.participation,
    )
    assert exported.what.endswith(", with what people wrote")


def test_what_is_hidden_on_the_page_is_hidden_in_the_file(setting: Setting, executive: Client) -> None:
    """Of one statement too few have a view: it is not there, nor what was written beside it."""
    made, links = opened(setting.participation, setting.lead)
    respondent, _ = respondent_with(links[0].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(1, REASON)})
    for number, link in enumerate(links[:6]):
        answer(
            link, {item: (None if item == "PUR1" and number < 3 else 2) for item in ITEMS if item != "PUR1" or number}
        )
    close_round(round=made, by=setting.lead)
    book = book_of(taken(executive, made, reasons="yes"))
    asked = instrument()
    shown = {row["Statement"] for row in rows_of(book, "Statements")}
    hidden = {asked.item_by_code["PUR1"].text}
    assert not shown & hidden
    assert shown == {item.text for item in asked.item_by_code.values()} - hidden
    assert "What people wrote" not in book.sheetnames


def test_by_organisation_only_where_people_were_told(setting: Setting, executive: Client) -> None:
    anonymous = book_of(taken(executive, closed(setting.participation, setting.lead, [3] * 6)))
    assert "By organisation" not in anonymous.sheetnames
    made = draft(setting.participation, setting.lead)
    made.invitations.update(works_for="=Riverside")
    read_answers_as(round=made, mode=RoundMode.NAMED, by=setting.lead)
    for link in open_round(round=made, by=setting.lead)[:6]:
        answer(link, 4)
    close_round(round=made, by=setting.lead)
    [first] = rows_of(book_of(taken(executive, made)), "By organisation")
    assert (first["Organisation"], first["Answered"], first["Asked"], first["Overall"]) == ("'=Riverside", 6, 7, 4)


def test_there_is_no_file_of_a_survey_that_shows_nothing(setting: Setting, executive: Client) -> None:
    few = closed(setting.participation, setting.lead, [3] * 4)
    assert taken(executive, few).status_code == 404
    page = executive.get(f"/o/{few.organisation.code}/surveys/{few.pk}/").content.decode()
    assert "results.xlsx" not in page
    assert deeds() == []


def test_the_page_offers_it_and_the_box_only_where_somebody_wrote(
    setting: Setting, executive: Client, explained: Round
) -> None:
    page = executive.get(f"/o/{explained.organisation.code}/surveys/{explained.pk}/").content.decode()
    assert "results.xlsx" in page
    assert 'name="reasons"' in page
    silent = closed(setting.participation, setting.lead, [3] * 6)
    page = executive.get(f"/o/{silent.organisation.code}/surveys/{silent.pk}/").content.decode()
    assert "results.xlsx" in page
    assert 'name="reasons"' not in page
