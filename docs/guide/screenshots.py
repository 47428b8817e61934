"""Take the guide's screenshots from a running demonstration: ``make demo`` in one terminal, this in another.

    .venv/bin/python docs/guide/screenshots.py [http://127.0.0.1:8000]

Each page is taken at 1280 and at 375 pixels wide, as the kind of person it is for. The respondent's survey is begun
with the printed link, so use a demonstration that may be thrown away (``make reset`` clears it).
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from steps import (  # beside this file, where Python looks first
    DRAFT,
    FRAILTY,
    FRAILTY_SLUG,
    QUESTIONS,
    O,
    Steps,
    a_handed_link_that_was_used,
    a_link_that_was_replaced,
    a_meeting,
    a_sheet_to_print,
    an_address_to_correct,
    an_earlier_link_with_answers,
    an_open_link,
    an_overruled_recommendation,
    answers_sent,
    answers_taken_back,
    counted_by_organisation,
    every_answer,
    first_draft,
    first_open_survey,
    first_page_of_a_handed_link,
    first_page_of_an_open_link,
    first_partnership,
    first_questions,
    for_whom_they_work,
    links_to_hand_out,
    more_executive_days,
    names_alike,
    newest_result,
    newest_run,
    of_the_first_draft,
    of_the_kind_no,
    of_the_open_survey,
    one_partnership,
    one_wrong_line,
    other_words,
    part_of_the_reply,
    partners_said,
    reply_to_partners,
    the_link,
    too_few_answers,
    two_drafts,
    two_partnerships,
    what_has_changed,
    what_partners_read,
    where_they_work,
)

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(ROOT))


from tests.e2e.chromium import chromium_path  # noqa: E402  (found from the root that was just added)

WIDTHS = {"wide": (1280, 900), "phone": (375, 812)}
TALLEST = {"wide": 860, "phone": 720}  # pixels: the start of a page is what a guide needs


@dataclass(frozen=True)
class Shot:
    """A picture: its name, who looks, the address, what to do there first, how much taller than usual it is, and the
    heading that it begins with where that is not the page's own.
    """

    name: str
    who: str
    path: str
    steps: Steps = lambda page: None
    taller: int = 0
    begins_at: str = ""


SHOTS = (
    Shot("dashboard", "Executive", f"{O}/", taller=920),
    Shot("run", "Executive", f"{O}/", newest_run),
    Shot("partnership", "Executive", FRAILTY),
    Shot("survey-results", "Executive", f"{O}/surveys/", newest_result),
    Shot("by-organisation", "Executive", f"{O}/surveys/", counted_by_organisation, begins_at="How each organisation"),
    Shot("reports", "Executive", f"{O}/reports/"),
    Shot("decisions", "Executive", f"{O}/decisions/"),
    Shot("promises", "Executive", f"{O}/promises/"),
    Shot("plan", "Executive", f"{O}/plan/", taller=900),
    Shot("plan-history", "Executive", f"{O}/plan/history/", taller=450),
    Shot("year", "Executive", f"{O}/decisions/year/", taller=500),
    Shot("decision", "Executive", f"{O}/decisions/", an_overruled_recommendation, taller=500),
    Shot("review", "Executive", f"{O}/decisions/{FRAILTY_SLUG}/", what_has_changed, taller=300),
    Shot("meeting", "Executive", f"{O}/decide/", a_meeting, taller=500),
    Shot("past-meeting", "Executive", f"{O}/decisions/", the_link("Executive team, partnerships"), taller=300),
    Shot("pack", "Strategy lead", f"{O}/decisions/", of_the_kind_no("kind-no/"), taller=700),
    Shot("letter", "Strategy lead", f"{O}/decisions/", of_the_kind_no("letter/"), taller=900),
    Shot("record", "Strategy lead", f"{FRAILTY}record/", taller=500),
    Shot("timeline", "Strategy lead", f"{FRAILTY}record/timeline/", taller=300),
    Shot("measure", "Strategy lead", f"{FRAILTY}record/", the_link("Frail people brought to hospital"), taller=400),
    Shot("partnerships", "Strategy lead", f"{O}/partnerships/"),
    Shot("import", "Strategy lead", f"{O}/partnerships/import/"),
    Shot("import-alike", "Strategy lead", f"{O}/partnerships/import/", names_alike, taller=400),
    Shot("edit-days", "Strategy lead", f"{FRAILTY}edit/days/"),
    Shot("edit-value", "Strategy lead", f"{FRAILTY}edit/ratings/"),
    Shot("edit-duty", "Strategy lead", f"{FRAILTY}edit/duty/"),
    Shot("sharing", "Strategy lead", f"{O}/sharing/"),
    Shot("capacity", "Strategy lead", f"{O}/capacity/"),
    Shot("what-matters", "Strategy lead", f"{O}/criteria/"),
    Shot("rules", "Strategy lead", f"{O}/rules/"),
    Shot("tipping-point", "Strategy lead", f"{O}/tipping-point/"),
    Shot("what-if", "Strategy lead", f"{O}/what-if/", more_executive_days, taller=400),
    Shot("surveys", "Strategy lead", f"{O}/surveys/"),
    Shot("start-survey", "Strategy lead", f"{O}/surveys/start/"),
    Shot("start-surveys", "Strategy lead", f"{O}/surveys/start/several/"),
    Shot("start-surveys-each", "Strategy lead", f"{O}/surveys/start/several/", two_partnerships),
    Shot("start-surveys-list", "Strategy lead", f"{O}/surveys/start/list/", one_wrong_line, taller=300),
    Shot("open-surveys", "Strategy lead", f"{O}/surveys/start/list/", two_drafts),
    Shot("survey-draft", "Strategy lead", f"{O}/surveys/open/", first_draft, taller=300),
    Shot("read-as", "Strategy lead", f"{O}/surveys/open/", of_the_first_draft("read-as/"), taller=650),
    Shot("change-people", "Strategy lead", f"{O}/surveys/open/", of_the_first_draft("people/"), taller=300),
    Shot("opening-day", "Strategy lead", f"{O}/surveys/open/", of_the_first_draft("opening-day/")),
    Shot("survey-open", "Strategy lead", f"{O}/surveys/", first_open_survey, taller=500),
    Shot("last-day", "Strategy lead", f"{O}/surveys/", of_the_open_survey("last-day/")),
    Shot("reminders", "Strategy lead", f"{O}/surveys/", of_the_open_survey("reminders/")),
    Shot("close-survey", "Strategy lead", f"{O}/surveys/", of_the_open_survey("close/")),
    Shot("correct-address", "Strategy lead", f"{O}/surveys/", an_address_to_correct),
    Shot("side-by-side", "Strategy lead", f"{O}/surveys/compare/", taller=300),
    Shot("partnership-health", "Strategy lead", f"{O}/partnerships/{FRAILTY_SLUG}/health/"),
    Shot("open-link", "Strategy lead", f"{O}/surveys/", an_open_link, taller=300),
    Shot("open-link-sheet", "Strategy lead", f"{O}/surveys/", a_sheet_to_print, taller=200),
    Shot("open-link-start", "Strategy lead", f"{O}/surveys/", first_page_of_an_open_link),
    Shot("questions", "Strategy lead", QUESTIONS, taller=300),
    Shot("change-question", "Strategy lead", f"{DRAFT}statements/TRU1/", taller=200),
    Shot("questions-version", "Strategy lead", f"{QUESTIONS}partnership/versions/eight-characteristics-1/"),
    Shot("questions-file", "Strategy lead", f"{QUESTIONS}partnership/upload/"),
    Shot("add-question", "Strategy lead", f"{DRAFT}add/"),
    Shot("questions-draft", "Strategy lead", DRAFT, other_words, taller=500),
    Shot("partner", "Strategy lead", f"{O}/partner/", taller=900),
    Shot("partner-view", "Strategy lead", f"{O}/partner/", partners_said, taller=900),
    Shot("partner-choose", "Strategy lead", f"{O}/partner/start/"),
    Shot("partner-start", "Strategy lead", f"{O}/partner/start/", one_partnership, taller=700),
    Shot("partner-questions", "Strategy lead", f"{QUESTIONS}partners-view/", taller=300),
    Shot("reply", "Strategy lead", f"{O}/partner/", reply_to_partners, taller=900),
    Shot("reply-part", "Strategy lead", f"{O}/partner/", part_of_the_reply, taller=500),
    Shot("reply-page", "Strategy lead", f"{O}/partner/", what_partners_read, taller=700),
    Shot("survey-links", "Strategy lead", f"{O}/surveys/open/", links_to_hand_out),
    Shot("handed-link-start", "Strategy lead", f"{O}/surveys/", first_page_of_a_handed_link, taller=300),
    Shot("replaced-link", "Strategy lead", f"{O}/surveys/", a_link_that_was_replaced),
    Shot("earlier-link", "Strategy lead", f"{O}/surveys/", an_earlier_link_with_answers),
    Shot("works-for", "Strategy lead", f"{O}/surveys/", for_whom_they_work),
    Shot("too-few", "Strategy lead", f"{O}/surveys/", too_few_answers, taller=200),
    Shot("handed-link-used", "Strategy lead", f"{O}/surveys/", a_handed_link_that_was_used),
    Shot("people", "Administrator", f"{O}/people/", taller=300),
    Shot("change-person", "Administrator", f"{O}/people/", the_link("Change roles of Ravi Menon"), taller=200),
    Shot("remove-person", "Administrator", f"{O}/people/", the_link("Remove Priya Nambiar"), taller=420),
    Shot("invite", "Administrator", f"{O}/people/invite/", taller=300),
    Shot("roles", "Administrator", f"{O}/people/roles/"),
    Shot("audit", "Administrator", f"{O}/audit/?partnership={FRAILTY_SLUG}", taller=300),
    Shot("system", "System reader", "/system/DEMOICB/"),
    Shot("system-partnership", "System reader", "/system/DEMOICB/", first_partnership),
    Shot("survey-welcome", "Respondent", ""),
    Shot("survey-place", "Respondent", "", where_they_work),
    Shot("survey-questions", "Respondent", "", first_questions),
    Shot("survey-check", "Respondent", "", every_answer),
    Shot("withdraw", "Respondent", "", answers_taken_back),
    Shot("survey-thanks", "Respondent", "", answers_sent),
    Shot("survey-refused", "Respondent", "/s/a-link-that-was-cut-in-two/"),
)


@dataclass(frozen=True)
class Known:
    """A sign-in as the command prints it: an email address and a password, or a link."""

    email: str
    password: str
    link: str


def printed_sign_ins(address: str) -> dict[str, Known]:
    command = [sys.executable, "manage.py", "load_demonstration", f"--address={address}"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    known = {}
    for line in printed.splitlines():
        kind, _, rest = line.strip().partition("  ")
        words = rest.split()
        known[kind] = Known("", "", words[0]) if len(words) == 1 else Known(words[0], words[-1], "")
    return known


def open_as(browser: Browser, address: str, sign_in: Known | None, width: str) -> Page:
    """A page of a browser of this width in which that person is signed in."""
    across, down = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": across, "height": down}, base_url=address, locale="en-GB", reduced_motion="reduce"
    )
    page = context.new_page()
    if sign_in and sign_in.password:
        page.goto("/accounts/login/")
        page.get_by_role("textbox", name="Email").fill(sign_in.email)
        page.get_by_role("textbox", name="Password").fill(sign_in.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
    return page


def with_its_slug(page: Page, path: str) -> str:
    """The path with the slug that the partnership has here, which its link in the portfolio says."""
    if FRAILTY_SLUG not in path:
        return path
    page.goto(f"{O}/partnerships/")
    link = page.get_by_role("link", name="Frailty at Home").first.get_attribute("href") or ""
    return path.replace(FRAILTY_SLUG, link.rstrip("/").rpartition("/")[2])


def take(page: Page, shot: Shot, address: str, width: str) -> None:
    across, _ = WIDTHS[width]
    answer = page.goto(with_its_slug(page, address))
    shot.steps(page)
    page.wait_for_load_state("networkidle")
    said = answer.status if answer else "no answer"
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    spilt = int(page.evaluate("document.documentElement.scrollWidth")) - across
    top = top_of(page, shot.begins_at)
    page.screenshot(
        path=FOLDER / f"{shot.name}-{width}.png",
        full_page=True,
        clip={"x": 0, "y": top, "width": across, "height": min(height - top, TALLEST[width] + shot.taller)},
    )
    note = f", {spilt} pixels wider than the screen" if spilt > 0 else ""
    print(f"{shot.name}-{width}: {said}, {height} pixels long{note}", flush=True)


def top_of(page: Page, heading: str) -> float:
    """How far down a picture begins: a little above its heading."""
    box = page.get_by_role("heading", name=heading).first.bounding_box() if heading else None
    return max(0, box["y"] - 16) if box else 0


def main(address: str, only: list[str]) -> None:
    known = printed_sign_ins(address)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        for who in dict.fromkeys(shot.who for shot in SHOTS):
            sign_in = known.get(who)
            pages = {width: open_as(browser, address, sign_in, width) for width in WIDTHS}
            for shot in SHOTS:
                if shot.who == who and (not only or shot.name in only):
                    for width, page in pages.items():
                        take(page, shot, shot.path or (sign_in.link if sign_in else "/"), width)
            for page in pages.values():
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000", sys.argv[2:])
