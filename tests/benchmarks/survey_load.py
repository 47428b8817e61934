"""Five hundred people answering at once: nothing they send is lost, and nobody waits much longer than for a bare page.

`survey-load`: seconds until the answer to a request that saves a page of answers, the 95th percentile over all of them,
while 500 respondents, each with a connection of their own and without JavaScript, save every page and send it in, one
request after the other and all at the same time; before that each has opened their link and said where they work.
Reference: the 95th percentile of as many requests, sent by as many people at once over the same server and through the
same middleware, to a bare view that writes one row. The line ends with how many answers were sent and are not stored as
they were sent.
"""

from __future__ import annotations

import datetime
import http.client
import logging
import random
import re
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from diagnostics.actions import PersonalLink, close_round, open_round, start_round
from diagnostics.instrument import Page
from diagnostics.invitees import Invitee
from diagnostics.models import Round
from diagnostics.reading import sent_in
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person
from tests.benchmarks import report, say
from tests.benchmarks._web import web_server
from tests.factories import active_participation, organisation_with_people

QUICK = True
PEOPLE = 500
AT_MOST = 3.0
SECONDS_TO_WAIT = 120  # for one answer
SECONDS_TO_ENTER = 300  # for everybody, before they answer together
# Enters, waits for the others, and says how long each of its requests then took, in seconds.
Visit = Callable[[threading.Barrier], list[float]]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')


def main() -> None:
    logging.disable(logging.WARNING)
    organisation, lead, _ = organisation_with_people()
    with acting_for(organisation):
        round_, links = asked(organisation, lead)
        pages = round_.instrument.pages
        people = [Respondent(link.secret, pages, number) for number, link in enumerate(links)]
        with web_server("tests.benchmarks._bare_view") as address:
            waited = all_at_once([person.at(address) for person in people])
            bare = all_at_once([bare_visitor(address, len(pages)) for _ in people])
        close_round(round=round_, by=lead)
        kept = stored(round_)
    lost = sum(len(person.sent) for person in people if frozenset(person.sent.items()) not in kept)
    say("people at once", PEOPLE)
    say("answers sent", sum(len(person.sent) for person in people))
    report("survey-load", measured=p95(waited), reference=p95(bare), at_most=AT_MOST, lost=lost)


def asked(organisation: Organisation, lead: Person) -> tuple[Round, list[PersonalLink]]:
    people = [Invitee(f"Person {number}", f"person{number}@partner.example") for number in range(PEOPLE)]
    last_day = timezone.localdate() + datetime.timedelta(days=7)
    participation = active_participation(organisation)
    round_ = start_round(participation=participation, people=people, closes_on=last_day, by=lead)
    return round_, open_round(round=round_, by=lead)


def stored(round_: Round) -> set[frozenset[tuple[str, int | None]]]:
    """What each person sent in, as it is stored."""
    people = sent_in([round_])[round_.pk]
    return {frozenset(one.answers.items()) for one in people}


class Respondent:
    """Somebody with a link who answers everything as it comes, and remembers what they were told is saved."""

    def __init__(self, secret: str, pages: Sequence[Page], number: int) -> None:
        self.secret = secret
        self.pages = pages
        self.random = random.Random(number)
        self.sent: dict[str, int | None] = {}

    def at(self, address: str) -> Visit:
        def visit(together: threading.Barrier) -> list[float]:
            visitor = Visitor(address)
            root = self.enter(visitor)
            together.wait()
            return self.answer_everything(visitor, root)

        return visit

    def enter(self, visitor: Visitor) -> str:
        """Open the link and say where one works; gives the root of the survey's addresses."""
        root = "/".join(visitor.sent_on("GET", f"/s/{self.secret}/").split("/")[:3])
        visitor.read(f"{root}/where-you-work/")
        visitor.sent_on("POST", f"{root}/where-you-work/", {"place": "lead"})
        return root

    def answer_everything(self, visitor: Visitor, root: str) -> list[float]:
        """How long each page of answers took to be saved, in seconds."""
        waited = []
        for page in self.pages:
            answers = {code: self.random.choice([1, 2, 3, 4, 5, None]) for code in page.items}
            said = {f"answer-{code}": "dont_know" if value is None else value for code, value in answers.items()}
            # as a browser sends them from a page on which nothing was answered yet
            said |= {f"{part}-{code}": "" for code in answers for part in ("reason", "shown-answer", "shown-reason")}
            begun = time.perf_counter()
            visitor.sent_on("POST", f"{root}/questions/{page.code}/", said)
            waited.append(time.perf_counter() - begun)
            self.sent |= answers
        assert visitor.sent_on("POST", f"{root}/check/", {}).endswith("/thanks/")
        return waited


def bare_visitor(address: str, pages: int) -> Visit:
    def visit(together: threading.Barrier) -> list[float]:
        visitor, waited = Visitor(address), list[float]()
        together.wait()
        for _ in range(pages):
            begun = time.perf_counter()
            visitor.ask("POST", "/bare/", {})
            waited.append(time.perf_counter() - begun)
        return waited

    return visit


class Visitor:
    """A browser without a screen: a connection that is kept, and cookies."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS_TO_WAIT)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def read(self, address: str) -> None:
        """Open a page with a form, and remember its token."""
        _, page = self.ask("GET", address)
        found = TOKEN.search(page)
        assert found, f"{address} has no form"
        self.token = found[1]

    def sent_on(self, method: str, address: str, form: Mapping[str, object] | None = None) -> str:
        """Where an answer leads to; anything but a redirect is a fault."""
        answer, page = self.ask(method, address, form)
        assert answer.status == 302, f"{method} {address}: {answer.status} {page[:500]}"
        return answer.headers["Location"]

    def ask(
        self, method: str, address: str, form: Mapping[str, object] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if form is None else urlencode({"csrfmiddlewaretoken": self.token, **form})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, address, body, headers)
            answer = self.connection.getresponse()
        except (ConnectionResetError, BrokenPipeError):  # the server has let an idle connection go
            self.connection.close()
            self.connection.request(method, address, body, headers)
            answer = self.connection.getresponse()
        page = answer.read().decode()
        for name, cookie in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie", []))).items():
            self.cookies[name] = cookie.value
        return answer, page


def all_at_once(visits: Sequence[Visit]) -> list[float]:
    """What all of them waited, each in a thread of its own; once all have entered they begin together."""
    together = threading.Barrier(len(visits), timeout=SECONDS_TO_ENTER)
    waited: list[list[float]] = [[] for _ in visits]

    def run(place: int, visit: Visit) -> None:
        waited[place] = visit(together)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(visits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(waited), f"{waited.count([])} people did not get to the end"
    return [seconds for one in waited for seconds in one]


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
