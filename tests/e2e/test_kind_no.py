"""A kind no from the recommendation to the letter that was acknowledged, in a browser, through real workers and a real
mail server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.celery import app
from decisions.actions.kind_noes import record_telling
from decisions.models import Decision, Letter, LetterReply, LetterState
from decisions.tasks import send_letters
from partnerships.models import PartnershipMembership
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, OrganisationFactory
from tests.integration.decisions.kind_no_data import House, pack, sent, step_down, written
from tests.integration.decisions.scored import decided, scored_portfolio
from tests.integration.diagnostics.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, str, str], None]
ADDRESS = "asha@partner.example"


@pytest.fixture
def post(settings: Any, process_environment: dict[str, str]) -> Iterator[MailServer]:
    """The site and the worker send through it."""
    settings.SCORING_DRAWS = 4
    with mail_server() as server:
        settings.EMAIL_BACKEND = server.environment["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        process_environment |= server.environment
        yield server


def press(page: Page, name: str, role: Any = "button") -> None:
    """By keyboard."""
    page.get_by_role(role, name=name, exact=False).first.press("Enter")


def test_a_kind_no_from_the_recommendation_to_the_acknowledged_letter(
    post: MailServer, worker: object, open_browser: Callable[..., Page], sign_in: SignIn, settings: Any
) -> None:
    organisation, _, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    council = OrganisationFactory.create(name="EASTFIELD COUNCIL")
    PartnershipMembership.objects.create(partnership=one.partnership, organisation=council)
    page = open_browser(DESKTOP)
    sign_in(page, executive.email, PASSWORD)

    page.goto(f"/o/{organisation.code}/decisions/{one.partnership.slug}/")
    page.get_by_role("radio", name="Keep in touch").check()
    page.get_by_role("textbox", name="Why").fill("We have no days for it")
    press(page, "Record the decision")
    expect(page.get_by_text("Nothing is recorded yet.").or_(page.get_by_text("Recorded: Alliance 4"))).to_be_visible()
    if page.get_by_role("button", name="Yes, decide").count():
        press(page, "Yes, decide")
    expect(page.get_by_text("Recorded: Alliance 4, “Keep in touch”.")).to_be_visible()
    check_page(page)

    press(page, "Say it kindly", "link")
    check_page(page)
    page.get_by_text("Sentences to start from").click()
    check_page(page)
    press(page, "Somebody else is better placed: use this")
    expect(page.get_by_label("Why, in words the partner may read")).to_have_value(
        re.compile("better placed than we are")
    )
    page.get_by_label("What continues").fill("A call with our lead, twice a year.")
    page.get_by_label("Who else might help").fill("The Health Innovation Network")
    page.get_by_label("The harm we considered").fill("Two clinics lose a contact. Our lead stays one.")
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    check_page(page)

    press(page, "Write the letter", "link")
    check_page(page)
    letter = page.get_by_label("The letter", exact=True)
    expect(letter).to_have_value(re.compile("better placed than we are"))
    expect(letter).to_have_value(re.compile("What continues: A call with our lead, twice a year."))
    page.get_by_label("Which member it is for").select_option("Eastfield Council")
    page.get_by_label("Whom it is for").fill("Asha Rao")
    page.get_by_label("Their e-mail address").fill(ADDRESS)
    letter.fill(letter.input_value().replace("Dear colleague", "Dear Asha"))
    press(page, "Save and send")
    expect(page.get_by_text("Until then you can take it back. You may close this page.")).to_be_visible()
    check_page(page)
    send_letters.delay()  # as the schedule does; it is not due yet
    assert post.letters == []

    press(page, "Take it back")
    expect(page.get_by_text("Taken back. The letter is a draft again, and nothing was sent.")).to_be_visible()
    letter = page.get_by_label("The letter", exact=True)
    letter.fill(letter.input_value().replace("Yours sincerely", "I will call you on Monday.\n\nYours sincerely"))
    settings.LETTER_HOLD_MINUTES = 0
    press(page, "Save and send")
    expect(page.get_by_text("It is about to leave.")).to_be_visible()
    send_letters.delay()
    expect(page.get_by_text(re.compile("Sent on "))).to_be_visible()  # the page asks by itself
    expect(page.locator("[hx-get*=letter]")).to_have_count(0)  # and then stops
    check_page(page)
    [(to, message)] = post.letters
    assert to == ADDRESS
    body = str(message.get_content()).replace("\r", "")
    assert body.startswith("Dear Asha,\n\n")
    assert "I will call you on Monday.\n\nYours sincerely" in body
    assert "The Health Innovation Network" in body
    assert executive.email in message["Reply-To"]

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the letter as a document").click()
    assert download.value.suggested_filename.endswith(".docx")

    press(page, "Record what they reply", "link")
    check_page(page)
    page.get_by_label("Who replied").fill("Asha Rao")
    page.get_by_label("Day", exact=True).fill(f"{Letter.objects.get().sent_at:%-d}")
    page.get_by_label("What they said").fill("Thank you for telling us yourselves. We keep the call.")
    press(page, "Record")
    expect(page.get_by_text("The reply is recorded.")).to_be_visible()
    expect(page.get_by_text("Thank you for telling us yourselves. We keep the call.")).to_be_visible()
    check_page(page)
    assert Letter.objects.get().state == LetterState.SENT
    assert LetterReply.objects.get().kind_no.decision == Decision.objects.get()
    assert app.conf.task_routes["decisions.send_letters_of"]["queue"] == "mail"


def test_on_a_phone_without_scripts(post: MailServer, open_browser: Callable[..., Page], sign_in: SignIn) -> None:
    organisation, lead, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership", "organisation").get(partnership__name="Alliance 4")
    step_down(one, executive)
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, lead.email, PASSWORD)
    here = f"/o/{organisation.code}/decisions/{one.partnership.slug}"
    page.goto(f"{here}/letter/")
    page.get_by_label("Whom it is for").fill("Asha Rao")
    page.get_by_label("Their e-mail address").fill(ADDRESS)
    expect(page.get_by_text("This letter does not say why.")).to_be_visible()
    page.get_by_role("button", name="Save and send").click()
    asked = page.get_by_role("link", name="Write it, or tick that the letter is to leave as it is.")
    expect(asked).to_have_count(2)
    page.get_by_label("Send it without saying why").check()
    page.get_by_label("Send it without saying what continues").check()
    page.get_by_role("button", name="Save and send").click()
    expect(page.get_by_text("Until then you can take it back.").first).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.goto(f"{here}/told/")
    page.get_by_label("Whom they told").fill("Asha Rao")
    page.get_by_label("By telephone or video").check()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("told Asha Rao")).to_be_visible()
    page.goto(f"{here}/checklist/")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The list is saved.")).to_be_visible()
    expect(page.get_by_role("checkbox").first).to_be_checked()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_every_page_of_a_kind_no_is_looked_at(
    post: MailServer,
    open_browser: Callable[..., Page],
    sign_in: SignIn,
    visit: Callable[[Page, str], None],
    viewport: dict[str, int],
) -> None:
    organisation, lead, executive = scored_portfolio()
    one = organisation.participations.select_related("partnership", "organisation").get(partnership__name="Alliance 4")
    council = OrganisationFactory.create(name="EASTFIELD COUNCIL")
    PartnershipMembership.objects.create(partnership=one.partnership, organisation=council)
    house = House(organisation, lead, executive, one, council, step_down(one, executive))
    pack(house, who_else="The Health Innovation Network")
    sent(house, held=True)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, house.at("letter/"))
    step_down(one, executive, level_code="decline")  # the letter is held, and every page asks
    written(house, body="You were ranked last.")
    for rest in ("", "kind-no/", "letter/", "told/", "reply/", "checklist/"):
        visit(page, house.at(rest))
    for kind in ("decline", "leave", "step-down", "corrected", "changed"):
        visit(page, f"/o/{organisation.code}/letter-templates/{kind}/")
    now = timezone.now()
    Letter.objects.filter(state=LetterState.HELD).update(
        state=LetterState.RETURNED,
        held_because="",
        taken_at=now,
        sent_at=now,
        returned_at=now,
        server_said="550 No such",
    )
    told: dict[str, Any] = {"who": "Priya", "whom": "Asha", "how": "call", "told_on": timezone.localdate()}
    record_telling(participation=one, by=lead, **told)
    decided(one, executive, level_code="prioritise", reason="We found the days")
    for rest in ("", "kind-no/", "letter/", "told/", "reply/"):
        visit(page, house.at(rest))
    for rest in ("promises/", "promises/due/"):
        visit(page, f"/o/{organisation.code}/{rest}")
