"""The pages of a kind no: what they say, what they keep of what was typed, and what happens to a letter on its way."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions.kind_noes import record_reply, record_telling
from decisions.actions.letters import take_back
from decisions.letter_words import checklist_words
from decisions.models import ChecklistItem, HowTold, KindNo, Letter, LetterReply, LetterState, LetterTemplate, Telling
from partnerships.models import Role
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import (
    ADDRESS,
    House,
    be_due,
    pack,
    partner_leaves,
    sent,
    step_down,
    written,
)
from tests.integration.decisions.scored import decided
from tests.integration.decisions.test_pages import leads_to, signed_in, words
from tests.integration.safety.contents import forms_of
from tests.integration.safety.test_forms import ODD

pytestmark = pytest.mark.django_db

MAY_BE_READ = "The partner, or anybody under freedom of information, may come to read"


@pytest.fixture
def client(house: House) -> Client:
    return signed_in(house.lead)


def offered(page: Any, field: str) -> dict[str, str]:
    """The form of the page that has this field, as it is filled."""
    for form in forms_of(page):
        if form.method == "post" and any(name.startswith(field) for name in form.offered):
            return {name: values[0] for name, values in form.sent.items() if values}
    raise AssertionError(f"no form with {field}")


def letter_form(client: Client, house: House, **facts: str) -> dict[str, str]:
    filled = offered(client.get(house.at("letter/")), "body")
    given = {"recipient": str(house.member.pk), "recipient_name": "Asha Rao", "email": ADDRESS, **facts}
    return filled | {"deed": "save", "without_reason": "on", "without_continues": "on"} | given


def test_the_decision_leads_to_the_pack_where_it_says_no(house: House, client: Client) -> None:
    assert "Say it kindly" in words(client.get(house.at()))
    decided(house.one, house.executive, level_code="prioritise", reason="So")
    assert "Say it kindly" not in words(client.get(house.at()))
    shown = words(client.get(house.at("kind-no/")))
    assert "Nothing is to be said here" in shown


def test_a_pack_is_written_and_read(house: House, client: Client) -> None:
    page = client.get(house.at("kind-no/"))
    assert MAY_BE_READ in words(page)
    texts = {"continues": "A call twice a year", "harm": "Few would notice", "who_else": "The network"}
    sent_in = offered(page, "harm") | texts
    assert leads_to(client.post(house.at("kind-no/"), sent_in)) == house.at("kind-no/")
    shown = words(client.get(house.at("kind-no/")))
    assert f"{len(checklist_words())} of {len(checklist_words())} open" in shown
    assert all(text in shown for text in texts.values())
    reader = words(signed_in(in_role(house.organisation, Role.READER)).get(house.at("kind-no/")))
    assert all(text in reader for text in texts.values())
    assert client.post(house.at("kind-no/"), sent_in).status_code == 302
    assert KindNo.objects.count() == 1


def test_a_sentence_to_start_from_is_put_into_the_box_and_nothing_is_chosen(house: House, client: Client) -> None:
    page = client.get(house.at("kind-no/"))
    filled = offered(page, "harm")
    assert filled.get("reason", "") == ""
    assert "Why, in words the partner may read" in words(page)
    typed = filled | {"reason": "To be plain.", "continues": "A call"}
    page = client.post(house.at("kind-no/"), typed | {"start_from": "Somebody else is better placed"})
    assert page.status_code == 200
    again = offered(page, "harm")
    assert again["reason"].replace("\r", "").startswith("To be plain.\n\nAnother organisation is better placed")
    assert again["continues"] == "A call"
    assert not KindNo.objects.exists()
    assert client.post(house.at("kind-no/"), again).status_code == 302
    assert "better placed" in KindNo.objects.get().reason


def test_a_letter_that_does_not_say_why_says_so_and_asks(house: House, client: Client) -> None:
    assert "This letter does not say why." in words(client.get(house.at("letter/")))
    filled = letter_form(client, house, deed="send")
    del filled["without_reason"]
    page = client.post(house.at("letter/"), filled)
    assert "Write it, or tick that the letter is to leave as it is." in words(page)
    assert house.letter().state == LetterState.DRAFT
    assert client.post(house.at("letter/"), filled | {"without_reason": "on"}).status_code == 302
    take_back(letter=house.letter(), by=house.lead)
    pack(house, reason="Your aims and ours have moved apart.")
    page = client.post(house.at("letter/"), letter_form(client, house, deed="begin_again"))
    assert "This letter does not say why." not in words(page)
    again = offered(page, "body") | {"deed": "send"}
    assert client.post(house.at("letter/"), again).status_code == 302
    assert house.letter().state == LetterState.WAITING


def test_two_tabs_see_both(house: House, client: Client) -> None:
    first = offered(client.get(house.at("kind-no/")), "harm")
    client.post(house.at("kind-no/"), first | {"continues": "Ours"})
    page = client.post(house.at("kind-no/"), first | {"continues": "Theirs"})
    shown = words(page)
    assert "Somebody else saved this page while you were editing it." in shown
    assert "Ours" in shown
    assert "Theirs" in shown
    assert client.post(house.at("kind-no/"), offered(page, "harm")).status_code == 302
    assert KindNo.objects.get().continues == "Theirs"


def test_the_second_to_save_a_letter_sees_both_where_only_the_first_says_why(house: House, client: Client) -> None:
    """The form of the letter that is stored asks less by then: its text says the reason that the pack has since."""
    written(house)
    tab = letter_form(client, house, body="Dear Asha,\r\n\r\nWe talked on Monday.", subject="From my tab")
    pack(house, reason="Your aims and ours have moved apart.", continues="A call twice a year.")
    written(house, body="Dear Asha,\n\nYour aims and ours have moved apart.\n\nPriya")
    page = client.post(house.at("letter/"), tab)
    assert page.status_code == 200
    shown = words(page)
    assert "Somebody else saved this page while you were editing it." in shown
    assert "Saved by somebody else Dear Asha, Your aims and ours have moved apart. Priya" in shown
    assert "Yours, not saved yet Dear Asha, We talked on Monday." in shown
    differs = page.content.decode()
    differs = differs[differs.index("What differs") : differs.index("</table>")]
    assert "filled_from" not in differs
    again = offered(page, "body")
    assert (again["body"].strip(), again["subject"]) == (tab["body"], "From my tab")
    assert house.letter().body.endswith("moved apart.\n\nPriya")
    assert client.post(house.at("letter/"), again | {"deed": "save"}).status_code == 302
    assert house.letter().body == "Dear Asha,\n\nWe talked on Monday."


def test_what_was_typed_is_kept_where_the_decision_says_no_no_more(house: House, client: Client) -> None:
    first = offered(client.get(house.at("kind-no/")), "harm")
    decided(house.one, house.executive, level_code="prioritise", reason="So")
    page = client.post(house.at("kind-no/"), first | {"continues": "All that I typed"})
    assert page.status_code == 409
    assert "All that I typed" in words(page)
    assert not KindNo.objects.exists()


def test_a_letter_is_edited_beside_what_continues(house: House, client: Client) -> None:
    pack(house)
    page = client.get(house.at("letter/"))
    shown = words(page)
    assert MAY_BE_READ in shown
    assert "What continues A call twice a year." in shown
    filled = letter_form(client, house)
    assert "What continues: A call twice a year." in filled["body"]
    assert client.post(house.at("letter/"), filled | {"body": "Dear Asha,\r\n\r\nThank you."}).status_code == 302
    assert house.letter().body == "Dear Asha,\n\nThank you."
    assert "Download the letter as a document" in words(client.get(house.at("letter/")))


def test_beginning_again_saves_nothing_by_itself(house: House, client: Client) -> None:
    written(house, body="My own words")
    page = client.post(house.at("letter/"), letter_form(client, house, deed="begin_again", recipient_name="Ben Ode"))
    shown = words(page)
    assert "The text below is the template’s, made again." in shown
    assert "Dear Ben Ode," in shown
    assert house.letter().body == "My own words"


def test_a_letter_is_sent_held_and_taken_back(house: House, client: Client) -> None:
    filled = letter_form(client, house, deed="send")
    for _ in range(2):  # the second press of the button
        assert client.post(house.at("letter/"), filled).status_code == 302
    letter = house.letter()
    assert letter.state == LetterState.WAITING
    assert letter.send_after is not None
    shown = words(client.get(house.at("letter/")))
    assert f"It leaves at {timezone.localtime(letter.send_after):%H:%M}" in shown
    assert "Until then you can take it back." in shown
    back = {"deed": "take_back", "letter": str(letter.pk)}
    for _ in range(2):
        assert leads_to(client.post(house.at("letter/"), back)) == house.at("letter/")
    assert house.letter().state == LetterState.DRAFT
    assert "Taken back." in words(client.get(house.at("letter/")))


def test_what_a_second_tab_typed_is_not_lost_once_the_first_has_sent(house: House, client: Client) -> None:
    written(house)
    other = letter_form(client, house, body="Dear Asha, from the other tab")
    letter = sent(house)
    page = client.post(house.at("letter/"), other)
    assert "Take it back first, then write in it." in words(page)
    assert "What you typed It is not saved." in words(page)
    assert "Dear Asha, from the other tab" in words(page)
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, taken_at=now, sent_at=now)
    page = client.post(house.at("letter/"), other)
    assert "This letter has left and stays as it was sent." in words(page)
    assert "Dear Asha, from the other tab" in words(page)
    assert house.letter().body != other["body"]


def test_what_is_missing_is_said_and_the_letter_is_kept(house: House, client: Client) -> None:
    page = client.post(house.at("letter/"), letter_form(client, house, deed="send", email="", body="Dear {name}"))
    shown = words(page)
    assert "Enter the e-mail address that it goes to" in shown
    assert "Put words in the place of {name}" in shown
    assert house.letter().body == "Dear {name}"
    again = offered(page, "body") | {
        "deed": "send",
        "without_reason": "on",
        "without_continues": "on",
        "email": ADDRESS,
        "body": "Dear Asha",
    }
    assert client.post(house.at("letter/"), again).status_code == 302
    assert house.letter().state == LetterState.WAITING


def test_a_partner_who_has_left_is_named(house: House, client: Client) -> None:
    written(house)
    partner_leaves(house)
    filled = letter_form(client, house, deed="send")
    page = client.post(house.at("letter/"), filled)
    assert "is not a member of Alliance 4 any more since" in words(page)
    assert client.post(house.at("letter/"), filled | {"although_left": "on"}).status_code == 302
    assert house.letter().although_left


def test_words_that_read_like_a_score_are_pointed_out_and_not_refused(house: House, client: Client) -> None:
    assert client.post(house.at("letter/"), letter_form(client, house, body="You were ranked last.")).status_code == 302
    shown = words(client.get(house.at("letter/")))
    assert "This may read like a score" in shown
    assert "“ranked”" in shown


def test_a_letter_that_should_have_left_says_so(house: House, client: Client) -> None:
    sent(house)
    shown = words(client.get(house.at("letter/")))
    assert "It should have left at" in shown
    assert "Letters are not leaving just now." in shown
    assert "until then you can take it back" in shown


def test_only_the_part_that_changes_is_asked_for_and_stops_by_itself(house: House, client: Client) -> None:
    letter = sent(house, held=True)
    address, by_htmx = house.at("letter/"), {"HX-Request": "true"}
    part = client.get(address, headers=by_htmx)
    assert part.content.decode().strip().startswith('<div id="letter-state" hx-get')
    assert "HX-Request" in part.headers["Vary"]
    take_back(letter=letter, by=house.executive)
    assert "The letter is a draft again." in words(client.get(address, headers=by_htmx))
    assert "The letter is a draft again." not in words(client.get(address))
    letter = sent(house, held=True)
    assert "<html" in client.get(address).content.decode()
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, taken_at=now, sent_at=now)
    over = client.get(address, headers=by_htmx).content.decode()
    assert "hx-get" not in over
    assert "Sent on" in over


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"state": "refused", "trouble": "refused"}, "does not know this address"),
        ({"state": "refused", "trouble": "given_up"}, "has not taken it for three days"),
        ({"state": "in_doubt"}, "It is not sent again by itself"),
        ({"state": "taken"}, "It is being handed to the mail server."),
    ],
)
def test_what_became_of_it_is_said(house: House, client: Client, facts: dict[str, str], said: str) -> None:
    letter = sent(house)
    Letter.objects.filter(pk=letter.pk).update(taken_at=timezone.now(), **facts)
    assert said in words(client.get(house.at("letter/")))


def test_a_doubt_is_settled_on_the_page(house: House, client: Client) -> None:
    letter = sent(house)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.IN_DOUBT, taken_at=timezone.now())
    client.post(house.at("letter/"), {"deed": "arrived", "letter": str(letter.pk)})
    assert house.letter().state == LetterState.SENT


def test_a_letter_of_an_earlier_decision_asks_what_becomes_of_it(house: House, client: Client) -> None:
    letter = sent(house, held=True)
    step_down(house.one, house.executive, level_code="decline")
    for address in (house.at(), house.at("kind-no/"), house.at("letter/")):
        shown = words(client.get(address))
        assert "A letter about an earlier decision" in shown
        assert "What was decided has changed since the letter was written." in shown
        assert "Send it all the same" in shown
    client.post(house.at("letter/"), {"deed": "send_all_the_same", "letter": str(letter.pk)})
    letter.refresh_from_db()
    assert letter.state == LetterState.WAITING
    be_due(letter)
    client.post(house.at("letter/"), {"deed": "take_back", "letter": str(letter.pk)})
    letter.refresh_from_db()
    assert letter.state == LetterState.DRAFT
    shown = words(client.get(house.at("kind-no/")))
    assert "With earlier decisions" in shown
    assert letter.body.split("\n")[0] in shown


def test_the_list_of_decisions_names_letters_on_their_way(house: House, client: Client) -> None:
    address = f"/o/{house.organisation.code}/decisions/"
    written(house)
    assert "Letters on their way" not in words(client.get(address))
    sent(house, held=True)
    assert "Letters on their way (1) Alliance 4 Waiting to leave" in words(client.get(address))
    step_down(house.one, house.executive, level_code="decline")
    assert "Alliance 4 Held back" in words(client.get(address))


def test_a_letter_that_is_not_there_is_said(house: House, client: Client) -> None:
    client.post(house.at("letter/"), {"deed": "take_back", "letter": "seven"})
    assert "That letter is not here. Load the page again." in words(client.get(house.at("letter/")))


def test_without_mail_the_letter_is_downloaded(house: House, client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    shown = words(client.get(house.at("letter/")))
    assert "This service has not been set up to send e-mail." in shown
    assert "Save and send" not in shown


def test_a_reader_reads_and_does_not_write(house: House) -> None:
    reader = signed_in(in_role(house.organisation, Role.READER))
    assert "No letter has been written yet." in words(reader.get(house.at("letter/")))
    written(house)
    assert "Thank you." in words(reader.get(house.at("letter/")))
    assert reader.post(house.at("letter/"), {"deed": "take_back"}).status_code == 403
    for page in ("told/", "reply/", "checklist/"):
        assert reader.get(house.at(page)).status_code == 403


def test_who_told_and_what_was_replied(house: House, client: Client) -> None:
    page = client.get(house.at("told/"))
    assert MAY_BE_READ in words(page)
    told = offered(page, "whom")
    missing = words(client.post(house.at("told/"), told | {"whom": ""}))
    assert "Enter whom they told." in missing
    assert "Choose how they were told." in missing
    told |= {"whom": "Asha Rao", "how": "call"}
    for _ in range(2):
        assert leads_to(client.post(house.at("told/"), told)) == house.at("kind-no/")
    assert Telling.objects.get().who == str(house.lead)
    replied = offered(client.get(house.at("reply/")), "answer") | {
        "who": "Asha Rao",
        "answer": "Thank you for saying so",
    }
    for _ in range(2):
        assert leads_to(client.post(house.at("reply/"), replied)) == house.at("kind-no/")
    assert LetterReply.objects.get().replied_on == timezone.localdate()
    shown = words(client.get(house.at("kind-no/")))
    assert "told Asha Rao, by telephone or video" in shown
    assert "Thank you for saying so" in shown
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    day = {f"told_on-{part}": str(getattr(tomorrow, part)) for part in ("day", "month", "year")}
    late = client.post(house.at("told/"), told | day | {"whom": "Ben"})
    assert "This day has not come yet." in words(late)
    assert 'value="Ben"' in late.content.decode()


def test_the_list_is_ticked_and_added_to(house: House, client: Client) -> None:
    kind_no = pack(house)
    first, second, *_ = kind_no.checklist.all()
    page = client.get(house.at("checklist/"))
    filled = offered(page, "done")
    ticks = {f"done-{first.pk}": "on", f"because-{second.pk}": "We lead nothing"}
    assert client.post(house.at("checklist/"), filled | ticks).status_code == 302
    first.refresh_from_db()
    assert first.done_by == house.lead
    both = offered(client.get(house.at("checklist/")), "done") | {f"because-{first.pk}": "x", f"done-{first.pk}": "on"}
    assert "not both" in words(client.post(house.at("checklist/"), both))
    client.post(house.at("checklist/"), {"add": "yes", "words": "Return the keys"})
    assert ChecklistItem.objects.filter(words="Return the keys").count() == 1
    assert "Enter what to see to." in words(client.post(house.at("checklist/"), {"add": "yes", "words": ""}))


def test_two_who_settle_the_same_thing_see_it(house: House, client: Client) -> None:
    kind_no = pack(house)
    first = kind_no.checklist.all()[0]
    mine = offered(client.get(house.at("checklist/")), "done") | {f"because-{first.pk}": "Nobody leads"}
    client.post(house.at("checklist/"), {**mine, f"because-{first.pk}": "", f"done-{first.pk}": "on"})
    page = client.post(house.at("checklist/"), mine)
    assert "Somebody else changed this just now: it is done." in words(page)
    assert client.post(house.at("checklist/"), offered(page, "done")).status_code == 302
    first.refresh_from_db()
    assert (first.done_at, first.not_needed_because) == (None, "Nobody leads")


def test_a_template_is_changed_and_put_back(house: House, client: Client) -> None:
    address = f"/o/{house.organisation.code}/letter-templates/step-down/"
    page = client.get(address)
    assert "These are the words that come with the service." in words(page)
    filled = offered(page, "body")
    wrong = client.post(address, filled | {"body": "Dear {nmae}"})
    assert "There is no field {nmae}. Did you mean {name}?" in words(wrong)
    assert "Dear {nmae}" in words(wrong)
    assert client.post(address, filled | {"body": "Dear {name}, you scored well"}).status_code == 302
    shown = words(client.get(address))
    assert "Your own words, last changed by" in shown
    assert "This may read like a score" in shown
    client.post(address, {"restore": "yes"})
    assert not LetterTemplate.objects.exists()
    assert client.get(f"/o/{house.organisation.code}/letter-templates/other/").status_code == 404


def test_a_template_that_cannot_be_used_is_said_beside_the_letter(house: House, client: Client) -> None:
    LetterTemplate.objects.create(
        organisation=house.organisation,
        kind="step-down",
        subject="About {partnership}",
        body="Dear {lead}",
        changed_by=house.lead,
        changed_at=timezone.now(),
    )
    shown = words(client.get(house.at("letter/")))
    assert "Your template cannot be used" in shown
    assert "There is no field {lead}" in shown


@pytest.mark.parametrize("odd", [values[0] if values else "" for values in ODD.values()], ids=list(ODD))
def test_odd_values_get_an_answer(house: House, client: Client, odd: str) -> None:
    for page in ("kind-no/", "letter/", "told/", "reply/", "checklist/"):
        for button in ({}, {"deed": odd}, {"add": "yes"}, {"deed": "take_back", "letter": odd}):
            for form in forms_of(client.get(house.at(page))):
                if form.method == "post":
                    answer = client.post(house.at(page), dict.fromkeys(form.offered, odd) | button)
                    assert answer.status_code < 500


def test_queries_do_not_grow_with_what_was_said(house: House, client: Client) -> None:
    pack(house)
    written(house)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(house.at("kind-no/")).status_code == 200
        return len(seen)

    queries()
    before = queries()
    for number in range(5):
        known: dict[str, Any] = {"participation": house.one, "by": house.lead}
        today = timezone.localdate()
        record_telling(who="Priya", whom=f"Person {number}", how=HowTold.CALL, told_on=today, **known)
        record_reply(who=f"Person {number}", replied_on=today, answer="Thank you", doing="", **known)
    assert queries() == before
    for level in ("decline", "decline", "decline"):
        step_down(house.one, house.executive, level_code=level)
        pack(house)
        written(house)
    grown = queries()
    step_down(house.one, house.executive, level_code="decline", reason="Again")
    pack(house)
    written(house)
    assert queries() == grown
