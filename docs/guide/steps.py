"""What is done on the pages of a demonstration before a picture of the guide is taken (``screenshots.py``)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

O = "/o/DEMO"  # noqa: E741  (as in the addresses)
FRAILTY_SLUG = "frailty-at-home"  # as the data has it; the demonstration's own address ends in signs drawn by chance
FRAILTY = f"{O}/partnerships/{FRAILTY_SLUG}/"
QUESTIONS = f"{O}/surveys/questions/"
DRAFT = f"{QUESTIONS}partnership/draft/"

Steps = Callable[[Page], object]


def newest_result(page: Page) -> None:
    page.get_by_role("link", name="Frailty at Home").first.click()
    page.wait_for_load_state()


def counted_by_organisation(page: Page) -> None:
    asked = page.get_by_role("row").filter(has_not_text="How good a partner")
    asked.get_by_role("link", name="Fernshire Acute Provider Collaborative").first.click()
    page.wait_for_load_state()


def newest_run(page: Page) -> None:
    page.locator("a[href*='/runs/']").first.click()
    page.wait_for_load_state()


def a_list(*names: str) -> str:
    return "\n".join(f"{name}, Person {one}, person{one}@partner.example" for name in names for one in range(1, 8))


def one_wrong_line(page: Page) -> None:
    page.get_by_label("Paste the list").fill(
        f"{a_list('Frailty at Home')}\nFrailty at Work, Ada Shah, ada@partner.example"
    )
    page.get_by_role("button", name="Save and check the surveys").click()
    page.wait_for_load_state()


def two_drafts(page: Page) -> None:
    """Two surveys being prepared; the phone, which comes second, finds those that were started for the desk."""
    page.goto(f"{O}/surveys/open/")
    if page.get_by_role("checkbox").count():
        return
    page.goto(f"{O}/surveys/start/several/")
    names = [one.inner_text() for one in page.locator(".nhsuk-checkboxes__label").all()[:2]]
    page.goto(f"{O}/surveys/start/list/")
    page.get_by_label("Paste the list").fill(a_list(*names))
    page.get_by_role("button", name="Save and check the surveys").click()
    page.wait_for_load_state()


def first_draft(page: Page) -> None:
    """The page of a survey that is being prepared, and of which nobody can have begun to answer."""
    two_drafts(page)
    page.goto(f"{O}/surveys/open/")
    page.locator("ul.nhsuk-list a[href*='/surveys/']").last.click()
    page.wait_for_load_state()


def of_the_first_draft(part: str) -> Steps:
    def steps(page: Page) -> None:
        first_draft(page)
        page.goto(f"{page.url}{part}")

    return steps


def links_to_hand_out(page: Page) -> None:
    """One of the two drafts is opened for the desk and the other for the phone: links are shown once."""
    page.goto(f"{O}/surveys/open/")
    for draft in page.get_by_role("checkbox").all()[1:]:
        draft.uncheck()
    page.get_by_label("I hand them out").check()
    page.get_by_role("button", name="Open the surveys").click()
    page.wait_for_load_state()


def first_page_of_a_handed_link(page: Page) -> None:
    """Of somebody who has not answered: whoever has is told so."""
    open_survey(page)
    survey = page.url
    for one in range(page.get_by_role("button", name="Make a new link").count()):
        page.goto(survey)
        page.get_by_role("button", name="Make a new link").nth(one).click()
        page.goto(page.locator(".survey-link").inner_text())
        if page.get_by_role("button", name="Start").count():
            return


def a_handed_link_that_was_used(page: Page) -> None:
    """As a browser is told that did not begin with it; the last picture of whoever is signed in, who is no more."""
    first_page_of_a_handed_link(page)
    begun = page.url
    session = [one for one in page.context.cookies() if one["name"].startswith("survey-") and one["path"] in begun]
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Start").click()
    page.wait_for_load_state()
    page.context.clear_cookies()
    page.context.add_cookies(session)  # type: ignore[arg-type]
    page.goto(begun)


def new_link_for(page: Page, survey: str, number: str) -> None:
    """For the person of that number on the page of a survey."""
    page.goto(survey)
    form = page.locator("form", has=page.locator(f"input[name='invitation'][value='{number}']"))
    form.get_by_role("button", name="Make a new link").click()
    page.wait_for_load_state()


def begun_by_somebody(page: Page) -> tuple[str, str, str]:
    """The page of the open survey, the number of somebody on it, and the link with which they have just begun; from the
    end of the list, since the printed link is of its beginning.
    """
    open_survey(page)
    survey = page.url
    numbers = [box.get_attribute("value") or "" for box in page.locator("input[name='invitation']").all()]
    for number in reversed(numbers):
        new_link_for(page, survey, number)
        page.goto(page.locator(".survey-link").inner_text())
        if page.get_by_role("button", name="Start").count():
            page.get_by_role("radio").first.check()
            page.get_by_role("button", name="Start").click()
            page.wait_for_load_state()
            page.locator("summary", has_text="Go on later").click()
            return survey, number, page.locator(".survey-link").inner_text()
    raise LookupError("Everybody has answered.")


def a_link_that_was_replaced(page: Page) -> None:
    survey, number, own = begun_by_somebody(page)
    new_link_for(page, survey, number)
    page.goto(own)


def an_earlier_link_with_answers(page: Page) -> None:
    survey, number, own = begun_by_somebody(page)
    every_answer(page)
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_load_state()
    new_link_for(page, survey, number)
    page.goto(own)


# The survey that names organisations, once there is one: the phone, which comes second, finds the desk's.
NAMED: list[str] = []


def a_survey_by_organisation(page: Page) -> str:
    """An open one in which nobody has answered, and that others have an open link to."""
    if not NAMED:
        first_draft(page)
        survey = page.url
        page.goto(f"{survey}people/")
        lines = [f"Person {one}, person{one}@partner.example, Riverside Trust" for one in range(1, 8)]
        page.get_by_label("Who to ask").fill("\n".join(lines))
        page.get_by_role("button", name="Save the list").click()
        page.goto(f"{survey}read-as/")
        page.get_by_label("By organisation, with its name").check()
        page.get_by_role("button", name="Save").click()
        page.goto(f"{survey}open-link/")
        page.get_by_label("How many people is it given to?").fill("40")
        page.get_by_role("button", name="Offer an open link").click()
        page.goto(survey)
        page.get_by_label("I hand them out").check()
        page.get_by_role("button", name="Open the survey").click()
        page.wait_for_load_state()
        NAMED.append(survey)
    return NAMED[0]


def for_whom_they_work(page: Page) -> None:
    page.goto(f"{a_survey_by_organisation(page)}open-link/")
    page.goto(page.get_by_label("Address").input_value())
    page.get_by_role("button", name="Start").click()
    page.wait_for_load_state()


def too_few_answers(page: Page) -> None:
    survey = a_survey_by_organisation(page)
    page.goto(f"{survey}close/")
    if page.get_by_role("button", name="Close the survey").count():
        page.get_by_role("button", name="Close the survey").click()
        page.wait_for_load_state()
    page.goto(survey)


def two_partnerships(page: Page) -> None:
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_load_state()


def one_partnership(page: Page) -> None:
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_load_state()


def open_survey(page: Page) -> None:
    page.goto(f"{O}/surveys/")
    page.locator("tr", has_text="Open").get_by_role("link").first.click()
    page.wait_for_load_state()


def of_the_open_survey(part: str) -> Steps:
    def steps(page: Page) -> None:
        open_survey(page)
        page.goto(f"{page.url}{part}")

    return steps


def an_address_to_correct(page: Page) -> None:
    """As where a mail server refused it: the page of somebody who has not answered."""
    open_survey(page)
    invitation = page.locator("input[name='invitation']").first.get_attribute("value")
    page.goto(f"{page.url}people/{invitation}/address/")


def partners_said(page: Page) -> None:
    page.get_by_role("link", name="Frailty at Home").first.click()
    page.wait_for_load_state()


def reply_to_partners(page: Page) -> None:
    partners_said(page)
    page.get_by_role("link", name="Tell partners what you heard").click()
    page.wait_for_load_state()


def part_of_the_reply(page: Page) -> None:
    reply_to_partners(page)
    page.get_by_role("link", name="what you say about Enabling governance").click()
    page.wait_for_load_state()


def what_partners_read(page: Page) -> None:
    reply_to_partners(page)
    page.locator("a.survey-link").click()
    page.wait_for_load_state()


def first_open_survey(page: Page) -> None:
    page.locator("tr", has_text="Open").get_by_role("link").first.click()
    page.get_by_role("link", name="Change the reminders").click()
    for reminder in page.get_by_role("checkbox").all():
        reminder.check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    page.reload()  # without the message that the reminders are changed


def an_open_link(page: Page) -> None:
    """Of the first open survey; one that was offered before is shown again."""
    page.locator("tr", has_text="Open").get_by_role("link").first.click()
    page.wait_for_load_state()
    page.goto(f"{page.url}open-link/")
    if not page.locator(".qr-code").count():
        page.get_by_label("How many people is it given to?").fill("40")
        page.get_by_role("button", name="Offer an open link").click()
        page.wait_for_load_state()
        page.reload()  # without the message that it works


def a_sheet_to_print(page: Page) -> None:
    an_open_link(page)
    page.goto(f"{page.url}print/")


def first_page_of_an_open_link(page: Page) -> None:
    an_open_link(page)
    page.goto(page.get_by_label("Address").input_value())


def first_questions(page: Page) -> None:
    """Past the welcome and the place of work, to the first page of questions; a link used before leads there itself."""
    if not page.url.endswith("/welcome/"):
        return
    page.locator(".nhsuk-button").first.click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continue").first.click()
    page.wait_for_load_state()


def where_they_work(page: Page) -> None:
    page.goto(f"{survey_of(page)}where-you-work/")


def every_answer(page: Page) -> None:
    """To the end of the questions, each answered; answers that are there already stay."""
    page.goto(f"{survey_of(page)}where-you-work/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_load_state()
    while "/questions/" in page.url:
        for item in page.locator(".survey-item").all():
            item.get_by_role("radio", name="Agree", exact=True).check()
        here = page.url
        page.get_by_role("button", name="Save and continue").click()
        expect(page).not_to_have_url(here)  # it is saved by script, which then goes on


def answers_taken_back(page: Page) -> None:
    page.goto(f"{survey_of(page)}withdraw/")


def answers_sent(page: Page) -> None:
    """They are sent from the desk, and seen again on the phone, where the link says that they are in."""
    back = page.locator("a[href$='/withdraw/']")
    if "/welcome/" not in page.url and "/check/" not in page.url and back.count():
        page.goto((back.first.get_attribute("href") or "").replace("/withdraw/", "/thanks/"))
        return
    if page.get_by_role("button", name="Send my answers").count() == 0:
        page.goto(f"{survey_of(page)}check/")
    if page.get_by_role("button", name="Send my answers").count():
        page.get_by_role("button", name="Send my answers").click()
        page.wait_for_load_state()
    page.goto(f"{survey_of(page)}thanks/")


def survey_of(page: Page) -> str:
    """Where somebody answers, once their link has led them there."""
    return re.sub(r"(/s/[^/]+/).*", r"\1", page.url) if "/s/" in page.url else page.url


def more_executive_days(page: Page) -> None:
    page.get_by_label("Executive days a quarter").fill("95")
    page.get_by_role("button", name="See what happens").click()
    page.get_by_text("Which partnerships move").wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def first_partnership(page: Page) -> None:
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def other_words(page: Page) -> None:
    """One statement in other words and another one in the place of a second; a draft begun before is taken up."""
    if page.get_by_role("button", name="Publish this version").count():
        return
    for text, choice in (("We make time to build trust in one another.", "Yes"), ("We lend one another a hand.", "No")):
        code = "TRU1" if choice == "Yes" else "TRU2"
        page.goto(f"{DRAFT}statements/{code}/")
        page.get_by_label("Statement").fill(text)
        page.get_by_role("radio", name=choice).check()
        page.get_by_role("button", name="Save").click()
        page.wait_for_load_state()
    page.goto(DRAFT)


def an_overruled_recommendation(page: Page) -> None:
    """Before it is confirmed: with what it costs."""
    decision_about(page, "Better Care in Fernshire")
    page.get_by_role("radio").first.check()
    page.get_by_label("Why", exact=True).fill("We promised them the winter.")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_load_state()


def what_has_changed(page: Page) -> None:
    """Since a decision, which is recorded first where there is none: the phone, which comes second, finds it."""
    if not page.get_by_role("link", name="What has changed since").count():
        page.get_by_role("radio", name="recommended").first.check()
        page.get_by_role("button", name="Record the decision").click()
        page.wait_for_load_state()
    page.get_by_role("link", name="What has changed since").click()
    page.wait_for_load_state()


def a_meeting(page: Page) -> None:
    """Back at the first on the agenda, about which something is typed and not decided; the phone, which comes second,
    finds what began for the desk.
    """
    if not page.get_by_label("What the meeting is called").count():
        return
    page.get_by_label("What the meeting is called").fill("Executive team")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("radio").nth(2).check()
    page.get_by_label("Why", exact=True).fill("Their director asked for the spring.")
    page.get_by_role("button", name="Next:").click()
    page.get_by_role("button", name="Before:").click()
    page.wait_for_load_state()


def the_link(name: str) -> Steps:
    def steps(page: Page) -> None:
        page.get_by_role("link", name=name).first.click()
        page.wait_for_load_state()

    return steps


def decision_about(page: Page, name: str, part: str = "") -> None:
    """A page of a decision, from the list of decisions."""
    link = page.get_by_role("table").get_by_role("link", name=name, exact=True)
    waiting = page.get_by_role("listitem").get_by_role("link", name=name, exact=True)
    page.goto(f"{link.or_(waiting).first.get_attribute('href')}{part}")


def of_the_kind_no(part: str) -> Steps:
    """Of the no that the demonstration carried through."""
    return lambda page: decision_about(page, "Rural Health Research Consortium", part)


def names_alike(page: Page) -> None:
    """A file with one name that is like one of the portfolio."""
    row = "Mosbury Central PCN,Primary care network,To plan the day of each practice together"
    file = {"name": "ours.csv", "mimeType": "text/csv", "buffer": f"Name,Kind,What it is for\n{row}\n".encode()}
    page.get_by_label("Your spreadsheet").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Show what it would do").click()
    page.wait_for_load_state()
