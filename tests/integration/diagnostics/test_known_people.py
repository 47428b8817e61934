"""People who are known already are ticked by organisation and role, and need not be typed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from diagnostics.actions import close_round, open_round, start_round
from diagnostics.invitees import Invitee
from diagnostics.known_people import known_groups
from diagnostics.models import Round
from partnerships.models import AccessGrant, Role
from tests.factories import PersonFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import next_week
from tests.integration.diagnostics.test_staff_pages import PEOPLE, filled

ASKED = [
    Invitee("Ann Shah", "ann@wye.example", "Wye Council", "Director"),
    Invitee("Bo Li", "bo@wye.example", "Wye Council", "Director"),
    Invitee("Cy Eze", "cy@wye.example", "Wye Council", "Nurse"),
    Invitee("Di Ode", "di@ashford.example", "Ashford Trust", "Nurse"),
    Invitee("Ed Fox", "ed@elsewhere.example"),
]


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


def asked(setting: Setting, people: list[Invitee]) -> None:
    made = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
    open_round(round=made, by=setting.lead)
    close_round(round=made, by=setting.lead)


def start(setting: Setting) -> str:
    return f"/o/{setting.code}/surveys/start/"


def groups(setting: Setting) -> dict[str, list[str]]:
    found = known_groups(setting.organisation, setting.participation)
    return {one.label: [person.name for person in one.people] for one in found}


def test_own_people_by_role_and_others_as_they_were_asked(setting: Setting) -> None:
    asked(setting, ASKED)
    asked(setting, [Invitee("Ann Shah", "ann@wye.example", "Wye Council", "Chief executive"), *ASKED[1:]])
    ours = setting.organisation.display_name
    assert groups(setting) == {
        f"{ours}, Executive": [setting.executive.name],
        f"{ours}, Strategy lead": [setting.lead.name],
        "Ashford Trust, Nurse": ["Di Ode"],
        "Wye Council, Chief executive": ["Ann Shah"],
        "Wye Council, Director": ["Bo Li"],
        "Wye Council, Nurse": ["Cy Eze"],
        "Organisation not known": ["Ed Fox"],
    }


def test_who_left_and_who_belongs_to_others_is_not_offered(setting: Setting) -> None:
    left, ended = PersonFactory.create(name="Has left", is_active=False), PersonFactory.create(name="Has ended")
    before = timezone.now() - datetime.timedelta(days=2)
    for person, expires_at in ((left, None), (ended, before)):
        facts: dict[str, Any] = {"organisation": setting.organisation, "role": Role.READER, "expires_at": expires_at}
        AccessGrant.objects.create(person=person, granted_at=before, **facts)
    another, their_lead, _ = organisation_with_people()
    theirs = active_participation(another, partnership=setting.participation.partnership)
    made = start_round(participation=theirs, people=ASKED, closes_on=next_week(), by=their_lead)
    open_round(round=made, by=their_lead)
    assert "Reader" not in str(groups(setting))
    assert "Wye Council" not in str(groups(setting))
    assert their_lead.name not in str(groups(setting))


def test_ticked_people_are_added_to_the_list_and_what_was_typed_stays(setting: Setting, lead: Client) -> None:
    asked(setting, ASKED)
    typed = "Bo Li <bo@wye.example>\nNobody yet"
    data = {**filled(setting, people=typed), "known": ["Wye Council|Director", "Wye Council|Nurse"]}
    page = lead.post(start(setting), {**data, "closes_on-day": "99", "add": "known"})
    form = page.context["form"]
    assert form["people"].value() == (
        f"{typed}\nAnn Shah, ann@wye.example, Wye Council, Director\nCy Eze, cy@wye.example, Wye Council, Nurse"
    )
    words = page.content.decode()
    assert 'value="99"' in words
    assert f'value="{setting.participation.pk}" selected' in words
    assert "Error:" not in words
    assert Round.objects.count() == 1


def test_ticked_people_are_asked_also_where_nobody_added_them_first(setting: Setting, lead: Client) -> None:
    asked(setting, ASKED)
    lead.post(start(setting), {**filled(setting), "known": ["Wye Council|Director", "Ashford Trust|Nurse"]})
    made = Round.objects.latest("pk")
    assert made.invitations.count() == 7 + 3
    assert made.invitations.get(email="di@ashford.example").works_for == "Ashford Trust"


@pytest.mark.parametrize("ticked", ["Their Trust|Nurse", "x"])
def test_a_tick_that_is_not_offered_is_refused(setting: Setting, lead: Client, ticked: str) -> None:
    page = lead.post(start(setting), {**filled(setting, people=PEOPLE), "known": ticked})
    assert "Tick people from the list." in page.content.decode()
    assert not Round.objects.exists()


def test_a_list_of_ten_thousand_with_errors_is_answered_and_stays_in_its_box(setting: Setting, lead: Client) -> None:
    pasted = "\n".join(
        f"Person {one}" if one % 100 == 0 else f"Person {one}, person{one}@partner.example, Wye Council, Nurse"
        for one in range(10_000)
    )
    page = lead.post(start(setting), filled(setting, people=pasted))
    words = page.content.decode()
    assert "Line 1: Enter a name, a comma and an email address" in words
    assert "Line 1901: " in words
    assert words.count("Line 2001: ") == 1, "in the list below the summary alone"
    assert "80 more lines cannot be used either." in words
    assert page.context["form"]["people"].value() == pasted
    assert "person9999@partner.example" in words
    without = "\n".join(line for line in pasted.split("\n") if "@" in line)
    assert (
        "Enter 2000 people or fewer. This list has 9900."
        in lead.post(start(setting), filled(setting, people=without)).content.decode()
    )
