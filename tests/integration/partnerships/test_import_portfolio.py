"""Bringing a spreadsheet: its preview, the import, and the way back out."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from partnerships.actions.import_previews import keep_preview
from partnerships.exports.portfolio import portfolio_csv, portfolio_workbook
from partnerships.imports.portfolio.plan import Fate, Plan
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, read_table
from partnerships.imports.portfolio.writing import import_table, rehearse
from partnerships.models import (
    DaysNeeded,
    ImportPreview,
    Participation,
    ParticipationState,
    PartnershipMembership,
    RegisterSource,
    ValueRating,
)
from tests.factories import OrganisationFactory, PartnershipFactory
from tests.integration.partnerships.conftest import Desk, Page, words_of

Rows = Sequence[Sequence[str]]
NEW = [["Name", "Kind", "How patients benefit"], ["Mendip Voices", "Voluntary sector partnership", "Heard early"]]


def csv_of(rows: Rows) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def plan_of(desk: Desk, rows: Rows) -> Plan:
    return rehearse(organisation=desk.organisation, by=desk.lead, table=read_table(csv_of(rows)))


def upload(desk: Desk, content: bytes, name: str = "portfolio.csv") -> Page:
    return desk.post("partnerships/import/", {"file": SimpleUploadedFile(name, content)})


def previewed(desk: Desk, rows: Rows) -> tuple[str, Page]:
    """Upload, follow to the preview; its path under the organisation and the page."""
    address = upload(desk, csv_of(rows))["Location"]
    path = address.removeprefix(desk.at(""))
    return path, desk.get(path)


def confirm(desk: Desk, path: str, page: Any, **buttons: str) -> Page:
    return desk.client.post(desk.at(path), {"version": page.context["plan"].version, **buttons}, follow=True)


def full_participation(desk: Desk) -> Participation:
    """One with something in every column, some of it made to trip a spreadsheet."""
    organisation = desk.organisation
    partnership = PartnershipFactory.create(
        recorded_by=organisation, name="=Sum of @all", started_on=datetime.date(2019, 3, 2)
    )
    lead = PartnershipMembership.objects.create(
        partnership=partnership, organisation=OrganisationFactory.create(code="RYF"), is_lead=True
    )
    participation = desk.participation(
        partnership=partnership,
        purpose="-1 is where we start\n+ then up",
        end_goal="'=quoted'",
        stage="norming",
        governance_form="alliance",
        sponsor="@Ann, “Lee”; and others",
        started_on=datetime.date(2024, 4, 1),
        mandate_level=organisation.engagement_levels.get(code="keep-in-touch"),
        mandate_source="The Act",
        harm_of_declining=Decimal("12.50"),
    )
    PartnershipMembership.objects.create(partnership=partnership, organisation=organisation)
    assert lead.is_lead
    objectives, ways = list(organisation.objectives.all()), list(organisation.ways_of_creating_value.all())
    DaysNeeded.objects.create(
        organisation=organisation,
        participation=participation,
        level=organisation.engagement_levels.get(code="sustain"),
        pool=organisation.capacity_pools.get(code="clinical"),
        low=Decimal("0.25"),
        likely=Decimal(2),
        high=Decimal("7.75"),
    )
    ValueRating.objects.create(
        organisation=organisation, participation=participation, objective=objectives[0], way=ways[0], evidence="+plus"
    )
    ValueRating.objects.create(
        organisation=organisation,
        participation=participation,
        objective=objectives[1],
        way=ways[0],
        low=-20,
        likely=Decimal("10.5"),
        high=30,
        evidence="Audit",
    )
    return participation


@pytest.mark.parametrize("make", [portfolio_csv, portfolio_workbook])
def test_exporting_and_importing_changes_nothing(desk: Desk, make: Any) -> None:
    full_participation(desk)
    desk.participation(state=ParticipationState.DRAFT, level=None, patient_benefit="")
    desk.participation(state=ParticipationState.ENDED, ended_on=datetime.date(2025, 3, 31))
    register = PartnershipFactory.create(
        recorded_by=None,
        source=RegisterSource.PRIMARY_CARE_NETWORKS,
        register_code="U00070",
        name="TAUNTON CENTRAL PCN",
    )
    desk.participation(partnership=register)
    table = read_table(make(desk.organisation, desk.organisation.participations.for_export()))
    plan = rehearse(organisation=desk.organisation, by=desk.lead, table=table)
    assert [(row.fate, row.changes, row.problems) for row in plan.rows] == [(Fate.UNCHANGED, (), [])] * 4


@pytest.mark.parametrize("make", [portfolio_csv, portfolio_workbook])
def test_an_export_brought_to_an_empty_portfolio_makes_the_same_portfolio(desk: Desk, make: Any) -> None:
    """What is exported, removed and imported is what it was; only the reference is a new one."""
    original = full_participation(desk)
    table = read_table(make(desk.organisation, desk.organisation.participations.for_export()))
    before = rehearse(organisation=desk.organisation, by=desk.lead, table=table).rows[0].before
    partnership = original.partnership
    original.delete()
    partnership.delete()
    without_reference = type(table)(table.headers, tuple((number, ("", *row[1:])) for number, row in table.rows))
    import_table(organisation=desk.organisation, by=desk.lead, table=without_reference)
    after = rehearse(organisation=desk.organisation, by=desk.lead, table=without_reference).rows[0]
    assert after.fate == Fate.UNCHANGED
    assert {**after.before, "reference": ""} == {**before, "reference": ""}


def test_formulas_are_harmless_in_what_we_give_out(desk: Desk) -> None:
    full_participation(desk)
    desk.organisation.capacity_pools.filter(code="executive").update(name="=Board")
    text = portfolio_csv(desk.organisation, desk.organisation.participations.for_export()).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    numbers = {"-20", "-1"}
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r\n" and cell and cell not in numbers] == []
    book = openpyxl.load_workbook(
        io.BytesIO(portfolio_workbook(desk.organisation, desk.organisation.participations.for_export()))
    )
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["Partnerships"]["B2"].value == "=Sum of @all"


def test_the_template_explains_itself_and_offers_the_organisations_own_words(desk: Desk) -> None:
    desk.organisation.capacity_pools.filter(code="executive").update(name="Board")
    book = openpyxl.load_workbook(io.BytesIO(desk.get("partnerships/import/template.xlsx").content))
    headings = [cell.value for cell in book["Partnerships"][1]]
    assert "Board days at Sustain, likely" in headings
    assert "Better care for patients, Join up care: evidence" in headings
    assert [cell.value for cell in book["Notes"]["A"]][1 : len(headings) + 1] == headings
    assert len(book["Partnerships"].data_validations.dataValidation) == 6
    assert len(book["Capacity"].data_validations.dataValidation) == 1
    assert [cell.value for cell in book["Capacity"][1]] == list(CAPACITY)
    assert book["Capacity"].max_row == 1
    template = desk.get("partnerships/import/template.csv").content
    assert list(read_table(template + b"x,y\r\n").headers) == headings


def test_a_number_of_a_workbook_is_a_number(desk: Desk) -> None:
    full_participation(desk)
    book = openpyxl.load_workbook(io.BytesIO(desk.get("partnerships/export.xlsx").content))
    sheet = book["Partnerships"]
    row = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert row["Clinical days at Sustain, likely"].value == 2
    assert row["Harm of leaving"].value == 12.5
    assert row["It began"].value == datetime.datetime(2019, 3, 2)  # noqa: DTZ001  (a day has no time zone)


def test_upload_preview_import(desk: Desk) -> None:
    changed = desk.participation()
    rows = [
        ["Name", "Kind", "How patients benefit", "State", "Level today", "Executive days at Prioritise, likely"],
        ["Mendip Voices", "voluntary sector partnership", "Heard <b>early</b>", "Active", "Sustain", "6"],
        [changed.partnership.name, "", "Something new", "", "", ""],
    ]
    path, page = previewed(desk, rows)
    words = words_of(page)
    assert "Nothing is written yet. 1 new, 1 changed, 0 unchanged, 0 that cannot be used." in words
    assert "Something new" in words
    assert "Import 2 rows" in words
    assert desk.organisation.participations.count() == 1, "a preview writes nothing"
    assert "1 added, 1 changed" in words_of(confirm(desk, path, page))
    added = desk.organisation.participations.get(partnership__name="Mendip Voices")
    assert added.state == ParticipationState.ACTIVE
    assert added.patient_benefit == "Heard <b>early</b>"
    days = added.days_needed.get()
    assert (days.low, days.likely, days.high) == (Decimal("4.2"), Decimal(6), Decimal("7.8"))
    changed.refresh_from_db()
    assert changed.patient_benefit == "Something new"
    assert changed.purpose == "To plan services together", "an empty cell changes nothing"


def test_pressing_import_twice_imports_once(desk: Desk) -> None:
    path, page = previewed(desk, NEW)
    confirm(desk, path, page)
    again = words_of(confirm(desk, path, page))
    assert "was imported already" in again
    assert desk.organisation.participations.count() == 1
    assert "was imported already" in words_of(desk.client.get(desk.at(path), follow=True))


def test_one_bad_row_keeps_all_out_until_the_person_chooses(desk: Desk) -> None:
    rows = [*NEW, ["Broken", "Not a kind", ""]]
    path, page = previewed(desk, rows)
    assert "Import the 1 good row and leave the rest" in words_of(page)
    assert "Nothing was imported" in words_of(confirm(desk, path, page))
    assert not desk.organisation.participations.exists()
    assert "1 added, 0 changed" in words_of(confirm(desk, path, page, good_rows_only="yes"))
    assert desk.organisation.participations.get().partnership.name == "Mendip Voices"


def test_a_portfolio_that_changed_since_the_preview_is_shown_again(desk: Desk) -> None:
    participation = desk.participation()
    rows = [["Name", "What it is for"], [participation.partnership.name, "From the file"]]
    path, page = previewed(desk, rows)
    Participation.objects.filter(pk=participation.pk).update(purpose="Typed by somebody meanwhile")
    again = confirm(desk, path, page)
    assert "Your portfolio changed after this preview was made" in words_of(again)
    assert "Typed by somebody meanwhile" in words_of(again)
    participation.refresh_from_db()
    assert participation.purpose == "Typed by somebody meanwhile"
    confirm(desk, path, again)
    participation.refresh_from_db()
    assert participation.purpose == "From the file"


def test_a_pool_renamed_since_the_upload_is_explained(desk: Desk) -> None:
    rows = [["Name", "Kind", "Executive days at Sustain, likely"], ["A", "Council partnership", "3"]]
    path, _ = previewed(desk, rows)
    desk.organisation.capacity_pools.filter(code="executive").update(name="Board")
    page = words_of(desk.client.get(desk.at(path), follow=True))
    assert "Column C is headed “Executive days at Sustain, likely”" in page
    assert "Nothing was imported" in page


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("portfolio.pdf", b"%PDF", "Choose an Excel workbook (.xlsx) or a CSV file"),
        ("portfolio.csv", b"", "This file is empty"),
        ("portfolio.xlsx", b"PK\x03\x04 broken", "cannot be opened"),
        ("portfolio.csv", b"Title\r\nx\r\n", "Column A is headed “Title”, which the template does not have"),
        ("portfolio.csv", b"Name,Kind,name\r\n", "Two columns are headed “name”"),
        ("portfolio.csv", b"Name,Kind\r\nA,B,C\r\n", "Column C has no heading"),
        ("portfolio.csv", b"Kind\r\nCouncil partnership\r\n", "No column is headed “Name”"),
        ("portfolio.csv", b"Name,Kind\r\n,\r\n", "no rows below them. Enter a row for each partnership"),
        ("capacity.csv", b"Pool,Quarter,Days in the quarter\r\n", "no rows below them"),
        ("portfolio.csv", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_the_upload(desk: Desk, name: str, content: bytes, says: str) -> None:
    page = upload(desk, content, name)
    assert page.status_code == 200
    assert says in words_of(page)
    assert "Error: Import a spreadsheet" in words_of(page)
    assert not ImportPreview.objects.exists()


def test_no_file_is_asked_for(desk: Desk) -> None:
    assert '<a href="#id_file">Choose a spreadsheet.</a>' in words_of(desk.post("partnerships/import/", {}))


@pytest.mark.parametrize(
    ("heading", "cell", "says"),
    [
        ("Kind", "Not a kind", "is not on the list"),
        ("Level today", "Somewhere", "“Somewhere” is not on the list. Enter one of: Prioritise, Sustain"),
        ("Executive days at Sustain, likely", "six", "Enter a number. “six” is not one."),
        ("Executive days at Sustain, low", "6", "Enter the likely days too."),
        ("Harm of leaving", "300", "Enter a number from 0 to 100."),
        ("Members", "ZZZZ9", "No organisation has the code ZZZZ9."),
        ("Lead organisation", "RH5, RYF", "Enter one organisation’s code"),
        ("You joined", "yesterday", "Enter a date such as 1 April 2026"),
        ("You left", "1/4/2026", "Leave this empty, or enter Ended as its state."),
        ("State", "Active", "How patients benefit: Fill this in: a partnership cannot be active without it."),
        ("Least level required", "Sustain", "Where that is written: Fill this in too"),
        ("Where that is written", "The Act", "Least level required: Fill this in too"),
        ("Least level required", "Decline", "Enter one of: Prioritise, Sustain, Keep in touch."),
        ("Reference", "no-such-one", "No partnership of yours has this reference."),
        ("Better care for patients, Join up care: low", "10", "Enter the likely rating too"),
        ("Better care for patients, Join up care: likely", "10", "low: Enter low, likely and high."),
        ("Better care for patients, Join up care: likely", "101", "Enter a number from -100 to 100."),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column(desk: Desk, heading: str, cell: str, says: str) -> None:
    columns = {"Name": "A new one", "Kind": "Council partnership"} | {heading: cell}
    plan = plan_of(desk, [list(columns), list(columns.values())])
    (row,) = plan.unusable
    assert row.number == 2
    problems = [f"{problem.heading}: {problem.text}" for problem in row.problems]
    assert any(says in problem for problem in problems), problems
    letter = "BC"[list(columns).index(heading) - 1]
    assert row.problems[0].place in (f"{letter}2", "")
    assert not desk.organisation.participations.exists()


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        (("5", "4", "9"), "Enter a low number that is no more than the likely one."),
        (("1", "4", "3"), "Enter a high number that is no less than the likely one."),
    ],
)
@pytest.mark.parametrize("what", ["Executive days at Sustain,", "Better care for patients, Join up care:"])
def test_low_likely_and_high_are_in_order(desk: Desk, numbers: Sequence[str], says: str, what: str) -> None:
    headings = ["Name", "Kind", *(f"{what} {bound}" for bound in ("low", "likely", "high"))]
    (row,) = plan_of(desk, [headings, ["A", "Council partnership", *numbers]]).unusable
    assert [problem.text for problem in row.problems] == [says]


def test_a_new_row_needs_a_name_and_a_kind(desk: Desk) -> None:
    plan = plan_of(desk, [["Name", "Kind", "What it is for"], ["A", "", ""], ["", "Council partnership", ""]])
    assert [row.problems[0].text for row in plan.unusable] == [
        "Enter one of the kinds: a new partnership needs it.",
        "Enter a name: a new partnership needs it.",
    ]


def test_two_rows_for_one_partnership(desk: Desk) -> None:
    participation = desk.participation()
    name, reference = participation.partnership.name, participation.partnership.slug
    plan = plan_of(
        desk,
        [
            ["Reference", "Name", "Kind"],
            ["", "New", "Council partnership"],
            ["", "NEW", "Council partnership"],
            [reference, "", ""],
            ["", name, ""],
        ],
    )
    assert [(row.number, row.problems[0].text) for row in plan.unusable] == [
        (3, "Row 2 is for the same partnership. Keep one of the two."),
        (5, "Row 4 is for the same partnership. Keep one of the two."),
    ]


def test_a_name_that_two_have_needs_the_reference(desk: Desk) -> None:
    for slug in ("central-1", "central-2"):
        partnership = PartnershipFactory.create(recorded_by=desk.organisation, name="Central", slug=slug)
        desk.participation(partnership=partnership)
    (row,) = plan_of(desk, [["Name", "Executive sponsor"], ["central", "Ann"]]).unusable
    assert "Give the reference of the one you mean" in row.problems[0].text
    assert plan_of(desk, [["Reference", "Executive sponsor"], ["central-2", "Ann"]]).changed


def test_renaming_by_reference(desk: Desk) -> None:
    one, other = desk.participation(), desk.participation()
    rows = [["Reference", "Name"], [one.partnership.slug, "A better name"]]
    import_table(organisation=desk.organisation, by=desk.lead, table=read_table(csv_of(rows)))
    one.partnership.refresh_from_db()
    assert one.partnership.name == "A better name"
    rows[1][1] = other.partnership.name
    (row,) = plan_of(desk, rows).unusable
    assert "Another of your partnerships has this name" in row.problems[0].text


def test_what_a_register_says_stays(desk: Desk) -> None:
    partnership = PartnershipFactory.create(
        recorded_by=None, source=RegisterSource.PRIMARY_CARE_NETWORKS, register_code="U00070", name="TAUNTON PCN"
    )
    desk.participation(partnership=partnership)
    fine = [["Reference", "Name", "What it is for"], [partnership.slug, "taunton pcn", "Our words"]]
    assert [change.heading for change in plan_of(desk, fine).changed[0].changes] == ["What it is for"]
    (row,) = plan_of(desk, [["Reference", "Name"], [partnership.slug, "Renamed"]]).unusable
    assert "comes from a public register" in row.problems[0].text
    (row,) = plan_of(desk, [["Reference", "Kind"], [partnership.slug, "Cancer alliance"]]).unusable
    assert row.problems[0].place == "B2"


def test_members_and_lead_come_and_go_by_their_codes(desk: Desk) -> None:
    for code in ("RH5", "RYF"):
        OrganisationFactory.create(code=code)
    us = desk.organisation.code
    headings = ["Name", "Kind", "Members", "Lead organisation"]
    for members, lead, expected in (("RH5, RYF", "RYF", {us, "RH5", "RYF"}), (f"{us} RH5", "RH5", {us, "RH5"})):
        rows = [headings, ["Mendip", "Council partnership", members, lead]]
        import_table(organisation=desk.organisation, by=desk.lead, table=read_table(csv_of(rows)))
        partnership = desk.organisation.participations.get().partnership
        current = partnership.memberships.current_on(timezone.localdate())
        assert set(current.values_list("organisation__code", flat=True)) == expected
        assert current.get(is_lead=True).organisation.code == lead
    (row,) = plan_of(desk, [["Name", "Lead organisation"], ["Mendip", "RYF"]]).unusable
    assert "is not a member" in row.problems[0].text


def test_a_claim_may_stay_unrated_and_evidence_alone_claims(desk: Desk) -> None:
    claim = "Better care for patients, Join up care:"
    rows = [
        ["Name", "Kind", f"{claim} likely", f"{claim} evidence"],
        ["A", "Council partnership", "Not rated", "Audit"],
    ]
    import_table(organisation=desk.organisation, by=desk.lead, table=read_table(csv_of(rows)))
    rating = desk.organisation.value_ratings.get()
    assert (rating.likely, rating.evidence, rating.rated_by) == (None, "Audit", desk.lead)


def test_ending_by_spreadsheet_with_its_day(desk: Desk) -> None:
    participation = desk.participation()
    rows = [["Name", "State", "You left"], [participation.partnership.name, "Ended", "31/03/2026"]]
    import_table(organisation=desk.organisation, by=desk.lead, table=read_table(csv_of(rows)))
    participation.refresh_from_db()
    assert participation.state == ParticipationState.ENDED
    assert participation.ended_on == datetime.date(2026, 3, 31)
    (row,) = plan_of(desk, [["Name", "State"], [participation.partnership.name, "Draft"]]).unusable
    assert "cannot become draft" in row.problems[0].text


def test_what_to_correct_can_be_taken_away(desk: Desk) -> None:
    path, _ = previewed(desk, [["Name", "Kind"], ['=HYPERLINK("x")', "Not a kind"]])
    answer = desk.get(f"{path}rows-to-correct.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Row", "Name", "Cell", "Column", "What to do"]
    assert rows[1][:4] == ["2", '\'=HYPERLINK("x")', "B2", "Kind"]
    assert "attachment" in answer["Content-Disposition"]


def test_names_and_files_are_escaped(desk: Desk) -> None:
    content = csv_of([["Name", "Kind"], ["<script>alert(1)</script>", "Council partnership"]])
    page = desk.client.post(
        desk.at("partnerships/import/"), {"file": SimpleUploadedFile("<b>x</b>.csv", content)}, follow=True
    )
    assert "<script>alert" not in words_of(page)
    assert "<b>x</b>" not in words_of(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words_of(page)


def test_old_uploads_are_cleared_away(desk: Desk) -> None:
    old = keep_preview(organisation=desk.organisation, by=desk.lead, file_name="old.csv", headers=["Name"], rows=[])
    ImportPreview.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - datetime.timedelta(days=8))
    keep_preview(organisation=desk.organisation, by=desk.lead, file_name="new.csv", headers=["Name"], rows=[])
    assert desk.organisation.import_previews.get().file_name == "new.csv"


def test_a_wrong_heading_names_its_column(desk: Desk) -> None:
    with pytest.raises(SpreadsheetRefusedError, match="Column B is headed “Titel”"):
        plan_of(desk, [["Name", "Titel"], ["A", "B"]])


CAPACITY = ("Pool", "Quarter", "Days in the quarter", "Kept in reserve")


def test_capacity_comes_along_in_a_workbook_or_as_its_own_file(desk: Desk) -> None:
    rows = [CAPACITY, ["executive", "15/5/2026", "80.5", ""], ["Clinical", "1 July 2026", "120", "20"]]
    path, page = previewed(desk, rows)
    assert "Capacity: Executive, April to June 2026" in words_of(page)
    assert "2 added, 0 changed" in words_of(confirm(desk, path, page))
    recorded = desk.organisation.capacity_quarters.order_by("quarter")
    assert list(recorded.values_list("pool__code", "quarter", "days", "reserve_percent")) == [
        ("executive", datetime.date(2026, 4, 1), Decimal("80.5"), Decimal(10)),
        ("clinical", datetime.date(2026, 7, 1), Decimal(120), Decimal(20)),
    ]
    for content in (desk.get("capacity/export.csv").content, desk.get("partnerships/export.xlsx").content):
        plan = rehearse(organisation=desk.organisation, by=desk.lead, table=read_table(content))
        assert [row.fate for row in plan.rows] == [Fate.UNCHANGED] * 2
    (row,) = plan_of(desk, [CAPACITY, ["Executive", "2026-06-30", "60", ""]]).changed
    assert [(change.heading, change.before, change.after) for change in row.changes] == [
        ("Days in the quarter", "80.5", "60")
    ]


@pytest.mark.parametrize(
    ("cells", "place", "says"),
    [
        (["Board", "1/4/2026", "1", ""], "A2", "“Board” is not on the list. Enter one of: Executive, Clinical"),
        (["", "1/4/2026", "1", ""], "A2", "Enter a pool."),
        (["Executive", "spring", "1", ""], "B2", "Enter a date such as 1 April 2026"),
        (["Executive", "1/4/2026", "", ""], "C2", "Enter the days."),
        (["Executive", "1/4/2026", "-1", ""], "C2", "Enter a number from 0 to"),
        (["Executive", "1/4/2026", "1", "101"], "D2", "Enter a number from 0 to 100."),
    ],
)
def test_what_is_wrong_with_capacity_is_said_by_row_and_column(
    desk: Desk, cells: list[str], place: str, says: str
) -> None:
    (row,) = plan_of(desk, [CAPACITY, cells]).unusable
    (problem,) = row.problems
    assert problem.place == f"Capacity {place}"
    assert says in problem.text


def test_two_rows_for_one_quarter_of_a_pool(desk: Desk) -> None:
    rows = [CAPACITY, ["Executive", "1/4/2026", "1", ""], ["Executive", "2/5/2026", "2", ""]]
    (row,) = plan_of(desk, rows).unusable
    assert row.problems[0].text == "Row 2 is for the same pool and quarter. Keep one of the two."


def test_a_wrong_heading_of_capacity_names_its_sheet(desk: Desk) -> None:
    with pytest.raises(SpreadsheetRefusedError, match="Column B of the sheet Capacity is headed “When”"):
        plan_of(desk, [["Pool", "When"], ["Executive", "1/4/2026"]])


# ---- the command ------------------------------------------------------------------------------------------------


def run(desk: Desk, content: bytes, tmp_path: Path, *options: str) -> str:
    file = tmp_path / "portfolio.csv"
    file.write_bytes(content)
    out = io.StringIO()
    call_command("import_portfolio", desk.organisation.code.lower(), str(file), *options, stdout=out)
    return out.getvalue()


def test_the_command_shows_each_row_and_imports(desk: Desk, tmp_path: Path) -> None:
    said = run(desk, csv_of(NEW), tmp_path)
    assert "Row 2: Mendip Voices: new" in said
    assert "1 added, 0 changed, 0 unchanged." in said
    assert "Row 2: Mendip Voices: no change" in run(desk, csv_of(NEW), tmp_path)


def test_a_dry_run_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    said = run(desk, csv_of(NEW), tmp_path, "--dry-run")
    assert "Row 2: Mendip Voices: new" in said
    assert "Nothing was written." in said
    assert not desk.organisation.participations.exists()


def test_the_command_leaves_everything_where_a_row_is_bad_unless_told(desk: Desk, tmp_path: Path) -> None:
    content = csv_of([*NEW, ["Broken", "Not a kind", ""]])
    with pytest.raises(CommandError, match="--good-rows"):
        run(desk, content, tmp_path)
    assert not desk.organisation.participations.exists()
    said = run(desk, content, tmp_path, "--good-rows")
    assert "B3, Kind: “Not a kind” is not on the list." in said
    assert "1 added" in said


def test_the_command_says_who_and_what_it_needs(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a strategy lead"):
        run(desk, csv_of(NEW), tmp_path, "--as", desk.executive.email)
    assert "1 added" in run(desk, csv_of(NEW), tmp_path, "--as", desk.lead.email)
    desk.organisation.access_grants.filter(person=desk.lead).delete()
    with pytest.raises(CommandError, match="has 0 strategy leads"):
        run(desk, csv_of(NEW), tmp_path)
    desk.organisation.access_grants.create(person=desk.lead, role="strategy_lead")
    with pytest.raises(CommandError, match="This file is empty"):
        run(desk, b"", tmp_path)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_portfolio", desk.organisation.code, str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="No organisation has the code NONE"):
        call_command("import_portfolio", "NONE", "x.csv")
