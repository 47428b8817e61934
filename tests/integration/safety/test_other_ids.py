"""Another organisation's id in every place of an address, every field, every query parameter and every header.

Whatever is put there, nothing of theirs is changed and nothing of what their people wrote is in the answer.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.forms import BaseForm, ChoiceField, ModelChoiceField

from decisions.actions import end_meeting
from decisions.models import Meeting
from partnerships import isolation
from partnerships.isolation import Scope, acting_for
from partnerships.models import Role
from tests.everyone import EveryOrganisation
from tests.integration.safety.addresses import Route, routes
from tests.integration.safety.contents import LOOKED_AT, Form, checksum, crossed, forms_of, said
from tests.integration.safety.field_names import NAMES_NOTHING_OWNED, made_or_posted
from tests.integration.safety.filling_in import filled_in
from tests.integration.safety.reading import reading
from tests.integration.safety.world import House, Page, World, owned_models, undone, words_of
from tests.integration.safety.written import Written

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
# Who could change most: one who edits, one who manages people.
STRONG = (str(Role.STRATEGY_LEAD), str(Role.ADMINISTRATOR), str(Role.SYSTEM_READER))
THEIRS = words_of("Otherhouse")
OURS = words_of("Ownhouse")
# Places of an address that name nothing owned, with what names them.
NOT_OWNED = {
    "diagnostics:questions page": "a page of the instrument",
    "diagnostics:reply_line characteristic": "one of the eight",
    "diagnostics:reply_page token": "the address of what was published for whoever has it",
    **dict.fromkeys(
        (
            f"diagnostics:{page} subject"
            for page in (
                "questions_about",
                "questions_draft",
                "add_question",
                "change_question",
                "upload_questions",
                "questions_version",
                "questions_file",
            )
        ),
        "what a survey asks about",
    ),
    "diagnostics:change_question item": "a statement of the version that comes with the service",
    "decisions:due_days_file whose": "one's own or everybody's, a word",
    "partnerships:add_rule kind": "a kind of rule",
    "partnerships:add_note kind": "a kind of note",
    "partnerships:timeline_of_kind only": "a kind of thing on a timeline",
    "partnerships:portfolio_template kind": "a kind of file",
    "partnerships:portfolio_export kind": "a kind of file",
    "partnerships:audit_file kind": "a kind of file",
    "decisions:letter_template kind": "a kind of letter",
    "scoring:night night": "a night of the service, which is everybody's",
    "account_reset_password_from_key uidb36": "an account, which a secret key has to match",
    "account_reset_password_from_key key": "that key",
    "partnerships:successor member": "an organisation of the public register",
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Watch:
    """Says what goes wrong with a request, and goes on."""

    def __init__(self, world: World) -> None:
        self.world, self.before, self.problems = world, checksum(world.other), list[str]()
        self._written = Written()

    def ask(self, who: str, method: str, address: str, data: Any = None, **extra: Any) -> Page:
        with undone():
            browser = self.world.as_(who)
            answer = getattr(browser, method)(address, data, **extra)
            # what it says of what was sent stands on the next page
            then = browser.get(answer["Location"]) if method == "post" and answer.status_code == 302 else None
            written = self._written.since()
            if columns := crossed(written):
                self.problems.append(f"{who} {method} {address} {data}: {columns} name something of theirs")
            if written & LOOKED_AT and checksum(self.world.other) != self.before:
                self.problems.append(f"{who} {method} {address} {data}: changed something of theirs")
        if THEIRS in said(answer) or (then is not None and THEIRS in said(then)):
            self.problems.append(f"{who} {method} {address} {data}: shows something of theirs")
        if answer.status_code >= 500:
            self.problems.append(f"{who} {method} {address} {data}: {answer.status_code}")
        return answer


class EverybodysRows(EveryOrganisation):
    """As whoever acts, but with every organisation's rows in sight: what the code does not leave out is found."""

    @cached_property
    def prefix(self) -> str:
        person = "" if self.person is None else str(self.person)
        return (
            super().prefix + f"SELECT set_config('triage.person', '{person}', true), "
            f"set_config('triage.link', '{self.link}', true), set_config('triage.response', '{self.response}', true); "
        )


# Pages that leave it to the database, by its policy of accounts, whose lines of their people they show.
HELD_BY_A_POLICY = {"partnerships:audit", "partnerships:audit_file"}


@pytest.fixture(params=["both layers", "the code alone"])
def alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Isolation as it is; and its first layer without the second, which would hide that the first is missing."""
    if request.param == "the code alone":
        truly = isolation.current_scope

        def everybodys() -> Scope:
            scope = truly()
            return EverybodysRows(scope.organisations, scope.person, scope.link, scope.response)

        monkeypatch.setattr(isolation, "current_scope", everybodys)
    return bool(request.param == "the code alone")


def test_the_marked_words_are_found_where_they_may_be(world: World) -> None:
    """Else the tests below would find nothing because there is nothing to find."""
    shown = [route.name for route in routes() if OURS in said(world.ask("strategy_lead", "get", route.at(world.own)))]
    assert len(shown) > 40
    assert {"partnerships:portfolio_export", "scoring:recommendation_report", "scoring:what_if"} <= set(shown)


def places() -> list[tuple[Route, str]]:
    return [(route, place) for route in routes() for place in route.places if f"{route.name} {place}" not in NOT_OWNED]


def test_in_every_place_of_an_address(world: World, alone: bool) -> None:
    watch = Watch(world)
    for route, place in places():
        address = route.at(world.own, **{place: route.values(world.other)[place]})
        for who in (*STRONG, "respondent") if route.of_organisation() else ("respondent",):
            for method in ("get", "post"):
                answer = watch.ask(who, method, address)
                sent_to_sign_in = who == "respondent" and answer.status_code == 302
                if answer.status_code not in {403, 404, 405} and not sent_to_sign_in:
                    watch.problems.append(f"{who} {method} {address}: {answer.status_code}")
    assert watch.problems == [], "\n".join(watch.problems)


def ids_of(house: House) -> dict[str, list[str]]:
    """By model, what its rows of a house are known by in forms: their numbers, and the names in addresses."""
    found = {"code": [house.code], "email": [person.email for person in house.people.values()]}
    for model in owned_models():
        rows = list(model._default_manager.filter(organisation=house.organisation).order_by("pk"))
        found[model._meta.label] = [str(row.pk) for row in rows]
    found["person"] = [str(house.people[role].pk) for role in sorted(house.people)]
    found["partner"] = [str(house.parameters["partner"])]
    participations = house.organisation.participations.order_by("pk")
    found["slug"] = [one.partnership.slug for one in participations]
    found["partnership"] = [str(one.partnership_id) for one in participations]
    return found


def swaps(world: World) -> dict[str, set[str]]:
    """For each value that names something of ours, what names the same thing of theirs."""
    theirs = ids_of(world.other)
    found: dict[str, set[str]] = {}
    for kind, values in ids_of(world.own).items():
        for place, value in enumerate(values):
            others = theirs[kind]
            if others:
                found.setdefault(value, set()).add(others[min(place, len(others) - 1)])
    return found


def variations(form: Form, swap: dict[str, set[str]]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The form with another's value in one field at a time, and with another's number in the names of its fields, sent
    by each of its buttons.

    Fields that differ only by a number are the same field of several rows, so the first stands for all.
    """
    done = set()
    for name, values in form.offered.items():
        kind = re.sub(r"\d+", "#", name)
        if name == "csrfmiddlewaretoken" or kind in done:
            continue
        done.add(kind)
        for sent in filled_in(form) if form.method == "post" else [form.sent]:
            for other in sorted(set().union(*(swap.get(value, set()) for value in values))):
                yield name, sent | {name: [other]}
            for number in re.findall(r"\d+", name):
                for other in sorted(swap.get(number, set()) - {number}):
                    yield name, sent | {name.replace(number, other): sent.get(name) or values[:1]}


# Pages whose boxes stand there once somebody has chosen partnerships.
SURVEYS_OF_CHOSEN = {"diagnostics:start_surveys", "diagnostics:start_partner_survey"}
# Fields with choices that are made for each form, and why the walk below puts nothing into them.
ELSEWHERE: dict[str, str] = {
    "board": "a board of the public register, by its code",
    "governance_form": "a list that is the same for everybody",
    "kind": "kinds of partnership, which are everybody's, by their codes",
    "known": "groups of one's own people by what they are called; whose they are comes from the partnership beside it",
    "place": "where respondents work, for whoever has a link",
    "sponsor": "a name that is searched for",
    "stage": "a list that is the same for everybody",
    "state": "a list that is the same for everybody",
    "organisation": "whom respondents work for, for whoever has a link",
}


def chosen_from_rows() -> set[str]:
    """The names of all fields whose choices are not the same for everybody."""
    found, todo = set[str](), list[Any](BaseForm.__subclasses__())
    while todo:
        one = todo.pop()
        todo += one.__subclasses__()
        if not (ROOT / one.__module__.partition(".")[0]).is_dir():
            continue  # of a library
        for name, field in getattr(one, "base_fields", {}).items():
            choices: Any = getattr(field, "choices", None)
            if isinstance(field, ModelChoiceField) or (isinstance(field, ChoiceField) and not list(choices)):
                found.add(name)
    return found


def test_in_every_field_of_every_form(world: World, alone: bool) -> None:
    """Without the second layer also what stands on our own pages; and that somebody may not do it, which says that it
    was found: where the code reaches rows through their owner it is not.
    """
    watch, swap, tried = Watch(world), swaps(world), set[str]()

    def try_forms_of(route: Route, asked: str = "") -> None:
        address = route.at(world.own) + asked
        for who in STRONG[:2]:
            looks = watch if alone and route.name not in HELD_BY_A_POLICY else world
            for form in forms_of(looks.ask(who, "get", address)):
                to = form.action or address
                for name, data in variations(form, swap):
                    tried.add(f"{route.name} {re.sub(r'[0-9]+', '#', name)}")
                    if form.method == "get":
                        watch.ask(who, "get", f"{to.partition('?')[0]}?{urlencode(data, doseq=True)}")
                    elif (
                        watch.ask(who, "post", to, data).status_code == 403
                        and alone
                        and world.ask(who, "post", to, form.sent).status_code != 403
                    ):
                        watch.problems.append(f"{who} post {to} {data}: found")

    for route in routes():
        try_forms_of(route)
        if route.name in SURVEYS_OF_CHOSEN:
            chosen = urlencode({"partnership": ids_of(world.own)["slug"]}, doseq=True)
            try_forms_of(route, f"?{chosen}")
    with undone():  # what is asked while no meeting is under way
        with acting_for(world.own.organisation):
            for meeting in Meeting.objects.filter(organisation=world.own.organisation).open():
                end_meeting(meeting=meeting, by=world.own.lead)
        try_forms_of(next(route for route in routes() if route.name == "decisions:decide"))
    assert watch.problems == [], "\n".join(watch.problems)
    fields = {name.partition(" ")[2].rpartition("-")[2] for name in tried}
    assert chosen_from_rows() - fields - ELSEWHERE.keys() == set()
    assert made_or_posted() - {name.partition(" ")[2] for name in tried} - NAMES_NOTHING_OWNED.keys() == set()
    assert len(tried) >= 40
    assert {"partnerships:pool_shares pool", "scoring:what_ifs base", "diagnostics:round invitation"} <= tried
    assert {"decisions:decision undo", "decisions:decide meeting", "decisions:agenda add"} <= tried
    assert {"decisions:letter letter", "decisions:letter recipient", "decisions:checklist done-#"} <= tried


# What of theirs could stand in a field of somebody who acts for no organisation.
IN_A_LINK = ("code", "slug", "partnership", "person", "diagnostics.Round", "partnerships.Participation")


def test_in_every_field_of_a_form_for_whoever_has_a_link(world: World, alone: bool) -> None:
    """Of a survey, a reply, an invitation, or of an account."""
    watch, theirs, tried = Watch(world), ids_of(world.other), set[str]()
    values = [theirs[kind][0] for kind in IN_A_LINK]
    for route in routes():
        if route.of_organisation():
            continue
        address = route.at(world.own)
        for form in forms_of(watch.ask("respondent", "get", address)):
            kinds = {re.sub(r"\d+", "#", name): name for name in form.offered}
            for kind, name in kinds.items():
                tried.add(f"{route.name} {kind}")
                for other in values:
                    watch.ask("respondent", form.method, form.action or address, form.sent | {name: [other]})
    assert watch.problems == [], "\n".join(watch.problems)
    assert {"diagnostics:place place", "diagnostics:works_for organisation", "account_login login"} <= tried


# The query parameters that the code reads, each with what of theirs could stand there: a kind of ``ids_of``, or a word.
QUERY = {
    "quarter": "=2026-01-01",
    "characteristic": "=trust",
    "partnership": "slug",
    "person": "person",
    "older": "code",
    "newer": "code",
    "order": "partnerships.Objective",
    "ways": "partnerships.WayOfCreatingValue",
    "search": "code",
    "remove": "code",
    "ticked": "partnership",
    "then": "=check",
    "reasons": "=yes",
    "year": "=2026",
    "page": "code",
}
# Fields of forms that are filled from the query (the portfolio's filter, two what-ifs, the run to compare with ...) are
# found on the pages; here are the names of those forms.
QUERY_FORMS = {"PortfolioFilter", "CompareForm", "EarlierRunForm", "RegisterForm", "AuditSearch"}
# The headers and cookies that the code reads.
HEADERS = {"HX-Request", "HX-Current-URL", "HX-History-Restore-Request", "HX-Boosted", "Referer", "Sec-Fetch-Site"}
BY_ATTRIBUTE = {"boosted", "history_restore_request", "current_url_abs_path"}
COOKIES = {"COOKIE", "cookie"}  # by constants: the known browser, and what no respondent's page is told


def read_by_the_code() -> dict[str, set[str]]:
    """What every module of ours takes from ``request.GET``, ``.headers``, ``.META``, ``.COOKIES`` and ``.htmx``."""
    found: dict[str, set[str]] = {}
    for app in ("config", "design", "partnerships", "diagnostics", "scoring", "decisions"):
        for file in (ROOT / app).rglob("*.py"):
            tree = ast.parse(file.read_text())
            for node in ast.walk(tree):
                taken = _taken(node)
                if taken is not None:
                    found.setdefault(taken[0], set()).add(taken[1])
    return found


def _taken(node: ast.AST) -> tuple[str, str] | None:
    """``request.X.get(name)``, ``request.X[name]``, ``name in request.X`` and ``request.htmx.name``."""
    match node:
        case ast.Call(func=ast.Name(id=form)) if "request.GET" in map(ast.unparse, _parts(node.args)):
            return "forms", form
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="request"), attr=which)), args=[first, *_]
        ):
            return which, _name(first)
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id="request"), attr=which), slice=first):
            return which, _name(first)
        case ast.Compare(left=first, comparators=[ast.Attribute(value=ast.Name(id="request"), attr=which)]):
            return which, _name(first)
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="request"), attr="htmx"), attr=name):
            return "htmx", name
        case ast.Call(func=ast.Attribute(value=ast.Name(id="request"), attr="get_signed_cookie"), args=[first, *_]):
            return "COOKIES", _name(first)
    return None


def _parts(arguments: list[ast.expr]) -> list[ast.expr]:
    """The arguments of a call, and what stands on either side of an "or" or an "if" in them."""
    return [
        one
        for argument in arguments
        for one in (argument, *ast.iter_child_nodes(argument))
        if isinstance(one, ast.expr)
    ]


def _name(node: ast.AST) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def test_what_the_code_reads_is_in_the_lists_above() -> None:
    """What a later page reads from a request is put into the lists, and so is tried with another's value."""
    read = read_by_the_code()
    assert read.pop("GET") <= set(QUERY) | {"name"}
    assert read.pop("headers") <= HEADERS
    assert read.pop("META") <= {"CONTENT_LENGTH", "HTTP_COOKIE", "HTTP_USER_AGENT", "QUERY_STRING", "REMOTE_ADDR"}
    assert read.pop("COOKIES") <= COOKIES
    assert read.pop("htmx") <= BY_ATTRIBUTE
    assert read.pop("forms") <= QUERY_FORMS
    assert set(read) <= {"POST", "session", "user", "path", "path_info"}


def their_values(world: World) -> dict[str, list[str]]:
    """For each parameter the first and the last thing of theirs, or the word, that could stand there."""
    theirs = ids_of(world.other)
    return {
        name: [kind[1:]] * 2 if kind.startswith("=") else [theirs[kind][0], theirs[kind][-1]]
        for name, kind in QUERY.items()
    }


def test_in_every_query_parameter(world: World, alone: bool) -> None:
    """Each by itself where a page reads it, and all at once everywhere; with the first layer alone, but where that
    leaves it to the second.
    """
    watch, values, tried = Watch(world), their_values(world), set[str]()
    at_once = [urlencode({name: both[place] for name, both in values.items()}) for place in (0, 1)]
    for route in routes():
        address = route.at(world.own)
        if (route.name in HELD_BY_A_POLICY) is alone:
            continue
        for who in STRONG:
            with reading() as names:
                watch.ask(who, "get", address)
                watch.ask(who, "get", f"{address}?{at_once[0]}")
            for name in sorted(names & values.keys()):
                tried.add(name)
                for value in set(values[name]):
                    watch.ask(who, "get", f"{address}?{urlencode({name: value})}")
            if names:
                watch.ask(who, "get", f"{address}?{at_once[1]}")
        watch.ask("strategy_lead", "post", f"{address}?{at_once[1]}")
    assert watch.problems == [], "\n".join(watch.problems)
    assert tried >= (values.keys() - {"older", "newer", "person"} if alone else {"older", "newer", "person"})


def test_in_every_header(world: World) -> None:
    """Also in headers that no code reads, so that none begins to."""
    theirs = f"http://testserver/o/{world.other.code}/"
    headers = {name: "true" if name == "HX-Request" else theirs for name in HEADERS - {"HX-Boosted"}}
    headers |= {
        "Referer": theirs,
        "Origin": "http://testserver",
        "X-Original-URL": f"/o/{world.other.code}/",
        "X-Rewrite-URL": f"/o/{world.other.code}/",
        "X-Organisation": world.other.code,
        "X-HTTP-Method-Override": "DELETE",
        "Authorization": f"Bearer {world.other.code}",
        "HX-Target": world.other.code,
        "HX-Prompt": world.other.code,
        "X-Forwarded-User": world.other.lead.email,
        "Remote-User": world.other.lead.email,
    }
    watch = Watch(world)
    for route in routes():
        watch.ask("strategy_lead", "get", route.at(world.own), headers=headers)
        watch.ask("strategy_lead", "get", route.at(world.own), headers=headers | {"HX-History-Restore-Request": ""})
    assert watch.problems == [], "\n".join(watch.problems)


def test_in_the_cookies_of_a_survey(world: World) -> None:
    """A survey's session is signed for its own address, and opens no other survey."""
    ours, theirs = world.own.parameters["handle"], world.other.parameters["handle"]
    cookies = world.cookies["respondent"].replace(ours, theirs)
    assert cookies != world.cookies["respondent"]
    world.cookies["a thief"] = cookies
    for page in ("welcome", "where-you-work", "check", "thanks", "withdraw"):
        assert world.ask("a thief", "get", f"/s/{theirs}/{page}/").status_code == 403
