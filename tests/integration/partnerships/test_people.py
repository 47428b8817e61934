"""The pages about people: who has access, what each role may do, changing roles, and leaving."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone

from partnerships.models import Role
from partnerships.people import roles_in_force
from partnerships.roles import ROLES_IN_WORDS
from tests.factories import OrganisationFactory, PersonFactory, in_role, organisation_with_people
from tests.integration.partnerships.conftest import Desk, form_on, words_of

DAY = datetime.timedelta(days=1)
TOMORROW = timezone.localdate() + DAY


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The desk of the organisation's administrator."""
    return desk.as_(in_role(desk.organisation, Role.ADMINISTRATOR))


def at(day: datetime.date, role: Role) -> dict[str, int]:
    return {f"until_{role}-{part}": getattr(day, part) for part in ("day", "month", "year")}


def test_people_are_listed_by_role_with_end_and_last_sign_in(office: Desk) -> None:
    guest = in_role(office.organisation, Role.READER, expires_at=timezone.now() + 40 * DAY)
    office.client.force_login(in_role(office.organisation, Role.ADMINISTRATOR))
    page = office.get("people/")
    words = words_of(page)
    groups = {group.words.role: group.grants for group in page.context["people"].roles}
    assert [grant.person for grant in groups[Role.STRATEGY_LEAD]] == [office.lead]
    assert [grant.person for grant in groups[Role.EXECUTIVE]] == [office.executive]
    assert len(groups[Role.ADMINISTRATOR]) == 2
    assert groups[Role.CONTRIBUTOR] == ()
    assert ">Contributor<" not in words
    assert f"Until {timezone.localdate(guest.access_grants.get().expires_at):%-d %B %Y}" in words
    assert "No end date" in words
    assert "(you)" in words
    assert f"{timezone.localdate():%-d %B %Y}" in words
    assert "Never" in words
    assert office.lead.email in words


def test_an_account_that_is_switched_off_is_marked(office: Desk) -> None:
    office.lead.is_active = False
    office.lead.save()
    assert "Account switched off" in words_of(office.get("people/"))


def test_those_who_left_within_a_year_are_listed_apart(office: Desk) -> None:
    now = timezone.now()
    left = in_role(office.organisation, Role.READER, granted_at=now - 500 * DAY, expires_at=now - 3 * DAY)
    long_gone = in_role(office.organisation, Role.READER, granted_at=now - 500 * DAY, expires_at=now - 400 * DAY)
    in_role(office.organisation, Role.EXECUTIVE)
    page = office.get("people/")
    assert [one.person for one in page.context["people"].former] == [left]
    assert long_gone.email not in words_of(page)


def test_the_list_takes_no_more_queries_for_more_people(office: Desk, django_assert_num_queries: Any) -> None:
    office.get("people/")
    with django_assert_num_queries(QUERIES):
        office.get("people/")
    for role in Role:
        in_role(office.organisation, role)
    with django_assert_num_queries(QUERIES):
        office.get("people/")


QUERIES = 8


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
@pytest.mark.parametrize("path", ["people/", "people/PERSON/", "people/PERSON/remove/"])
def test_only_an_administrator_opens_them(desk: Desk, role: Role, path: str) -> None:
    somebody = desk.as_(in_role(desk.organisation, role))
    path = path.replace("PERSON", str(desk.executive.pk))
    page = somebody.get(path)
    assert page.status_code == 403
    assert "Only an administrator can see and change who has access. Ask yours." in words_of(page)
    assert somebody.post(path, {"roles": [role]}).status_code in {403, 405}
    assert roles_in_force(desk.organisation, desk.executive) == {Role.EXECUTIVE: None}


def test_somebody_of_another_organisation_is_not_here(office: Desk) -> None:
    _, stranger, _ = organisation_with_people()
    for path in (f"people/{stranger.pk}/", f"people/{stranger.pk}/remove/", "people/999999999999999999999/"):
        assert office.get(path).status_code == 404
        assert office.post(path, {"roles": ["reader"]}).status_code == 404
    assert not office.organisation.access_grants.filter(person=stranger).exists()


def test_roles_and_their_last_days_are_changed(office: Desk) -> None:
    path = f"people/{office.lead.pk}/"
    sent = {**form_on(office.get(path)), "roles": ["strategy_lead", "reader"], **at(TOMORROW, Role.READER)}
    page = office.post(path, sent, follow=True)
    assert roles_in_force(office.organisation, office.lead) == {Role.STRATEGY_LEAD: None, Role.READER: TOMORROW}
    assert f"{office.lead}’s access has changed, from their next click." in words_of(page)
    shown = office.get(path).context["form"]
    assert shown["roles"].value() == ["strategy_lead", "reader"]
    assert shown["until_reader"].value() == TOMORROW


def test_a_day_beside_a_role_that_is_not_ticked_says_nothing(office: Desk) -> None:
    path = f"people/{office.lead.pk}/"
    sent = {**form_on(office.get(path)), "roles": ["reader"], "until_executive-day": "40", "until_executive-year": "x"}
    assert office.post(path, sent).status_code == 302
    assert roles_in_force(office.organisation, office.lead) == {Role.READER: None}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no role": ({"roles": []}, "Choose at least one role, or remove this person from the organisation."),
    "a role that there is not": ({"roles": ["superuser"]}, "Choose roles from the list."),
    "half a date": ({"roles": ["reader"], "until_reader-day": "1"}, "Enter the day, the month and the year"),
    "no real date": (
        {"roles": ["reader"], "until_reader-day": "31", "until_reader-month": "2", "until_reader-year": "2030"},
        "Enter a real date, for example 31 3 2027.",
    ),
    "a day in the past": (
        {"roles": ["reader"], **at(timezone.localdate() - DAY, Role.READER)},
        "Enter today or a later day, or leave it blank for no end.",
    ),
    "a day after all days": (
        {"roles": ["reader"], **at(datetime.date(9999, 12, 31), Role.READER)},
        "Enter a day before the year 2100.",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_changed(office: Desk, what: str) -> None:
    typed, text = WRONG[what]
    path = f"people/{office.lead.pk}/"
    page = office.post(path, {"version": form_on(office.get(path))["version"], **typed})
    assert page.status_code == 200
    assert text in words_of(page)
    assert "Error: " in words_of(page)
    assert roles_in_force(office.organisation, office.lead) == {Role.STRATEGY_LEAD: None}


def test_the_last_administrator_is_told_at_the_field(office: Desk) -> None:
    me = office.get("people/").context["user"]
    path = f"people/{me.pk}/"
    page = office.post(path, {"version": form_on(office.get(path))["version"], "roles": ["reader"]})
    assert "is the only administrator without an end date" in words_of(page)
    page = office.post(f"people/{me.pk}/remove/", {})
    assert "is the only administrator without an end date" in words_of(page)
    assert roles_in_force(office.organisation, me) == {Role.ADMINISTRATOR: None}


def test_the_second_to_save_sees_both(office: Desk) -> None:
    path = f"people/{office.lead.pk}/"
    first = form_on(office.get(path))
    office.post(path, {**first, "roles": ["reader"]})
    page = office.post(path, {**first, "roles": ["executive"]})
    assert "Somebody else saved this page while you were editing it." in words_of(page)
    assert roles_in_force(office.organisation, office.lead) == {Role.READER: None}


def test_ids_that_were_not_offered_are_not_taken(office: Desk) -> None:
    """Mass assignment: neither organisation nor person nor anything of the account is read from the form."""
    other, stranger, _ = organisation_with_people()
    path = f"people/{office.lead.pk}/"
    extra = {
        "organisation": other.pk, "organisation_id": other.pk, "person": stranger.pk, "is_staff": "on",
        "is_superuser": "on", "email": "taken@example.org", "given_by": stranger.pk, "expires_at": "2000-01-01",
    }  # fmt: skip
    office.post(path, {**form_on(office.get(path)), "roles": ["reader"], **extra})
    assert roles_in_force(office.organisation, office.lead) == {Role.READER: None}
    assert roles_in_force(other, stranger) == {Role.STRATEGY_LEAD: None}
    assert not other.access_grants.filter(person=office.lead).exists()
    was = office.lead.email
    office.lead.refresh_from_db()
    assert (office.lead.email, office.lead.is_staff, office.lead.is_superuser) == (was, False, False)


def test_somebody_leaves_and_a_colleague_takes_over(office: Desk) -> None:
    participation = office.participation(lead=office.lead.name)
    path = f"people/{office.lead.pk}/remove/"
    page = office.get(path)
    assert participation.partnership.name in words_of(page)
    assert "One partnership names" in words_of(page)
    page = office.post(path, {"hand_over_to": str(office.executive.pk)}, follow=True)
    assert (
        f"{office.lead} no longer has access. What they wrote stays. 1 partnership passed to {office.executive}."
        in words_of(page)
    )
    participation.refresh_from_db()
    assert participation.lead == office.executive.name
    assert roles_in_force(office.organisation, office.lead) == {}
    assert "has no access" in words_of(office.get(path))


def test_the_name_may_stay_for_now(office: Desk) -> None:
    participation = office.participation(sponsor=office.lead.name)
    office.post(f"people/{office.lead.pk}/remove/", {"hand_over_to": "nobody"})
    participation.refresh_from_db()
    assert participation.sponsor == office.lead.name
    assert roles_in_force(office.organisation, office.lead) == {}


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({}, "Choose who takes them over, or that the name stays for now."),
        ({"hand_over_to": "me"}, "Choose somebody from the list."),
        ({"hand_over_to": "STRANGER"}, "Choose somebody from the list."),
        ({"hand_over_to": "LEAVER"}, "Choose somebody from the list."),
    ],
)
def test_what_to_do_about_partnerships_is_asked(office: Desk, sent: dict[str, str], text: str) -> None:
    office.participation(lead=office.lead.name)
    people = {"STRANGER": PersonFactory.create().pk, "LEAVER": office.lead.pk}
    sent = {name: str(people.get(value, value)) for name, value in sent.items()}
    page = office.post(f"people/{office.lead.pk}/remove/", sent)
    assert text in words_of(page)
    assert roles_in_force(office.organisation, office.lead)


def test_somebody_nobody_names_is_asked_nothing(office: Desk) -> None:
    assert office.get(f"people/{office.lead.pk}/remove/").context["form"] is None
    assert office.post(f"people/{office.lead.pk}/remove/", {}).status_code == 302
    assert roles_in_force(office.organisation, office.lead) == {}


def test_an_administrator_who_leaves_starts_at_the_beginning(office: Desk) -> None:
    in_role(office.organisation, Role.ADMINISTRATOR)
    me = office.get("people/").context["user"]
    assert office.post(f"people/{me.pk}/remove/", {})["Location"] == "/"
    assert office.get("people/").status_code in {403, 404}


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_what_each_role_may_do(desk: Desk, role: Role) -> None:
    page = desk.as_(in_role(desk.organisation, role)).get("people/roles/")
    assert page.status_code == 200
    words = words_of(page)
    for one in ROLES_IN_WORDS:
        assert one.purpose in words
        for capability in one.may:
            assert capability.covers in words
    assert len(re.findall(r"Your role\s*</strong>", words)) == 1
    assert f"you are {role.label.lower()}" in words


def test_the_page_about_roles_is_for_people_of_the_organisation(desk: Desk) -> None:
    _, stranger, _ = organisation_with_people()
    assert desk.as_(stranger).get("people/roles/").status_code == 404
    assert desk.client.post(desk.at("people/roles/")).status_code == 405


def test_the_menu_shows_people_to_an_administrator_and_the_portfolio_to_who_may_read_it(office: Desk) -> None:
    link = f'href="/o/{office.organisation.code}/people/"'
    assert link in words_of(office.get("partnerships/"))
    assert link not in words_of(office.as_(office.lead).get("partnerships/"))
    guest = words_of(office.as_(in_role(office.organisation, Role.SYSTEM_READER)).get("people/roles/"))
    assert f'href="/o/{office.organisation.code}/partnerships/"' not in guest


def test_a_refusal_names_ones_roles_and_where_they_are_explained(desk: Desk) -> None:
    page = words_of(desk.as_(desk.executive).get("capacity/change/"))
    assert "Only a strategy lead can change this. Ask yours to make the change." in page
    assert "you are executive" in page
    assert f"/o/{desk.organisation.code}/people/roles/" in page


def test_an_organisation_that_is_not_mine_shows_nothing_of_its_people(office: Desk) -> None:
    other = OrganisationFactory.create()
    assert office.client.get(f"/o/{other.code}/people/").status_code == 404
