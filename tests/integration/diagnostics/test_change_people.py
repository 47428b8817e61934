"""Who is asked is changed as long as nobody has been."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from diagnostics.actions import RoundRefusedError, change_people, open_round, read_answers_as, start_round
from diagnostics.actions.people import people_of_round, people_version
from diagnostics.invitees import Invitee
from diagnostics.models import Round, RoundMode, Subject
from partnerships.editing import ChangedMeanwhile
from partnerships.models import Deed, DeedKind
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import draft, next_week, people

pytestmark = pytest.mark.django_db

NEW = [Invitee("Ada Shah", "Ada@partner.example", "Westmere Council", "Nurse"), *people(6)]


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def address_of(setting: Setting, made: Round) -> str:
    return f"/o/{setting.code}/surveys/{made.pk}/people/"


def as_typed(invited: list[Invitee]) -> str:
    return "\n".join(f"{one.name}, {one.email}, {one.works_for}" for one in invited)


def emails(made: Round) -> list[str]:
    return [one.email for one in people_of_round(made)]


def test_the_list_is_replaced(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    address = address_of(setting, made)
    assert address in lead.get(f"/o/{setting.code}/surveys/{made.pk}/").content.decode()
    words = lead.get(address).content.decode()
    assert "Person 7, person7@partner.example" in words
    answer = lead.post(address, {"people": as_typed(NEW), "version": people_version(made)}, follow=True)
    assert "The list is changed." in answer.content.decode()
    assert emails(made) == ["ada@partner.example", *(one.email for one in people(6))]
    assert people_of_round(made)[0].works_for == "Westmere Council"
    deed = Deed.objects.get(kind=DeedKind.CHANGED_WHO_IS_ASKED)
    assert (deed.person, deed.participation) == (setting.lead, setting.participation)
    assert deed.what == "(1 added, 1 taken off) in the survey of Westmere Frailty Alliance"
    lead.post(address, {"people": as_typed(NEW), "version": people_version(made)})
    assert not Deed.objects.filter(kind=DeedKind.CHANGED_WHO_IS_ASKED).exclude(pk=deed.pk).exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter at least 5 people"),
        ("Only One, one@partner.example", "Enter at least 5 people"),
        (as_typed(people()) + "\nnobody", "Line 8: Enter a name, a comma and an email address"),
        (as_typed(people()) + "\nAgain, person1@partner.example", "Line 8: person1@partner.example is already on line"),
    ],
)
def test_a_wrong_list_says_what_to_do_and_keeps_what_was_typed(
    setting: Setting, lead: Client, typed: str, message: str
) -> None:
    made = draft(setting.participation, setting.lead)
    words = lead.post(address_of(setting, made), {"people": typed, "version": people_version(made)}).content.decode()
    assert message in words
    assert "Error: Change who is asked" in words
    assert typed.split("\n")[-1] in words
    assert emails(made) == [one.email for one in people()]


def test_the_second_to_save_is_told_and_sees_both(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    version = people_version(made)
    change_people(round=made, people=NEW, by=setting.lead, expected_version=version)
    typed = {"people": as_typed(people(5)), "version": version}
    page = lead.post(address_of(setting, made), typed)
    words = page.content.decode()
    assert "Somebody else saved this page while you were editing it." in words
    assert "Ada Shah, ada@partner.example" in words
    assert emails(made)[0] == "ada@partner.example"
    with pytest.raises(ChangedMeanwhile):
        change_people(round=made, people=people(5), by=setting.lead, expected_version=version)
    again = typed | {"version": page.context["form"]["version"].value()}
    assert lead.post(address_of(setting, made), again).status_code == 302
    assert emails(made) == [one.email for one in people(5)]


def test_once_it_has_opened_the_list_is_fixed_and_what_was_typed_stays(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    version = people_version(made)
    open_round(round=made, by=setting.lead)
    words = lead.post(address_of(setting, made), {"people": as_typed(NEW), "version": version}).content.decode()
    assert "who is asked can no longer be changed" in words
    assert "Ada Shah" in words
    assert emails(made) == [one.email for one in people()]
    told = lead.get(address_of(setting, made), follow=True).content.decode()
    assert "This survey has opened, so who is asked can no longer be changed." in told


def test_read_by_organisation_everybody_needs_one(setting: Setting) -> None:
    named = [Invitee(one.name, one.email, "Westmere Council") for one in people()]
    made = start_round(participation=setting.participation, people=named, closes_on=next_week(), by=setting.lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, by=setting.lead)
    with pytest.raises(RoundRefusedError, match="It is missing for Person 1, Person 2, Person 3 and 3 more"):
        change_people(round=made, people=NEW, by=setting.lead, expected_version=people_version(made))
    assert emails(made) == [one.email for one in named]


def test_with_an_open_link_fewer_are_asked_by_name(setting: Setting, lead: Client) -> None:
    made = start_round(
        participation=setting.participation, people=people(), closes_on=next_week(), by=setting.lead, open_link_for=9
    )
    assert "9 others have the open link" in lead.get(address_of(setting, made)).content.decode()
    change_people(round=made, people=people(1), by=setting.lead, expected_version=people_version(made))
    assert emails(made) == ["person1@partner.example"]
    assert made.invitations.seats().count() == 9


def test_only_who_edits_may(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead)
    with pytest.raises(PermissionDenied):
        change_people(round=made, people=NEW, by=setting.executive, expected_version=people_version(made))


def test_asking_how_good_a_partner_we_are_each_person_stays_on_one_side(setting: Setting) -> None:
    partners = draft(setting.participation, setting.lead, subject=Subject.BY_PARTNERS)
    start_round(
        participation=setting.participation,
        people=[Invitee(f"Own {one}", f"own{one}@westmere.example") for one in range(6)],
        closes_on=next_week(),
        by=setting.lead,
        subject=Subject.BY_US,
    )
    version = people_version(partners)
    both = [*people(6), Invitee("Own 1", "own1@westmere.example")]
    with pytest.raises(ValidationError, match=r"own1@westmere\.example is asked in the survey of the other side too"):
        change_people(round=partners, people=both, by=setting.lead, expected_version=version)
    ours = [*people(6), Invitee("Ours", "ours@westmere.example", setting.organisation.display_name)]
    with pytest.raises(ValidationError, match="works for you"):
        change_people(round=partners, people=ours, by=setting.lead, expected_version=version)
