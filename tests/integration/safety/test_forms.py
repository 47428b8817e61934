"""Every form of every page, sent with what it never asked for: fields it does not have, and values no browser sends."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict

from partnerships.models import Deed, Organisation
from partnerships.recording import RECORDED
from tests.integration.safety.addresses import routes
from tests.integration.safety.contents import Form, forms_of
from tests.integration.safety.world import Page, World, undone

pytestmark = pytest.mark.django_db

OURS = ("partnerships", "diagnostics", "scoring")
WHO_FILLS_IN = ("strategy_lead", "administrator", "respondent", "nobody")
LONG = "x" * 100_000
# One in every box of the form at once: null characters, much too long, markup, two values for one, what is no number.
ODD = {
    "null characters": ["a\0b"],
    "very long": [LONG],
    "direction and joiners": ["\u202ea\u200d\ufeff\u2066"],
    "a thousand digits": ["9" * 1000],
    "no number": ["NaN"],
    "infinite": ["1e400"],
    "twice": ["1", "-1"],
    "nothing at all": [],
    "a key of a dictionary": ["{'a': [1]}"],
}


def every_form(world: World, actors: tuple[str, ...]) -> Iterator[tuple[str, str, str, Form, set[str]]]:
    """Who, which page, where it is sent, the form, and all names that the page's forms for that address offer."""
    for route in routes():
        address = route.at(world.own)
        for who in actors:
            forms = [one for one in forms_of(world.ask(who, "get", address)) if one.method == "post"]
            for form in forms:
                to = form.action or address
                offered = {name for one in forms if (one.action or address) == to for name in one.offered}
                yield who, route.name, to, form, offered


def test_an_odd_value_in_every_box_is_no_fault(world: World) -> None:
    faults, tried = [], set()
    for who, name, to, form, _ in every_form(world, WHO_FILLS_IN):
        if (name, who, *form.offered) in tried:
            continue
        tried.add((name, who, *form.offered))
        for what, values in ODD.items():
            answer = world.ask(who, "post", to, dict.fromkeys(form.offered, values))
            if answer.status_code >= 500:
                faults.append((who, name, what, answer.status_code))
    assert faults == []
    assert len(tried) > 60


BODIES = {
    "application/json": ['{"state": "ended"}', "[[[[", '{"a":' * 5000],
    "text/plain": ["state=ended"],
    "application/xml": ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    "multipart/form-data; boundary=x": ["--x\r\nContent-Disposition: form-data; name=", "--x--"],
    "multipart/form-data": ["no boundary"],
    "application/x-www-form-urlencoded; charset=utf-7": ["state=+AH4-"],
}


def test_a_body_of_another_kind_is_no_fault_and_changes_nothing(world: World) -> None:
    before, faults = picture(world, known := numbers()), []
    for route in routes():
        if route.name.startswith(("account", "mfa")) or route.places == ():
            continue
        for kind, bodies in BODIES.items():
            for body in bodies[: 3 if route.name == "partnerships:add_partnership" else 1]:
                answer = world.ask("strategy_lead", "post", route.at(world.own), body, content_type=kind)
                if answer.status_code >= 500:
                    faults.append((route.name, kind, answer.status_code))
    assert faults == []
    assert picture(world, known) == before


# What differs each time, whatever is sent: a secret made anew, of which a hash is kept.
DIFFERS = {"link_hash", "password"}


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS and model._meta.managed]


def numbers() -> dict[str, set[Any]]:
    return {model._meta.label: set(model._default_manager.values_list("pk", flat=True)) for model in _models()}


def picture(world: World, known: dict[str, set[Any]], leave_out: Iterable[type[models.Model]] = ()) -> list[str]:
    """All rows there are but for moments and secrets; a number that a row was given since is just a new one."""

    def told(one: models.Field[Any, Any], value: Any) -> Any:
        if one.name == "slug":
            return value[: -len("-3tvk")]  # its end is drawn by chance
        model = one.model if one.primary_key else one.related_model
        if not isinstance(model, type) or value is None:
            return value
        return value if value in known.get(model._meta.label, {value}) else "new"

    found = []
    for model in _models():
        if model in leave_out:
            continue
        fields = [
            one
            for one in model._meta.concrete_fields
            if not isinstance(one, models.DateTimeField) and one.name not in DIFFERS
        ]
        for row in model._default_manager.values_list(*(one.attname for one in fields)):
            found.append(f"{model._meta.label} {[told(*pair) for pair in zip(fields, row, strict=True)]}")
    return sorted(found)


# The record says of each change in which request it was made, and so never the same twice.
THE_RECORD: frozenset[type[models.Model]] = frozenset({Deed, *(one.events for one in RECORDED.values())})
# A what-if that is saved has a name, and its page no longer asks for one: told one all the same it keeps the one it has
# and leads back to its page, where without any it asks for it. Both are what the form does that it has until then.
ASKED_FOR_BEFORE = {"scoring:what_if": {"name"}}
# A page of questions takes no answer to a question that is not on it: the survey may have changed since it was opened.
REFUSES = {"diagnostics:questions"}
# What people have to type before a form that adds something takes it.
TYPED = {
    "name": "A new one",
    "kind": "1",
    "purpose": "To work together",
    "patient_benefit": "They wait less",
    "people": "kim@example.org, Kim",
    "shared_with": "A neighbour",
    "percent": "40",
    "email": "kim@example.org",
    "text": "We lend one another a hand.",
    "note": "People asked what it meant",
    "row-new-name": "A new one",
    "row-new-top_of_range": "All that it could be",
}
CHOSEN = {"participation", "pool", "roles", "members", "level", "partnership_kind", "about", "same"}
MOST_FIELDS = 900  # at once; more than 1,000 are refused


def never_asked_for(world: World) -> dict[str, str]:
    """Every column there is, by both of its names, with a value that it could have and mostly has not."""
    found: dict[str, str] = {}
    for model in _models():
        for one in model._meta.concrete_fields:
            for name in (one.name, one.attname):
                found.setdefault(name, _a_value(one, world))
    return found | {"id": str(world.other.organisation.pk), "roles": "administrator", "code": world.other.code}


def _a_value(one: models.Field[Any, Any], world: World) -> str:
    if isinstance(one, models.BooleanField):
        return "on"
    if one.choices:
        return str(list(one.flatchoices)[-1][0])
    if one.related_model is Organisation:
        return str(world.other.organisation.pk)
    if isinstance(one, models.ForeignKey):
        assert isinstance(one.related_model, type)
        last = one.related_model._default_manager.order_by("-pk").first()
        return str(last.pk if last else world.other.organisation.pk)
    if isinstance(one, models.DateField):
        return str(datetime.date(2020, 1, 1))
    return "7" if isinstance(one, models.IntegerField | models.DecimalField | models.AutoField) else "Planted"


def filled_in(form: Form) -> dict[str, list[str]]:
    """As a browser sends it once somebody has typed and chosen what it needs."""
    typed = {box: [TYPED[box]] for box in form.offered.keys() & TYPED.keys()}
    chosen = {box: form.offered[box][-1:] for box in form.offered.keys() & CHOSEN - form.sent.keys()}
    return form.sent | typed | chosen


def beside(offered: set[str], planted: dict[str, str]) -> Iterator[dict[str, str]]:
    """What was never asked for, as it is called and after each beginning that the form's own names have."""
    beginnings = {"", *(name[: name.rindex("-") + 1] for name in offered if "-" in name)}
    more = {f"{start}{name}": value for start in sorted(beginnings) for name, value in planted.items()}
    names = [name for name in more if name not in offered]
    for start in range(0, len(names), MOST_FIELDS - len(offered)):
        yield {name: more[name] for name in names[start : start + MOST_FIELDS - len(offered)]}


def test_a_field_that_a_form_does_not_offer_is_not_taken(world: World) -> None:
    """What a form does with it is what it does without."""
    known, planted = numbers(), never_asked_for(world)
    changed, tried, wrote = [], set(), set()
    before = picture(world, known, THE_RECORD)
    for who, name, to, form, offered in every_form(world, WHO_FILLS_IN):
        if (to, *form.offered) in tried:
            continue
        tried.add((to, *form.offered))
        sent = filled_in(form)
        status, alone = _after(world, known, who, to, sent)
        if alone != before:
            wrote.add(name)
        for more in beside(offered, planted):
            answered, with_more = _after(world, known, who, to, sent | more)
            if (answered, with_more) != (status, alone) and not _is_meant(name, more, answered, with_more == before):
                changed.append((who, name, status, answered, set(with_more) ^ set(alone)))
    assert changed == []
    assert len(planted) > 150
    assert len(tried) > 40
    assert len(wrote) > 12  # forms that are taken, so that there is something to change


def _is_meant(name: str, more: dict[str, str], answered: int, nothing_written: bool) -> bool:
    asked_before = ASKED_FOR_BEFORE.get(name, set()) & more.keys()
    return nothing_written and (bool(asked_before) or (name in REFUSES and answered == 422))


def _after(world: World, known: dict[str, set[Any]], who: str, to: str, sent: dict[str, Any]) -> tuple[int, list[str]]:
    with undone():
        answer: Page = world.as_(who).post(to, sent)
        return answer.status_code, picture(world, known, THE_RECORD)


def test_of_a_field_sent_twice_one_value_counts_in_every_check() -> None:
    """Not one for who may and another for what is done: both read the same."""
    assert QueryDict("state=active&state=ended")["state"] == "ended"
