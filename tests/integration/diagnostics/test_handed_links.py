"""A link that somebody is shown to hand out begins a survey once, and opens no answers to whoever kept it."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.access import LinkRefusedError, Refusal
from diagnostics.actions import (
    PersonalLink,
    begin_with_handed_link,
    beginning,
    close_round,
    give_more_time,
    issue_link,
    open_round,
    respondent_with,
)
from diagnostics.completion import mark_those_who_answered
from diagnostics.keys import destroy_keys, keys_of
from diagnostics.letters import REMINDER, letter
from diagnostics.links import Link, Respondent
from diagnostics.models import Invitation, Round
from diagnostics.reminding import address_again
from partnerships.models import Participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, rewrite, the_response
from tests.integration.diagnostics.open_links import words
from tests.integration.diagnostics.survey_data import answer, draft, next_week, opened
from tests.integration.diagnostics.test_answering import at_once

DIGITS = re.compile("[0-9a-f]{64}")


@pytest.fixture
def made(setting: Setting) -> Round:
    return draft(setting.participation, setting.lead)


@pytest.fixture
def handed(setting: Setting, made: Round) -> list[PersonalLink]:
    """The links of an open survey, as they were shown to whoever opened it."""
    return open_round(round=made, by=setting.lead, by_hand=True)


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def first_page(client: Client, link: PersonalLink) -> str:
    """Exchange it; the address of the page on which its person begins."""
    page = client.get(f"/s/{link.secret}/")
    assert page.status_code == 302
    assert page["Location"].endswith("/start/")
    return str(page["Location"])


def form_on(client: Client, at: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', client.get(at).content.decode())
    assert found is not None
    return found[1]


def begin(client: Client, link: PersonalLink) -> str:
    """As a browser does; the address under which they answer."""
    at = first_page(client, link)
    page = client.post(at, {"form": form_on(client, at), "place": "lead"})
    assert page.status_code == 302, page.content.decode()
    assert page["Location"].endswith("/questions/purpose/")
    return "/".join(page["Location"].split("/")[:3]) + "/"


def own_address(client: Client, root: str) -> str:
    found = re.search(r"http://testserver(/s/[^/<]+/)", client.get(root + "questions/purpose/").content.decode())
    assert found is not None
    return found[1]


def own_link(made: Round, link: PersonalLink) -> PersonalLink:
    return PersonalLink(link.invitation, keys_of(made).secret_of(link.invitation))


def refusal(link: PersonalLink, form: str = "another form") -> Refusal:
    with pytest.raises(LinkRefusedError) as refused:
        begin_with_handed_link(link=Link.with_secret(link.secret), form=form, place="lead")
    return refused.value.refusal


def test_it_is_exchanged_at_once_and_says_who_sees_what(client: Client, handed: list[PersonalLink]) -> None:
    at = first_page(client, handed[0])
    assert handed[0].secret not in at
    said = words(client, at)
    assert "sees everybody’s answers together, never yours alone" in said
    assert "starts the survey <strong>once</strong>, and opens no answers afterwards" in said
    assert handed[0].secret not in said
    cookies = client.cookies.values()
    assert [(one["path"], one["httponly"], one["samesite"]) for one in cookies if one.key.startswith("survey-")] == [
        (at.removesuffix("start/"), True, "Lax")
    ]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_it_uses_nothing_up(client: Client, handed: list[PersonalLink], method: str) -> None:
    """A preview in a chat and a mail server that looks for malware open every link they find, and follow it."""
    before = list(Invitation.objects.order_by("pk").values())
    for _ in range(3):
        assert getattr(Client(), method)(f"/s/{handed[0].secret}/", follow=True).status_code == 200
    assert (list(Invitation.objects.order_by("pk").values()), every_response()) == (before, [])
    assert begin(client, handed[0])


def test_whoever_kept_it_reads_changes_and_withdraws_nothing(
    client: Client, made: Round, handed: list[PersonalLink]
) -> None:
    root = begin(client, handed[0])
    client.post(root + "where-you-work/", {"place": "lead"})
    client.post(root + "questions/purpose/", {"answer-PUR1": "2", "reason-PUR1": "Kestrel"})
    keeper = Client()
    page = keeper.get(f"/s/{handed[0].secret}/", follow=True)
    assert page.status_code == 410
    said = " ".join(page.content.decode().split())
    assert "This link has been used" in said
    assert "Kestrel" not in said
    assert f"tell {made.created_by} at" in said
    assert "It may have been whoever handed the link out. Then tell somebody else at" in said
    assert "for example" not in said
    at = f"/s/{Link.with_secret(handed[0].secret).handle}/"
    assert keeper.post(at + "start/", {"form": "x", "place": "lead"}).status_code == 410
    assert keeper.post(at + "start/", {"form": "x"}).status_code == 410
    for name in ("welcome", "where-you-work", "questions/purpose", "check", "thanks", "withdraw"):
        assert keeper.get(f"{at}{name}/").status_code in {404, 410}, name
        assert keeper.get(f"{root}{name}/").status_code == 403, name
    assert keeper.post(at + "withdraw/").status_code in {404, 410}
    assert "Kestrel" in client.get(root + "check/").content.decode()


def test_whoever_was_shown_it_and_opens_it_first_is_found_out(client: Client, handed: list[PersonalLink]) -> None:
    begin(Client(), handed[0])
    page = client.get(f"/s/{handed[0].secret}/", follow=True)
    assert page.status_code == 410
    assert "If it was <strong>not</strong> you, tell" in page.content.decode()


def test_a_second_press_leads_on_until_something_is_answered(client: Client, handed: list[PersonalLink]) -> None:
    """A double click, or a connection that broke before the answer came and took no cookie."""
    at = first_page(client, handed[0])
    form, cookies = form_on(client, at), client.cookies.output(header="", sep=";")
    sent = {"form": form, "place": "lead"}
    first = client.post(at, sent)
    again = Client()
    again.cookies.load(cookies)
    second = again.post(at, sent)
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    client.post(first["Location"], {"answer-PUR1": "2"})
    replayed(cookies, at, sent)


@pytest.mark.parametrize(
    ("sponsor", "does_the_work", "named"),
    [
        ("Dr Amara Osei", "Tom Reed", "for example Tom Reed or Dr Amara Osei"),
        ("Tom Reed", "Tom Reed", "for example Tom Reed, and"),
        ("", "", ""),
    ],
)
def test_whom_to_tell_besides_whoever_opened_it(
    client: Client, setting: Setting, handed: list[PersonalLink], sponsor: str, does_the_work: str, named: str
) -> None:
    """Who opened it may be who began in somebody's place: those who answer for the partnership are named beside."""
    Participation.objects.filter(pk=setting.participation.pk).update(sponsor=sponsor, lead=does_the_work)
    begin(client, handed[0])
    said = " ".join(Client().get(f"/s/{handed[0].secret}/", follow=True).content.decode().split())
    assert f"Then tell somebody else at {setting.organisation.display_name}{', ' if named else ''}{named}" in said
    # who opened it is not named as somebody else
    Participation.objects.filter(pk=setting.participation.pk).update(lead=str(setting.lead), sponsor="")
    said = " ".join(Client().get(f"/s/{handed[0].secret}/", follow=True).content.decode().split())
    assert "for example" not in said


def replayed(cookies: str, at: str, sent: dict[str, str]) -> None:
    """It opens no answers, nor what is left where they were withdrawn."""
    later = Client()
    later.cookies.load(cookies)
    assert later.post(at, sent).status_code == 410


def test_a_form_that_is_replayed_after_withdrawing_opens_nothing(client: Client, handed: list[PersonalLink]) -> None:
    at = first_page(client, handed[0])
    sent, cookies = {"form": form_on(client, at), "place": "lead"}, client.cookies.output(header="", sep=";")
    root = client.post(at, sent)["Location"].removesuffix("questions/purpose/")
    client.post(root + "withdraw/")
    replayed(cookies, at, sent)
    # also once its person has said again where they work, and has not answered yet
    client.post(root + "where-you-work/", {"place": "lead"})
    replayed(cookies, at, sent)


def test_a_second_press_with_another_place_leads_on_with_that(client: Client, handed: list[PersonalLink]) -> None:
    """The first was under way, took no cookie back, and is what has begun."""
    at = first_page(client, handed[0])
    form, cookies = form_on(client, at), client.cookies.output(header="", sep=";")
    first = client.post(at, {"form": form, "place": "lead"})
    again = Client()
    again.cookies.load(cookies)
    assert again.post(at, {"form": form, "place": "board"})["Location"] == first["Location"]
    assert the_response().place == "board"
    replayed(cookies, at, {"form": "another form", "place": "lead"})
    assert the_response().place == "board"


def test_a_form_that_is_replayed_opens_no_answers_that_were_given_first(
    client: Client, handed: list[PersonalLink]
) -> None:
    at = first_page(client, handed[0])
    form, cookies = form_on(client, at), client.cookies.output(header="", sep=";")
    root = client.post(at, {"form": form, "place": "lead"})["Location"].removesuffix("questions/purpose/")
    client.post(root + "questions/purpose/", {"answer-PUR1": "2"})  # before it was said where one works
    later = Client()
    later.cookies.load(cookies)
    assert later.post(at, {"form": form}).status_code == 410


@pytest.mark.parametrize("form", ["", "x" * 5000, "\udcff", "\0", "<b>"])
def test_a_form_as_no_browser_sends_it_is_no_fault(client: Client, handed: list[PersonalLink], form: str) -> None:
    at = first_page(client, handed[0])
    body = b"place=lead&form=" + form.encode("utf-8", "surrogateescape")
    assert client.post(at, body, content_type="application/x-www-form-urlencoded").status_code == 302


def test_the_browser_that_began_is_led_on_and_another_form_in_it_too(
    client: Client, handed: list[PersonalLink]
) -> None:
    at = first_page(client, handed[0])
    root = begin(client, handed[0])
    client.post(root + "where-you-work/", {"place": "lead"})
    assert client.get(f"/s/{handed[0].secret}/", follow=True).redirect_chain[-1][0] == root + "welcome/"
    assert client.post(at, {"form": "of another tab", "place": "lead"})["Location"] == root + "welcome/"


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_let_one_in(made: Round, handed: list[PersonalLink]) -> None:
    link = Link.with_secret(handed[0].secret)
    got = at_once(*(partial(begin_with_handed_link, link=link, form=f"form {one}", place="lead") for one in range(4)))
    refused = [one.refusal for one in got if isinstance(one, LinkRefusedError)]
    assert refused == [Refusal.BEGUN] * 3
    assert len([one for one in got if isinstance(one, Link)]) == 1
    assert len(every_response()) == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_leads_on_twice(made: Round, handed: list[PersonalLink]) -> None:
    link = Link.with_secret(handed[0].secret)
    got = at_once(*[partial(begin_with_handed_link, link=link, form="one form", place="lead")] * 3)
    assert got == [Link.with_secret(own_link(made, handed[0]).secret)] * 3


def test_a_form_whose_other_sending_gets_in_between_leads_on(
    made: Round, handed: list[PersonalLink], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks whether it has begun, the other sending begins, and then it asks whether somebody has."""
    begin = partial(begin_with_handed_link, link=Link.with_secret(handed[0].secret), form="one form", place="lead")
    asked, own = beginning._has_begun, list[Link]()

    def asked_just_before(respondent: Respondent, begun_with: str) -> bool:
        monkeypatch.setattr(beginning, "_has_begun", asked)
        own.append(begin())
        return False

    monkeypatch.setattr(beginning, "_has_begun", asked_just_before)
    assert begin() == own[0] == Link.with_secret(own_link(made, handed[0]).secret)
    assert len(every_response()) == 1


def test_one_goes_on_elsewhere_with_the_address_of_ones_own(client: Client, handed: list[PersonalLink]) -> None:
    root = begin(client, handed[0])
    client.post(root + "where-you-work/", {"place": "lead"})
    elsewhere = Client()
    page = elsewhere.get(own_address(client, root))
    assert page["Location"] == root + "questions/purpose/"
    assert elsewhere.get(page["Location"]).status_code == 200


def test_who_had_a_letter_has_no_other_address(client: Client, setting: Setting) -> None:
    _, links = opened(setting.participation, setting.lead)
    root = client.get(f"/s/{links[0].secret}/")["Location"].removesuffix("welcome/")
    assert "Go on later or on another device" not in client.get(root + "where-you-work/").content.decode()


def test_beginning_writes_nothing_to_the_invitation(client: Client, handed: list[PersonalLink]) -> None:
    before = list(Invitation.objects.order_by("pk").values())
    begin(client, handed[0])
    assert list(Invitation.objects.order_by("pk").values()) == before
    values = {str(value) for row in before for value in row.values()}
    assert not values & {the_response().key, the_response().begun_with}


def kinds() -> list[tuple[object, ...]]:
    """What the database alone shows of each response, as a kind: its columns but for what is drawn, and its answers."""
    rows, of = every_response(), Counter(one.response_id for one in every_answer())
    drawn = {one.key: bool(DIGITS.fullmatch(one.begun_with)) for one in rows}
    return [(one.place, one.works_for, one.started_on, one.submitted_on, drawn[one.key], of[one.key]) for one in rows]


@pytest.mark.parametrize("answers", [0, 1], ids=["as they begin", "with an answer"])
def test_nothing_in_a_response_tells_who_began_with_a_link_that_was_handed_out(
    client: Client, setting: Setting, answers: int
) -> None:
    """Else whoever has the database knows whose it is where one person was handed theirs: in one look or in two."""
    _, links = opened(setting.participation, setting.lead)
    new = issue_link(invitation=links[3].invitation, by=setting.lead, by_hand=True)
    root = begin(client, new)
    roots = [root]
    for one in links[:3]:
        browser = Client()
        at = browser.get(f"/s/{one.secret}/")["Location"].removesuffix("welcome/")
        assert browser.post(at + "where-you-work/", {"place": "lead"})["Location"] == at + "questions/purpose/"
        roots.append(at)
        if answers:
            browser.post(at + "questions/purpose/", {"answer-PUR1": "1", "reason-PUR1": "Kestrel"})
    first_look = {one.key: one.begun_with for one in every_response()}
    if answers:
        client.post(root + "questions/purpose/", {"answer-PUR1": "1", "reason-PUR1": "Kestrel"})
    [kind] = set(kinds())
    assert kind == ("lead", "", timezone.localdate(), None, True, answers)
    assert {one.key: one.begun_with for one in every_response()} == first_look, "nothing is emptied meanwhile"
    assert len(set(first_look.values())) == 4


def test_what_is_written_once_more_has_digits_as_well(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    for one in links[:9]:
        answer(one, 5)
    before = {one.begun_with for one in every_response()}
    assert mark_those_who_answered(made) == 5
    between = {one.begun_with for one in every_response()}
    close_round(round=made, by=setting.lead)
    after = {one.begun_with for one in every_response()}
    assert (len(before), len(between), len(after), len(before | between | after)) == (9, 9, 9, 27)
    assert all(DIGITS.fullmatch(one) for one in before | between | after)


def test_the_database_takes_no_response_that_stands_out(client: Client, handed: list[PersonalLink]) -> None:
    begin(client, handed[0])
    with pytest.raises(IntegrityError, match="response_begun_with_a_digest"), transaction.atomic():
        rewrite(the_response(), "begun_with", "")


def test_where_one_works_is_asked_on_the_page_on_which_one_starts(client: Client, handed: list[PersonalLink]) -> None:
    at = first_page(client, handed[0])
    assert "Where do you work?" in words(client, at)
    for sent in ({}, {"place": "none"}, {"form": "x"}):
        page = client.post(at, sent)
        said = page.content.decode()
        assert (page.status_code, said.count("Choose where you work.")) == (200, 2), "in the summary and beside it"
        assert "<title>Error: " in " ".join(said.split()).replace("<title> ", "<title>")
    assert every_response() == []
    link = Link.with_secret(handed[0].secret)
    with pytest.raises(ValidationError, match="Choose where you work"):
        begin_with_handed_link(link=link, form="x", place="none")
    begin(client, handed[0])
    assert the_response().place == "lead"


def test_the_database_has_neither_link(made: Round, handed: list[PersonalLink]) -> None:
    own = {own_link(made, link).secret for link in handed}
    assert len(own | {link.secret for link in handed}) == 14
    kept = {str(value) for row in made.invitations.values() for value in row.values()}
    assert not kept & (own | {link.secret for link in handed})


def test_links_that_were_made_up_or_replaced_begin_nothing(
    setting: Setting, made: Round, handed: list[PersonalLink]
) -> None:
    fresh = issue_link(invitation=handed[0].invitation, by=setting.lead, by_hand=True)
    assert refusal(handed[0]) is Refusal.UNKNOWN
    assert refusal(PersonalLink(fresh.invitation, "made up")) is Refusal.UNKNOWN
    assert refusal(own_link(made, fresh)) is Refusal.UNKNOWN, "one's own is not the one that begins"
    with pytest.raises(LinkRefusedError):
        respondent_with(fresh.secret)
    destroy_keys(made.organisation_id, made.pk)
    assert refusal(fresh) is Refusal.UNKNOWN


def test_after_the_last_day_and_once_closed_it_says_so(
    client: Client, setting: Setting, made: Round, handed: list[PersonalLink]
) -> None:
    at = first_page(client, handed[0])
    close_round(round=made, by=setting.lead)
    assert "This survey has closed" in client.get(at).content.decode()
    assert client.post(at, {"form": "x"}).status_code == 410
    assert refusal(handed[1]) is Refusal.CLOSED
    assert every_response() == []


def test_after_it_is_opened_again_it_begins_once_more(
    client: Client, setting: Setting, made: Round, handed: list[PersonalLink]
) -> None:
    kept = own_address(client, begin(client, handed[0]))
    close_round(round=made, by=setting.lead)
    give_more_time(round=made, closes_on=next_week(), by=setting.lead)
    again = Client()
    root = begin(again, handed[0])
    again.post(root + "where-you-work/", {"place": "lead"})
    assert own_address(again, root) != kept
    assert Client().get(kept).status_code != 302, "what was begun before leads to none of it"


def test_a_letter_to_who_was_handed_theirs_brings_the_same_link(
    setting: Setting, lead: Client, made: Round, handed: list[PersonalLink]
) -> None:
    """One that goes on would lead them to where whoever handed it out may have begun."""
    own = own_link(made, handed[0]).secret
    lead.post(f"/o/{setting.code}/surveys/{made.pk}/", {"deed": "new_links", "delivery": "email"})
    assert sum(letter.body.count(handed[0].secret) for letter in mail.outbox) == 1
    assert not any(own in letter.body for letter in mail.outbox)
    assert all("A link that was handed to you starts a survey once" in letter.body for letter in mail.outbox)


def test_a_reminder_of_a_link_that_was_handed_out_says_how_to_go_on(
    made: Round, handed: list[PersonalLink], settings: object
) -> None:
    settings.SITE_ADDRESS = "https://survey.example"  # type: ignore[attr-defined]
    invitation = Invitation.objects.get(pk=handed[0].invitation.pk)
    address = address_again(invitation)
    assert address == f"https://survey.example/s/{handed[0].secret}/"
    body = letter(REMINDER, [(invitation, address)]).body
    assert "use the browser in which you started, or the address of your own" in str(body)


def test_a_corrected_address_has_a_link_that_nobody_was_shown(
    setting: Setting, lead: Client, made: Round, handed: list[PersonalLink]
) -> None:
    person = handed[0].invitation
    lead.post(f"/o/{setting.code}/surveys/{made.pk}/people/{person.pk}/address/", {"email": "new@partner.example"})
    person.refresh_from_db()
    assert (person.handed_hash, person.link_number) == (None, 1)
    [secret] = re.findall(r"/s/([^/]+)/", str(mail.outbox[0].body))
    assert respondent_with(secret)[1] == made


def test_what_is_shown_because_no_letter_left_is_not_what_the_letter_brings(
    setting: Setting, lead: Client, made: Round, settings: object
) -> None:
    settings.EMAIL_BACKEND = "tests.integration.diagnostics.test_staff_pages.IsDown"  # type: ignore[attr-defined]
    page = lead.post(f"/o/{setting.code}/surveys/{made.pk}/", {"deed": "open", "delivery": "email"})
    for link, _ in page.context["links"]:
        assert (link.invitation.link_number, link.invitation.is_handed_out) == (1, True)
        assert link.secret == keys_of(made).handed_secret_of(link.invitation)


def test_the_answers_count_once_and_are_of_no_form(
    client: Client, setting: Setting, made: Round, handed: list[PersonalLink]
) -> None:
    begin(client, handed[0])
    before = the_response().begun_with
    for link in handed[:5]:
        answer(own_link(made, link), 4)
    close_round(round=made, by=setting.lead)
    assert len(every_response()) == 5
    assert before not in {one.begun_with for one in every_response()}
    assert Round.objects.with_progress().get(pk=made.pk).answered == 5


@pytest.mark.parametrize(
    "broken", [{"link_hash": None}, {"link_by_letter": True}, {"seat_batch": 1, "name": "", "email": ""}]
)
def test_the_database_keeps_links_by_hand_and_by_letter_apart(
    handed: list[PersonalLink], broken: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match="invitation_handed_out_to_somebody"), transaction.atomic():
        Invitation.objects.filter(pk=handed[0].invitation.pk).update(**broken)


def test_no_two_have_the_same_link_to_begin_with(handed: list[PersonalLink]) -> None:
    with pytest.raises(IntegrityError, match="handed_hash"), transaction.atomic():
        Invitation.objects.filter(round=handed[0].invitation.round).update(handed_hash="0" * 64)
