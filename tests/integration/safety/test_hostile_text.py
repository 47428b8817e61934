"""Text that would be markup, script, formula or header, in every column that holds people's words: on every page and in
every file and letter it is text, and nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core import mail
from django.db import transaction
from pytest_django import DjangoDbBlocker

from diagnostics.actions import PersonalLink
from diagnostics.mailing import send_links
from partnerships.actions.invitations import InvitationLink
from partnerships.invitation_mail import send_invitation
from partnerships.models import AccessInvitation
from tests.integration.safety.addresses import routes
from tests.integration.safety.filling_in import Found, filled_in
from tests.integration.safety.reading import reading
from tests.integration.safety.test_other_ids import QUERY
from tests.integration.safety.world import A_LINK, HTMX, Page, World, two_houses, undone, write_into_every_text

pytestmark = pytest.mark.django_db

# Closes what it may stand in (an attribute, a script, a box, a title, a comment), then begins a tag and an attribute
# that no page of ours has; the first characters alone do so too, for columns that are short.
HOSTILE = (
    "=\"'><xss-tag onxss=1></script></textarea></title>--><img src=x onxss=1 "
    "{{7*19191919}} {%xss%} ${7*19191919} javascript:xss"
)
# The same in what is sent, to be told from what is stored; and no more than closes and begins, for short boxes.
SENT = HOSTILE.replace("xss-tag", "xss-sent")
SHORT = SENT[: SENT.index(">", 5) + 1]
# What spreadsheets take for the beginning of a formula, by this test's own list (OWASP, CSV injection): also the signs
# of full width, which some of them read as the plain ones.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CSV_FILES = {
    "partnerships:portfolio_template",
    "partnerships:portfolio_export",
    "partnerships:import_problems",
    "partnerships:capacity_file",
    "partnerships:audit_file",
    "diagnostics:links_download",
}
NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")
READERS = ("strategy_lead", "administrator", "system_reader", "respondent")
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Two houses whose people wrote nothing else anywhere; their names too."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = two_houses(lambda name: lambda column, row: f"={row.pk}{HOSTILE}")
        for house in (world.own, world.other):
            for one in (house.organisation, *house.people.values(), *_partnerships(house)):
                one.name = f"={one.pk}{HOSTILE}"[: one._meta.get_field("name").max_length]
                one.save(update_fields=["name"])
        yield world
        transaction.set_rollback(True)


def _partnerships(house: Any) -> list[Any]:
    return [one.partnership for one in house.organisation.participations.select_related("partnership")]


@pytest.fixture(scope="module")
def answers(made: World) -> list[tuple[str, Page]]:
    """Every page and file, also where a form comes back with what was wrong in it; asked once for all tests."""
    found = []
    for route in routes():
        address = route.at(made.own)
        found += [(f"{who} {route.name}", made.ask(who, "get", address)) for who in READERS]
        found.append((f"htmx {route.name}", made.ask("strategy_lead", "get", address, headers=HTMX)))
        found.append((f"POST {route.name}", made.ask("strategy_lead", "post", address)))
        if address.endswith(".xlsx") and "kind" in route.places:
            found.append((f"CSV {route.name}", made.ask("strategy_lead", "get", route.at(made.own, kind="csv"))))
    return found


class Seen(HTMLParser):
    """What a browser would make of a page: its tags, its attributes, its texts and what stands in its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        (self.scripts if self._in_script else self.texts).append(data)


def faults_of(html: str) -> list[str]:
    seen = Seen(html)
    faults = [f"tag {tag}" for tag in seen.tags if "xss" in tag]
    faults += [f"attribute {name}" for name, _ in seen.attributes if name.startswith("on") or "xss" in name]
    faults += [
        f"address {name}={value}"
        for name, value in seen.attributes
        if name in {"href", "src", "action", "formaction", "hx-get", "hx-post"}
        and value.strip().lower().startswith(("javascript:", "data:", "http:", "https:", "//"))
        and "xss" in value
        and not value.startswith(A_LINK)  # that somebody added to the record, and was checked to be an https address
    ]
    for script in filter(str.strip, seen.scripts):  # data only: any other script in a page is no JSON
        faults += ["markup in a script"] if "<" in script else []
        faults += ["markup that a chart would draw" for text in _strings(json.loads(script)) if _is_drawn(text)]
    if "<style" in html or " style=" in html:
        faults.append("a style in the page, which the policy stops")
    if "134343433" in html:  # no id has as many digits
        faults.append("a template in the text was worked out")
    return faults


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _strings(one)


def _is_drawn(text: str) -> bool:
    """Plotly draws some tags in its texts, links among them."""
    return "<xss" in text or "<img" in text


def test_on_every_page_it_is_text(answers: list[tuple[str, Page]]) -> None:
    wrong, shown = [], set()
    for what, answer in answers:
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        html = answer.content.decode()
        if "&lt;xss-tag" in html:
            shown.add(what)
        wrong += [(what, fault) for fault in faults_of(html)]
        assert answer.status_code < 500, what
        assert "xss" not in str(answer.headers), what
    assert wrong == []
    assert len(shown) > 100


def test_what_is_sent_comes_back_as_text(made: World, db: None, forms: list[Found]) -> None:
    """From a form that is refused and from one that is taken, also in what the next page says of it; and from an
    address. What stands in such an answer need not have been stored.
    """
    wrong, shown = list[tuple[str, str]](), set[str]()

    def look(what: str, answer: Page) -> None:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            html = answer.content.decode()
            wrong.extend((what, fault) for fault in faults_of(html))
            if "&lt;xss-sent" in html:
                shown.add(what)
        assert answer.status_code < 500, what

    for one in forms:
        in_words = [sent | dict.fromkeys(one.words, SHORT) for sent in filled_in(one.form) if one.words]
        for sent in [dict.fromkeys(one.form.offered, SENT), *in_words]:
            with undone():
                browser = made.as_(one.who)
                answer = browser.post(one.to, sent)
                look(f"{one.who} {one.page}", answer)
                if answer.status_code == 302:
                    look(f"{one.who} {one.page} and then", browser.get(answer["Location"]))
    for route in routes():
        with reading() as names:
            made.ask("strategy_lead", "get", route.at(made.own))
        for asked in [set(QUERY) | names, *({name} for name in sorted(names))]:
            query = urlencode(dict.fromkeys(asked, SENT))
            look(f"{route.name}?{sorted(asked)}", made.ask("strategy_lead", "get", f"{route.at(made.own)}?{query}"))
    assert wrong == []
    assert len(shown) > 30


def test_in_every_file_it_is_text(answers: list[tuple[str, Page]]) -> None:
    """No cell of a CSV file begins as a formula does, and no cell of a workbook is one."""
    cells = {CSV: 0, XLSX: 0}
    for what, answer in answers:
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if kind not in cells:
            continue
        for cell in _csv_cells(answer) if kind == CSV else _workbook_cells(answer):
            cells[kind] += "xss" in cell
            assert kind == XLSX or not cell.startswith(BEGINS_A_FORMULA), (what, cell)
        assert "xss" not in answer.headers["Content-Disposition"]
    assert all(found > 10 for found in cells.values()), cells


@pytest.mark.parametrize("sign", BEGINS_A_FORMULA, ids=ascii)
def test_whatever_begins_a_formula_begins_no_cell_of_a_csv_file(world: World, sign: str) -> None:
    """In every text that people wrote, in every CSV file there is; numbers below zero are numbers."""
    house = world.own
    with undone():
        write_into_every_text(house.organisation, lambda column, row: f"{sign}1+{row.pk}")
        for partnership in _partnerships(house):
            partnership.name = f"{sign}1+{partnership.pk}"
            partnership.save(update_fields=["name"])
        rows = [[2, [f"{sign}1+1", "No such kind"]]]
        house.organisation.import_previews.update(headers=["Name", "Kind"], rows=rows)
        files = {name: list(_csv_cells(answer)) for name, answer in _csv_files(world)}
    assert set(files) == CSV_FILES
    for name, cells in files.items():
        assert [one for one in cells if one.startswith(BEGINS_A_FORMULA) and not NUMBER.fullmatch(one)] == [], name
        assert sum("1+" in one for one in cells) > 0, name  # a file of what was uploaded has it without its blanks


def _csv_files(world: World) -> Iterator[tuple[str, Page]]:
    """Every file of the service whose address can end in .csv, as the strategy lead or an administrator is given it."""
    for route in routes():
        instead = {"kind": "csv"} if route.pattern.endswith(".<file_kind:kind>") else {}
        if instead or route.pattern.endswith(".csv"):
            address = route.at(world.own, **instead)
            answer = world.ask("strategy_lead", "get", address)
            if answer.status_code == 403:
                answer = world.ask("administrator", "get", address)
            if answer.status_code == 405:
                answer = world.ask("strategy_lead", "post", address, {"secret": world.own.parameters["handed_secret"]})
            yield route.name, answer


def _csv_cells(answer: Page) -> Iterator[str]:
    for row in csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))):
        yield from row


def _workbook_cells(answer: Page) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and "xss" in cell.value:
                    assert cell.data_type == "s", (sheet.title, cell.coordinate)
                    assert cell.hyperlink is None
                    yield cell.value


LINES = "Trust\r\nBcc: everybody@elsewhere.example\r\n\r\n<b>Another letter</b>\nX: y"


def test_in_a_letter_it_is_one_line_of_its_heading(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    house = world.own
    invitation = AccessInvitation.objects.get(pk=house.parameters["access_invitation"])
    invitation.organisation.name = LINES
    assert send_invitation(InvitationLink(invitation, "secret"), address="http://testserver/invitations/secret/")
    asked = house.organisation.survey_rounds.get(pk=house.parameters["round"])
    asked.participation.partnership.name = LINES
    one = asked.invitations.exclude(email="").order_by("name")[0]
    assert send_links(links=[PersonalLink(one, "secret")], address_of=lambda secret: "http://testserver/s/x/") == []
    for letter in mail.outbox:
        message = letter.message()
        assert message.get_all("Bcc") is None
        assert message.get_all("X") is None
        assert [len(message.get_all(name, [])) for name in ("To", "Subject")] == [1, 1]
        assert letter.recipients() in ([invitation.email], letter.to)
        assert message.get_content_type() == "text/plain"
        assert not message.is_multipart()
    assert len(mail.outbox) == 2
    one.name = LINES  # which the form would have refused: no letter is made of it, and the link is handed out otherwise
    assert len(send_links(links=[PersonalLink(one, "secret")], address_of=lambda secret: "")) == 1
    assert len(mail.outbox) == 2
