"""Surveys of several partnerships at once: started all or none, opened together, and one letter a person."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from diagnostics.actions import RoundRefusedError, open_round, open_rounds, start_rounds
from diagnostics.models import Invitation, Round, RoundState
from partnerships.models import Participation
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import closed, draft, next_week, opened, people
from tests.integration.diagnostics.test_staff_pages import PEOPLE, filled

DAY = ("closes_on-day", "closes_on-month", "closes_on-year")


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


@pytest.fixture
def second(setting: Setting) -> Participation:
    partnership = PartnershipFactory.create(name="Health, Care and Wellbeing Board", recorded_by=setting.organisation)
    return active_participation(setting.organisation, partnership=partnership)


def page(setting: Setting, name: str) -> str:
    return f"/o/{setting.code}/surveys/{name}/"


def day(setting: Setting) -> dict[str, str]:
    return {name: value for name, value in filled(setting).items() if name in DAY}


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def a_line(name: str, one: int) -> str:
    return f"{name}\tPerson {one}\tperson{one}@partner.example\tWye Council\tNurse"


def lines(*names: str, number: int = 6) -> str:
    return "\n".join(a_line(name, one) for name in names for one in range(1, number + 1))


FRAILTY, BOARD = "Westmere Frailty Alliance", "Health, Care and Wellbeing Board"


def test_a_box_for_each_chosen_partnership(setting: Setting, second: Participation, lead: Client) -> None:
    closed(second, setting.lead, [4] * 5)
    choice = lead.get(page(setting, "start/several"))
    assert [one.pk for one in choice.context["offered"]] == [second.pk, setting.participation.pk]
    slugs = "&".join(f"partnership={one.partnership.slug}" for one in (setting.participation, second))
    address = f"{page(setting, 'start/several')}?{slugs}"
    boxes = lead.get(address)
    assert "Who to ask about Westmere Frailty Alliance" in words_of(boxes)
    assert "Person 7, person7@partner.example" in boxes.content.decode()  # of the board's last survey
    data = {f"people-{setting.participation.pk}": PEOPLE, f"people-{second.pk}": PEOPLE, **day(setting)}
    assert lead.post(address, {**data, "reminders": ["halfway"]})["Location"] == page(setting, "open")
    made = Round.objects.filter(state=RoundState.DRAFT)
    assert {one.participation_id for one in made} == {setting.participation.pk, second.pk}
    assert [(one.closes_on, one.remind_halfway, one.invitations.count()) for one in made] == [
        (next_week(), True, 7)
    ] * 2


def test_one_wrong_box_starts_nothing_and_keeps_all(setting: Setting, second: Participation, lead: Client) -> None:
    slugs = "&".join(f"partnership={one.partnership.slug}" for one in (setting.participation, second))
    data = {f"people-{setting.participation.pk}": PEOPLE, f"people-{second.pk}": f"{PEOPLE}\nNobody", **day(setting)}
    answer = lead.post(f"{page(setting, 'start/several')}?{slugs}", data)
    words = words_of(answer)
    assert f"{BOARD}: Line 8: Enter a name, a comma and an email address" in words
    assert "<title>Error: Who to ask in each survey" in words
    assert "Nobody</textarea>" in words
    assert not Round.objects.exists()


def test_a_partnership_of_somebody_else_or_under_way_is_not_chosen(setting: Setting, lead: Client) -> None:
    another, *_ = organisation_with_people()
    theirs = active_participation(another)
    draft(setting.participation, setting.lead)
    for slug in (theirs.partnership.slug, setting.participation.partnership.slug, "nonsense"):
        answer = lead.get(f"{page(setting, 'start/several')}?partnership={slug}")
        assert "Who to ask about" not in words_of(answer)
    assert "has a survey under way, or you have recorded none" in words_of(lead.get(page(setting, "start/several")))


def test_a_list_that_names_the_partnership_first(setting: Setting, second: Participation, lead: Client) -> None:
    pasted = f"Partnership\tName\tEmail\n{lines(FRAILTY.upper(), BOARD)}"
    answer = lead.post(page(setting, "start/list"), {"people": pasted, **day(setting)})
    assert answer["Location"] == page(setting, "open")
    assert "2 surveys are ready." in words_of(lead.get(answer["Location"]))
    assert {one.participation_id: one.invitations.count() for one in Round.objects.all()} == {
        setting.participation.pk: 6,
        second.pk: 6,
    }
    one = Invitation.objects.filter(email="person3@partner.example")[0]
    assert (one.name, one.works_for, one.role) == ("Person 3", "Wye Council", "Nurse")


def test_a_name_with_commas_needs_no_quotes(setting: Setting, second: Participation, lead: Client) -> None:
    typed = "\n".join(f"{BOARD}, Person {one}, person{one}@partner.example" for one in range(5))
    lead.post(page(setting, "start/list"), {"people": typed, **day(setting)})
    assert Round.objects.get().participation == second


def workbook(rows: list[list[str]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_spreadsheet_is_read_too(setting: Setting, second: Participation, lead: Client, kind: str) -> None:
    rows = [line.split("\t") for line in lines(FRAILTY, BOARD).split("\n")]
    quoted = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    content = workbook(rows) if kind == "xlsx" else quoted.encode("utf-8-sig")
    upload = SimpleUploadedFile(f"people.{kind}", content)
    answer = lead.post(page(setting, "start/list"), {"file": upload, **day(setting)})
    assert answer.status_code == 302
    assert Round.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("people.docx", b"x", "Choose an Excel workbook (.xlsx) or a CSV file."),
        ("people.xlsx", b"PK\x03\x04 broken", "This file cannot be read"),
        ("people.xls", b"\xd0\xcf\x11\xe0", "Choose an Excel workbook"),
        ("people.csv", b"\xd0\xcf\x11\xe0", "This is an old Excel file"),
        ("people.csv", b'"never closed', "This file cannot be read"),
        ("people.csv", b"", "This file is empty."),
        ("people.csv", b"\n\n", "There is nobody in this list."),
        ("people.csv", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("people.csv", b"a,b\n" * 20_001, "more than 20000 rows"),
        ("people.csv", b"Westmere Frailty Alliance,Ada,no", "Line 1: Enter a name"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    setting: Setting, lead: Client, name: str, content: bytes, message: str
) -> None:
    answer = lead.post(page(setting, "start/list"), {"file": SimpleUploadedFile(name, content), **day(setting)})
    assert message in words_of(answer)
    assert not Round.objects.exists()


def test_errors_are_said_line_by_line_and_nothing_is_started(
    setting: Setting, second: Participation, lead: Client
) -> None:
    draft(second, setting.lead)
    another, *_ = organisation_with_people()
    theirs = active_participation(another, partnership=PartnershipFactory.create(name="Their Board"))
    good = lines(FRAILTY)
    wrong = [
        f"{theirs.partnership.name}\tAda\tada@partner.example",
        a_line(BOARD, 1),
        f"{FRAILTY}\tAda Shah",
        a_line(FRAILTY, 2),
        f"{FRAILTY}\tAda\tada@@partner.example",
    ]
    data = {"people": "\n".join([good, *wrong]), **day(setting)}
    words = words_of(lead.post(page(setting, "start/list"), data))
    for number, message in (
        (7, "“Their Board” is none of your partnerships."),
        (8, f"“{BOARD}” has a survey under way."),
        (9, "Enter a name, a comma and an email address"),
        (10, f"person2@partner.example is already on line 2 for {FRAILTY}."),
        (11, "“ada@@partner.example” is not an email address."),
    ):
        assert f"Line {number}: {message}" in words
    assert "ada@@partner.example</textarea>" in words
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Paste the list of people to ask, or choose a spreadsheet."),
        ({"people": lines(FRAILTY, number=4)}, f"{FRAILTY}: Enter at least 5 people"),
        ({"people": "Partnership, name, email"}, "There is nobody in this list."),
    ],
)
def test_a_list_that_is_too_short_says_so(setting: Setting, lead: Client, data: dict[str, str], message: str) -> None:
    assert message in words_of(lead.post(page(setting, "start/list"), {**day(setting), **data}))


def test_two_partnerships_of_one_name_are_told_apart_by_nobody(setting: Setting, lead: Client) -> None:
    again = PartnershipFactory.create(name=FRAILTY, recorded_by=setting.organisation)
    active_participation(setting.organisation, partnership=again)
    answer = lead.post(page(setting, "start/list"), {"people": lines(FRAILTY), **day(setting)})
    assert f"You have 2 partnerships of the name “{FRAILTY}”." in words_of(answer)


def test_list_and_file_together_are_one_too_many(setting: Setting, lead: Client) -> None:
    both = {"people": lines(FRAILTY), "file": SimpleUploadedFile("people.csv", b"x"), **day(setting)}
    assert "not both" in words_of(lead.post(page(setting, "start/list"), both))


def test_ten_thousand_lines_with_errors_are_answered_line_by_line_and_nothing_is_lost(
    setting: Setting, second: Participation, lead: Client
) -> None:
    """In one reading of the list, and with as many queries as a short one."""
    good = [a_line((FRAILTY, BOARD)[one % 2], one) for one in range(10_000)]
    wrong = dict.fromkeys(range(0, 10000, 100), "no such partnership\tAda\tada@partner.example")
    pasted = "\n".join(wrong.get(number, line) for number, line in enumerate(good))
    answer = lead.post(page(setting, "start/list"), {"people": pasted, **day(setting)})
    words = answer.content.decode()
    assert "Line 1: “no such partnership” is none of your partnerships." in words
    assert "Line 1901: " in words
    assert words.count("Line 2001: ") == 1, "in the list below the summary alone"
    assert "80 more lines cannot be used either." in words
    assert f"{FRAILTY}: Enter 2000 people or fewer. This list has " in words
    assert words.count("person9999@partner.example") == 1
    assert answer.context["form"]["people"].value() == pasted
    assert not Round.objects.exists()


def test_all_or_nothing_in_the_database_too(setting: Setting, second: Participation) -> None:
    draft(second, setting.lead)
    asked = {setting.participation: people(), second: people()}
    with pytest.raises(ValidationError, match=f"{BOARD}: This partnership already has a survey under way"):
        start_rounds(asked=asked, closes_on=next_week(), by=setting.lead)
    assert Round.objects.count() == 1


def both_drafts(setting: Setting, second: Participation) -> list[Round]:
    return start_rounds(
        asked={setting.participation: people(), second: people(5)}, closes_on=next_week(), by=setting.lead
    )


def test_opened_together_each_person_has_one_letter_with_a_link_for_each(
    setting: Setting, second: Participation, lead: Client
) -> None:
    made = both_drafts(setting, second)
    data = {"surveys": [one.pk for one in made], "delivery": "email"}
    answer = lead.post(page(setting, "open"), data, follow=True)
    assert "2 surveys are open. Links are on their way to 7 people." in words_of(answer)
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"Person {one} <person{one}@partner.example>" for one in range(1, 8)
    ]
    bodies = {message.to[0]: str(message.body) for message in mail.outbox}
    several = bodies["Person 1 <person1@partner.example>"]
    links = [word for word in several.split() if word.startswith("http://testserver/s/")]
    assert len(set(links)) == 2
    assert FRAILTY in several
    assert BOARD in several
    for link in links:
        assert Client().get(link.removeprefix("http://testserver")).status_code == 302
    assert bodies["Person 7 <person7@partner.example>"].count("http://testserver/s/") == 1


def test_handed_out_the_links_stand_by_survey_each_with_its_file(
    setting: Setting, second: Participation, lead: Client
) -> None:
    made = both_drafts(setting, second)
    shown = lead.post(page(setting, "open"), {"surveys": [one.pk for one in made], "delivery": "links"})
    assert [(one.pk, len(theirs)) for one, theirs in shown.context["handed"]] == [(made[0].pk, 7), (made[1].pk, 5)]
    words = words_of(shown)
    for one in made:
        assert f"/o/{setting.code}/surveys/{one.pk}/links.csv" in words
    assert "I have the links: go to the surveys" in words


def test_only_what_is_ticked_is_opened(setting: Setting, second: Participation, lead: Client) -> None:
    made = both_drafts(setting, second)
    assert lead.get(page(setting, "open")).context["form"]["surveys"].value() == [str(made[1].pk), str(made[0].pk)]
    lead.post(page(setting, "open"), {"surveys": [made[1].pk], "delivery": "email"})
    assert [one.state for one in Round.objects.order_by("pk")] == ["draft", "open"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"delivery": "email"}, "Tick the surveys to open."),
        ({"surveys": ["999999"], "delivery": "email"}, "Tick surveys from the list."),
        ({"surveys": ["x"]}, "Choose how people get their links."),
    ],
)
def test_what_cannot_be_opened_says_why(
    setting: Setting, second: Participation, lead: Client, data: dict[str, Any], message: str
) -> None:
    both_drafts(setting, second)
    assert message in words_of(lead.post(page(setting, "open"), data))
    assert not Round.objects.exclude(state="draft").exists()


def test_one_that_cannot_be_opened_leaves_all_as_they_were(
    setting: Setting, second: Participation, lead: Client
) -> None:
    made = both_drafts(setting, second)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Round.objects.filter(pk=made[1].pk).update(closes_on=yesterday)
    answer = lead.post(page(setting, "open"), {"surveys": [one.pk for one in made], "delivery": "email"})
    assert f"{BOARD}: The last day to answer has passed." in words_of(answer)
    assert {one.state for one in Round.objects.all()} == {"draft"}
    assert mail.outbox == []
    open_round(round=made[0], by=setting.lead)
    with pytest.raises(RoundRefusedError, match=f"{FRAILTY}: This survey is already open"):
        open_rounds(rounds=[made[0]], by=setting.lead)


def test_anothers_draft_is_not_opened(setting: Setting, lead: Client) -> None:
    another, their_lead, _ = organisation_with_people()
    theirs = draft(active_participation(another), their_lead)
    lead.post(page(setting, "open"), {"surveys": [theirs.pk], "delivery": "links"})
    theirs.refresh_from_db()
    assert theirs.state == "draft"
    assert "No survey is being prepared." in words_of(lead.get(page(setting, "open")))


def test_the_list_of_surveys_leads_to_those_that_are_being_prepared(
    setting: Setting, second: Participation, lead: Client
) -> None:
    opened(setting.participation, setting.lead)
    draft(second, setting.lead)
    assert "that are being prepared" not in words_of(lead.get(f"/o/{setting.code}/surveys/"))
    draft(active_participation(setting.organisation), setting.lead)
    assert "Open the 2 surveys that are being prepared" in words_of(lead.get(f"/o/{setting.code}/surveys/"))
