"""Asking how good a partner an organisation is: two surveys, kept apart from each other and from any health."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from diagnostics.across import across
from diagnostics.actions import RoundRefusedError, close_round, open_round, open_rounds
from diagnostics.actions.partner_rounds import start_partner_rounds
from diagnostics.actions.questions import choose_version
from diagnostics.forms.rounds import without_a_partner_survey, without_a_survey
from diagnostics.instrument import BY_PARTNERS, BY_US
from diagnostics.invitees import Invitee
from diagnostics.known_people import asked_last_time, known_groups
from diagnostics.lists import Known
from diagnostics.mailing import send_links
from diagnostics.models import Response, Round, RoundState, Subject
from diagnostics.over_time import since_last_time
from diagnostics.partner_people import asked_last_time_about_us, names_of, split
from diagnostics.readiness import health_of, readiness_of
from partnerships.models import OrganisationName, Participation
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.open_links import first_page, press_start, secret_of, words
from tests.integration.diagnostics.survey_data import answer, closed, draft, next_week, opened, people
from tests.integration.diagnostics.test_staff_pages import filled

SIDES = (Subject.BY_PARTNERS, Subject.BY_US)


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


def words_of(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def main_of(answered: Any) -> str:
    """The page without what is drawn anew each time it is shown."""
    main = words_of(answered).partition("<main")[2]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", main)


def ours(number: int = 5) -> list[Invitee]:
    return [Invitee(f"Own {one}", f"own{one}@westmere.example", "Westmere Community Trust") for one in range(number)]


def started(setting: Setting, **halves: list[Invitee]) -> list[Round]:
    return start_partner_rounds(
        asked={setting.participation: {Subject(side): theirs for side, theirs in halves.items()}},
        closes_on=next_week(),
        by=setting.lead,
    )


def another(setting: Setting, name: str = "Ferry Hill Alliance") -> Participation:
    partnership = PartnershipFactory.create(name=name, recorded_by=setting.organisation)
    return active_participation(setting.organisation, partnership=partnership)


def test_both_halves_are_surveys_of_their_own(setting: Setting) -> None:
    made = started(setting, by_partners=people(6), by_us=ours())
    assert [(one.subject, one.instrument_version, one.invitations.count()) for one in made] == [
        ("by_partners", BY_PARTNERS, 6),
        ("by_us", BY_US, 5),
    ]
    assert {one.closes_on for one in made} == {next_week()}
    links = open_rounds(rounds=made, by=setting.lead)
    for link in links[:6]:
        answer(link, 4)
    theirs, own = (Round.objects.get(pk=one.pk) for one in made)
    assert close_round(round=theirs, by=setting.lead).shows_results
    assert not close_round(round=own, by=setting.lead).shows_results
    assert Response.objects.filter(round=own).count() == 0
    assert Response.objects.filter(round=theirs).count() == 6


def test_partners_read_the_organisations_name_and_its_own_people_read_we(setting: Setting) -> None:
    theirs, own = started(setting, by_partners=people(6), by_us=ours())
    assert theirs.instrument.title == "How good a partner is Westmere Community Trust?"
    assert theirs.instrument.items[0].text.startswith("Westmere Community Trust is clear")
    assert own.instrument.items[0].text == "We are clear about what we want from this partnership."
    links = open_rounds(rounds=[theirs, own], by=setting.lead)
    for link, asks in ((links[0], "Westmere Community Trust does what it said"), (links[-1], "We do what we said")):
        client = Client()
        welcome = client.get(f"/s/{link.secret}/", follow=True)
        handle = welcome.redirect_chain[0][0].split("/")[2]
        assert asks in words_of(client.get(f"/s/{handle}/questions/commitment/"))


def test_either_half_may_be_left_out_and_not_both(setting: Setting) -> None:
    assert [one.subject for one in started(setting, by_partners=people(6), by_us=[])] == ["by_partners"]
    with pytest.raises(ValidationError, match="Enter the partners to ask, or your own people, or both"):
        started(setting, by_partners=[], by_us=[])
    with pytest.raises(ValidationError, match="Westmere Frailty Alliance, your own people: Enter at least 5 people"):
        started(setting, by_partners=[], by_us=ours(4))
    assert Round.objects.count() == 1


def test_nobody_is_on_both_sides(setting: Setting) -> None:
    twice = [*ours(), Invitee("Person 1", "PERSON1@partner.example")]
    with pytest.raises(ValidationError, match=r"person1@partner\.example is in both lists"):
        started(setting, by_partners=people(6), by_us=twice)
    assert not Round.objects.exists()


def test_one_wrong_half_starts_none(setting: Setting) -> None:
    second = another(setting)
    draft(second, setting.lead, subject=Subject.BY_PARTNERS)
    asked = {one: {Subject.BY_PARTNERS: people(6), Subject.BY_US: ours()} for one in (setting.participation, second)}
    with pytest.raises(ValidationError, match="Ferry Hill Alliance, partners: This partnership already has a survey"):
        start_partner_rounds(asked=asked, closes_on=next_week(), by=setting.lead)
    assert Round.objects.count() == 1


def test_only_who_may_edit_starts(setting: Setting) -> None:
    with pytest.raises(PermissionDenied):
        start_partner_rounds(
            asked={setting.participation: {Subject.BY_PARTNERS: people(6)}}, closes_on=next_week(), by=setting.executive
        )


def test_one_under_way_for_each_subject(setting: Setting) -> None:
    """Also beside a survey of how well the partnership works."""
    for subject in Subject:
        draft(setting.participation, setting.lead, subject=subject)
        with pytest.raises(RoundRefusedError, match="already has a survey under way"):
            draft(setting.participation, setting.lead, subject=subject)
    assert Round.objects.count() == 3


def test_the_database_keeps_what_a_survey_asks_about(setting: Setting) -> None:
    made = draft(setting.participation, setting.lead, subject=Subject.BY_US)
    # nobody has been asked yet
    Round.objects.filter(pk=made.pk).update(subject=Subject.BY_PARTNERS, instrument_version=BY_PARTNERS)
    with pytest.raises(IntegrityError, match="round_subject_is_known"), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(subject="weather")
    open_round(round=Round.objects.get(pk=made.pk), by=setting.lead)
    for state in RoundState.OPEN, RoundState.CLOSED:
        with pytest.raises(IntegrityError, match="was started to ask about something else"), transaction.atomic():
            Round.objects.filter(pk=made.pk).update(subject=Subject.PARTNERSHIP)
        if state == RoundState.OPEN:
            close_round(round=Round.objects.get(pk=made.pk), by=setting.lead)


def test_nothing_of_it_is_a_partnerships_health(setting: Setting, lead: Client) -> None:
    """With answers enough on both sides, and as unlike the partnership's own as can be."""
    about = closed(setting.participation, setting.lead, [4, 4, 5, 4, 5, 4, 4])
    second = another(setting)

    def read() -> dict[str, Any]:
        picture = across(setting.organisation)
        return {
            "health": health_of(setting.organisation),
            "readiness": readiness_of(organisation=setting.organisation, draws=50, seed=1),
            "heat map": [(row.name, row.overall, row.cells) for row in picture.rows],
            "apart": picture.apart,
            "asked last time": asked_last_time(setting.participation),
            "known": known_groups(setting.organisation, second),
            "to start": list(without_a_survey(setting.organisation)),
            "by list": Known(setting.organisation).under_way,
            "tile": [main_of(lead.get(f"/o/{setting.code}/partnerships/{one.partnership.slug}/health/"))
                     for one in (setting.participation, second)],
            "last": words_of(lead.get(f"/o/{setting.code}/surveys/last/", headers={"HX-Request": "true"})),
            "page": main_of(lead.get(f"/o/{setting.code}/surveys/{about.pk}/")),
        }  # fmt: skip

    before = read()
    for participation in (setting.participation, second):
        for subject in SIDES:
            closed(participation, setting.lead, [1] * 7, subject=subject)
            opened(participation, setting.lead, subject=subject)
    assert read() == before
    again = closed(setting.participation, setting.lead, [4] * 7)
    since = since_last_time(again)
    assert since is not None
    assert since.earlier == about


def test_a_partnerships_survey_is_none_of_it(setting: Setting) -> None:
    closed(setting.participation, setting.lead, [1] * 7)
    draft(setting.participation, setting.lead)
    first = closed(setting.participation, setting.lead, [4] * 7, subject=Subject.BY_PARTNERS)
    own = closed(setting.participation, setting.lead, [5] * 7, subject=Subject.BY_US)
    again = closed(setting.participation, setting.lead, [3] * 7, subject=Subject.BY_PARTNERS)
    assert since_last_time(first) is None
    assert since_last_time(own) is None
    since = since_last_time(again)
    assert since is not None
    assert since.earlier == first
    assert setting.participation in without_a_partner_survey(setting.organisation)


def test_closing_one_asks_for_no_new_recommendation(setting: Setting, django_capture_on_commit_callbacks: Any) -> None:
    counts = []
    for subject in (Subject.BY_PARTNERS, Subject.PARTNERSHIP):
        made, links = opened(setting.participation, setting.lead, subject=subject)
        for link in links:
            answer(link, 4)
        with django_capture_on_commit_callbacks() as callbacks:
            close_round(round=made, by=setting.lead)
        counts.append(len(callbacks))
    assert counts[1] == counts[0] + 1


def test_people_are_told_apart_by_whom_they_work_for(setting: Setting) -> None:
    OrganisationName.objects.create(organisation=setting.organisation, name="Westmere Community Services")
    names = names_of(setting.organisation)
    asked = [
        Invitee("A", "a@x.example", "WESTMERE  community-trust"),
        Invitee("B", "b@x.example", "Westmere Community Services"),
        Invitee("C", "c@x.example", setting.code),
        Invitee("D", "d@x.example", "Wye Council"),
        Invitee("E", "e@x.example"),
    ]
    sides = split(asked, names)
    assert ([one.name for one in sides.ours], [one.name for one in sides.partners]) == (["A", "B", "C"], ["D", "E"])


def test_a_list_begins_with_who_was_asked_last_time_on_the_same_side(setting: Setting) -> None:
    assert asked_last_time_about_us(setting.participation).partners == []
    closed(setting.participation, setting.lead, [4] * 7)
    begun = asked_last_time_about_us(setting.participation)
    assert (len(begun.partners), len(begun.ours)) == (7, 0)
    closed(setting.participation, setting.lead, [4] * 6, invited=6, subject=Subject.BY_US)
    begun = asked_last_time_about_us(setting.participation)
    assert (len(begun.partners), len(begun.ours)) == (0, 6)


def as_typed(asked: list[Invitee]) -> str:
    return "\n".join(f"{one.name}, {one.email}, {one.works_for or 'Wye Council'}" for one in asked)


def box(side: str, setting: Setting) -> str:
    return f"{side}-{setting.participation.pk}"


def start_page(setting: Setting) -> str:
    return f"/o/{setting.code}/partner/start/?partnership={setting.participation.partnership.slug}"


def day(setting: Setting) -> dict[str, str]:
    return {name: value for name, value in filled(setting).items() if name.startswith("closes_on")}


def test_the_page_sorts_a_list_and_starts_both(setting: Setting, lead: Client) -> None:
    assert "Continue" in words_of(lead.get(f"/o/{setting.code}/partner/start/"))
    assert "Partners’ people to ask, in Westmere Frailty Alliance" in words_of(lead.get(start_page(setting)))
    mixed = {box("partners", setting): as_typed([*people(6), *ours()]), **day(setting), "reminders": ["halfway"]}
    refused = words_of(lead.post(start_page(setting), mixed))
    assert "own0@westmere.example and 4 more work for you. Move them to your own people, or sort the lists." in refused
    sorted_page = lead.post(start_page(setting), {**mixed, "sort": "sides"})
    boxes = sorted_page.context["form"].initial
    assert len(boxes[box("partners", setting)].splitlines()) == 6
    assert len(boxes[box("ours", setting)].splitlines()) == 5
    assert not Round.objects.exists()
    data = {**day(setting), **{name: boxes[name] for name in (box("partners", setting), box("ours", setting))}}
    answered = lead.post(start_page(setting), {**data, "reminders": ["halfway"]})
    assert answered["Location"] == f"/o/{setting.code}/surveys/open/"
    page = words_of(lead.get(answered["Location"]))
    assert "2 surveys are ready." in page
    assert "How good a partner we are: partners’ view. 6 people to ask" in page
    assert [(one.subject, one.remind_halfway) for one in Round.objects.order_by("pk")] == [
        ("by_partners", True),
        ("by_us", True),
    ]
    assert "Continue" not in words_of(lead.get(start_page(setting)))


def test_the_page_says_which_line_is_wrong_and_keeps_what_was_typed(setting: Setting, lead: Client) -> None:
    data = {box("partners", setting): f"{as_typed(people(6))}\nNobody", box("ours", setting): "", **day(setting)}
    for pressed in ({}, {"sort": "sides"}):
        answered = lead.post(start_page(setting), {**data, **pressed})
        assert "Nobody</textarea>" in words_of(answered)
    words = words_of(lead.post(start_page(setting), data))
    assert "Westmere Frailty Alliance: Line 7: Enter a name, a comma and an email address" in words
    empty = words_of(lead.post(start_page(setting), day(setting)))
    assert "Westmere Frailty Alliance: Enter the partners to ask, or your own people, or both." in empty
    assert not Round.objects.exists()


def link(side: str, setting: Setting) -> str:
    return f"{box(side, setting)}-link"


def test_each_side_may_have_an_open_link(setting: Setting, lead: Client) -> None:
    data = {box("partners", setting): as_typed(people(2)), link("partners", setting): "4", **day(setting)}
    page = lead.post(start_page(setting), data | {link("ours", setting): "6", "sort": "sides"})
    assert re.search(rf'name="{link("partners", setting)}"[^>]* value="4"', words_of(page))
    few = words_of(lead.post(start_page(setting), data | {link("partners", setting): "2"}))
    assert "Westmere Frailty Alliance: Enter at least 5 people" in few
    assert "as 1 or more" in words_of(lead.post(start_page(setting), data | {link("ours", setting): "0"}))
    assert not Round.objects.exists()
    assert lead.post(start_page(setting), data | {link("ours", setting): "6"}).status_code == 302
    theirs, own = Round.objects.order_by("pk")
    assert [(one.open_link.seats, one.invitations.of_people().count()) for one in (theirs, own)] == [(4, 2), (6, 0)]
    open_rounds(rounds=[theirs, own], by=setting.lead)
    for one, heading in ((theirs, "How good a partner is Westmere Community Trust?"), (own, own.instrument.title)):
        started_with = Client()
        first = first_page(started_with, secret_of(one))
        assert f"<title>{heading}" in words(started_with, first)
        answers = press_start(started_with, secret_of(one))
        assert heading in words(started_with, f"{answers}welcome/")
        close_round(round=one, by=setting.lead)
    again = words_of(lead.get(start_page(setting)))
    for side, number in (("partners", 4), ("ours", 6)):
        assert re.search(rf'name="{link(side, setting)}"[^>]* value="{number}"', again)


def test_another_organisations_partnership_is_not_offered(setting: Setting, lead: Client) -> None:
    another_one, *_ = organisation_with_people()
    theirs = active_participation(another_one)
    page = lead.get(f"/o/{setting.code}/partner/start/?partnership={theirs.partnership.slug}")
    assert "Continue" in words_of(page)


def test_a_letter_asks_one_thing(setting: Setting) -> None:
    """Somebody in two surveys of different subjects has two letters, and in two of one subject has one."""
    second = another(setting)
    both = [
        draft(setting.participation, setting.lead),
        *(draft(one, setting.lead, subject=Subject.BY_PARTNERS) for one in (setting.participation, second)),
        draft(setting.participation, setting.lead, subject=Subject.BY_US),
    ]
    assert send_links(links=open_rounds(rounds=both, by=setting.lead), address_of=lambda secret: f"/s/{secret}/") == []
    theirs = [one for one in mail.outbox if "person1@partner.example" in one.to[0]]
    assert sorted(one.subject for one in theirs) == [
        "2 partnerships: how good a partner is Westmere Community Trust?",
        "Westmere Frailty Alliance: how good a partner are we?",
        "Westmere Frailty Alliance: how well are we working together?",
    ]
    bodies = {one.subject: " ".join(str(one.body).split()) for one in theirs}
    assert (
        "would like to know how good a partner it is in 2 partnerships of which you are part"
        in (bodies["2 partnerships: how good a partner is Westmere Community Trust?"])
    )
    assert (
        "would like to know how good a partner its own people think it is in Westmere Frailty Alliance"
        in (bodies["Westmere Frailty Alliance: how good a partner are we?"])
    )


@pytest.mark.parametrize("version", [BY_PARTNERS, BY_US])
def test_its_questions_are_not_a_partnerships(setting: Setting, lead: Client, version: str) -> None:
    with pytest.raises(ValidationError, match="a survey asks about a partnership"):
        choose_version(organisation=setting.organisation, version=version, by=setting.lead)
    page = words_of(lead.get(f"/o/{setting.code}/surveys/questions/"))
    assert "Partners: “Westmere Community Trust does what it said it would do.”" in page
    assert "Your own people: “We do what we said we would do.”" in page
    assert version not in page
