"""Every form of every page, sent with what it never asked for: fields it does not have, and values no browser sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict

from tests.integration.safety.addresses import routes
from tests.integration.safety.contents import Form, forms_of
from tests.integration.safety.world import World

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


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS and model._meta.managed]


def numbers() -> dict[str, set[Any]]:
    return {model._meta.label: set(model._default_manager.values_list("pk", flat=True)) for model in _models()}


def picture(world: World, known: dict[str, set[Any]]) -> list[str]:
    """All rows there are but for the moments in them; a number that a row was given since is just a new one."""

    def told(one: models.Field[Any, Any], value: Any) -> Any:
        model = one.model if one.primary_key else one.related_model
        if not isinstance(model, type) or value is None:
            return value
        return value if value in known.get(model._meta.label, {value}) else "new"

    found = []
    for model in _models():
        fields = [one for one in model._meta.concrete_fields if not isinstance(one, models.DateTimeField)]
        for row in model._default_manager.values_list(*(one.attname for one in fields)):
            found.append(f"{model._meta.label} {[told(*pair) for pair in zip(fields, row, strict=True)]}")
    return sorted(found)


def test_of_a_field_sent_twice_one_value_counts_in_every_check() -> None:
    """Not one for who may and another for what is done: both read the same."""
    assert QueryDict("state=active&state=ended")["state"] == "ended"
