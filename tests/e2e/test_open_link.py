"""An open link from its offer to its answers: shown at a desk, scanned with a phone, with and without JavaScript."""

from __future__ import annotations

import base64
from collections.abc import Callable

import numpy
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from diagnostics.models import OpenLink
from partnerships.models import Participation, Person
from tests.e2e.conftest import DESKTOP, PHONE, check_page
from tests.factories import PASSWORD, PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.hidden import every_response, the_response
from tests.integration.diagnostics.open_links import offered
from tests.integration.diagnostics.survey_data import opened

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
Visit = Callable[[Page, str], None]
SignIn = Callable[[Page, str, str], None]


@pytest.fixture
def lead_and_participation() -> tuple[Person, Participation]:
    organisation, lead, _ = organisation_with_people(name="Westmere Community Trust")
    partnership = PartnershipFactory.create(name="Westmere Frailty Alliance", recorded_by=organisation)
    return lead, active_participation(organisation, partnership=partnership)


@pytest.fixture
def link(lead_and_participation: tuple[Person, Participation]) -> str:
    """The address of an open link that works."""
    lead, participation = lead_and_participation
    return f"/s/{offered(opened(participation, lead)[0], lead)}/"


# The grey of each pixel of a picture, by the browser that drew it.
GREY = """async encoded => {
    const bytes = Uint8Array.from(atob(encoded), one => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const pixels = context.getImageData(0, 0, picture.width, picture.height).data;
    return [picture.width, Array.from(pixels).filter((_, at) => at % 4 === 0)];
}"""


def scanned(page: Page, name: str) -> str:
    """What somebody's phone reads who holds it before this screen."""
    picture = page.get_by_role("img", name=name).screenshot()
    wide, grey = page.evaluate(GREY, base64.b64encode(picture).decode())
    [found] = zxingcpp.read_barcodes(numpy.array(grey, dtype=numpy.uint8).reshape(-1, wide))
    return str(found.text)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_lead_offers_shows_replaces_and_withdraws_it(
    viewport: dict[str, int],
    lead_and_participation: tuple[Person, Participation],
    open_browser: Open,
    visit: Visit,
    sign_in: SignIn,
) -> None:
    lead, participation = lead_and_participation
    made, _ = opened(participation, lead)
    page = open_browser(viewport)
    sign_in(page, lead.email, PASSWORD)
    visit(page, f"/o/{participation.organisation.code}/surveys/{made.pk}/")
    page.get_by_role("link", name="Offer an open link").click()
    check_page(page)
    page.get_by_role("button", name="Offer an open link").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter how many people")
    check_page(page)
    page.get_by_label("How many people is it given to?").fill("40")
    page.get_by_role("button", name="Offer an open link").click()
    expect(page.get_by_role("img", name="QR code of the open link")).to_be_visible()
    address = page.get_by_label("Address").input_value()
    assert scanned(page, "QR code of the open link") == address
    expect(page.get_by_text("0 of 40 people have started with it.")).to_be_visible()
    check_page(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    for name, ending in (("picture for slides", ".png"), ("drawing for print", ".svg")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(ending)
    page.get_by_role("link", name="A page to print or to show").click()
    expect(page.get_by_role("heading", name="Scan to answer")).to_be_visible()
    expect(page.get_by_text(address)).to_be_visible()
    assert scanned(page, "QR code of the survey") == address
    check_page(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("contentinfo")).to_be_hidden()
    expect(page.get_by_role("img", name="QR code of the survey")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Back to the open link").click()
    page.get_by_role("button", name="Replace the open link").click()
    expect(page.get_by_text("This is a new open link.")).to_be_visible()
    assert page.get_by_label("Address").input_value() != address
    page.get_by_role("button", name="Withdraw the open link").click()
    expect(page.get_by_text("The open link is withdrawn. Nobody else can start with it.")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_answering_with_it_on_a_phone_and_going_on_elsewhere(script: bool, link: str, open_browser: Open) -> None:
    def look(page: Page) -> None:
        if script:
            check_page(page)

    page = open_browser(PHONE, java_script_enabled=script)
    page.goto(link)
    assert link not in page.url
    look(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Where do you work?")).to_be_visible()
    look(page)
    page.locator("summary", has_text="Go on later").click()
    expect(page.get_by_role("img", name="QR code of your own address")).to_be_visible()
    own = page.locator(".survey-link").inner_text()
    look(page)
    page.get_by_label("At the front line").check()
    page.get_by_role("button", name="Save and continue").click()
    page.locator("#PUR1").get_by_label("Agree", exact=True).check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Page 3 of 11")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Somebody has started on this device")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Carry on").click()
    expect(page.get_by_role("link", name="Carry on")).to_be_visible()
    look(page)
    elsewhere = open_browser(PHONE, java_script_enabled=script)
    elsewhere.goto(own)
    expect(elsewhere.get_by_text("Page 2 of 11")).to_be_visible()
    expect(elsewhere.locator("#PUR1").get_by_label("Agree", exact=True)).to_be_checked()
    assert the_response().place == "front_line"
    assert OpenLink.objects.get().taken == 1


def test_starting_with_the_keyboard_alone(link: str, open_browser: Open) -> None:
    page = open_browser(DESKTOP)
    page.goto(link)
    start = page.get_by_role("button", name="Start")
    for _ in range(10):
        page.keyboard.press("Tab")
        if start.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where do you work?")).to_be_visible()
    summary = page.locator("summary", has_text="Go on later")
    for _ in range(15):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code of your own address")).to_be_visible()


def test_a_device_that_two_share(link: str, open_browser: Open) -> None:
    page = open_browser(PHONE)
    for _ in range(2):
        page.goto(link)
        mine = page.get_by_role("button", name="It is my turn")
        if mine.count():
            mine.click()
        page.get_by_role("button", name="Start").click()
        page.get_by_label("I lead or manage").check()
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_text("Page 2 of 11")).to_be_visible()
    assert len(every_response()) == 2
