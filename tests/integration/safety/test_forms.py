"""Every form of every page, sent with what it never asked for: fields it does not have, and values no browser sends."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterable, Iterator, Set
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict

from partnerships.models import Deed, Organisation
from partnerships.recording import RECORDED
from tests.integration.safety.addresses import routes
from tests.integration.safety.filling_in import Found, filled_in
from tests.integration.safety.world import HIDDEN, Page, World, undone
from tests.integration.safety.written import Written

pytestmark = pytest.mark.django_db

OURS = ("partnerships", "diagnostics", "scoring", "decisions")
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


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of requests are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_an_odd_value_in_every_box_is_no_fault(world: World, forms: list[Found]) -> None:
    """By every button, and without any."""
    faults = []
    for one in forms:
        buttons: list[dict[str, Any]] = [button for button in one.form.buttons if button]
        for what, values in ODD.items():
            for button in [{}, *buttons]:
                answer = world.ask(one.who, "post", one.to, dict.fromkeys(one.form.offered, values) | button)
                if answer.status_code >= 500:
                    faults.append((one.who, one.page, what, answer.status_code))
    assert faults == []
    assert len(forms) > 50


BODIES = {
    "application/json": ['{"state": "ended"}', "[[[[", '{"a":' * 5000],
    "text/plain": ["state=ended"],
    "application/xml": ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    "multipart/form-data; boundary=x": ["--x\r\nContent-Disposition: form-data; name=", "--x--"],
    "multipart/form-data": ["no boundary"],
    "application/x-www-form-urlencoded; charset=utf-7": ["state=+AH4-"],
}


def test_a_body_of_another_kind_is_no_fault_and_does_what_an_empty_form_does(world: World) -> None:
    """Which for most of them is nothing, and for some all that a button does."""
    rows, wrong = Rows(THE_RECORD), []
    for route in routes():
        if route.name.startswith(("account", "mfa")) or route.places == ():
            continue
        address = route.at(world.own)
        empty = after(world, rows, "strategy_lead", address, {})
        for kind, bodies in BODIES.items():
            for body in bodies[: 3 if route.name == "partnerships:add_partnership" else 1]:
                status, told = after(world, rows, "strategy_lead", address, body, content_type=kind)
                if status >= 500 or told != empty[1]:
                    wrong.append((route.name, kind, status))
    assert wrong == []


# What differs each time, whatever is sent: a secret made anew, of which a hash is kept.
DIFFERS = {"link_hash", "password"}


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS and model._meta.managed]


class Rows:
    """All rows there are but for moments and secrets. They are read once, and again only where rows were written."""

    def __init__(self, leave_out: Iterable[type[models.Model]] = ()) -> None:
        self._known = {model._meta.label: {pk for (pk,) in values_of(model, ["pk"])} for model in _models()}
        self._models = [model for model in _models() if model not in leave_out]
        self._written = Written()
        self.at_first = {model._meta.label: self._told(model) for model in self._models}

    def now(self) -> dict[str, list[str]]:
        """To be asked before what was written since the last time is undone."""
        tables = self._written.since()
        return {
            model._meta.label: self._told(model) if model._meta.db_table in tables else self.at_first[model._meta.label]
            for model in self._models
        }

    def _told(self, model: type[models.Model]) -> list[str]:
        fields = [
            one
            for one in model._meta.concrete_fields
            if not isinstance(one, models.DateTimeField) and one.name not in DIFFERS
        ]
        rows = values_of(model, [one.attname for one in fields])
        return sorted(str([self._value(*pair) for pair in zip(fields, row, strict=True)]) for row in rows)

    def _value(self, one: models.Field[Any, Any], value: Any) -> Any:
        """A number that a row was given since is just a new one."""
        if one.name == "slug":
            return value[: -len("-3tvk")]  # its end is drawn by chance
        if one.name == "begun_with" and re.fullmatch("[0-9a-f]{64}", value):
            return "drawn by chance anew"
        model = one.model if one.primary_key else one.related_model
        if not isinstance(model, type) or value is None:
            return value
        return value if value in self._known.get(model._meta.label, {value}) else "new"


def values_of(model: type[models.Model], names: list[str]) -> list[tuple[Any, ...]]:
    """Those of every row; also of answers to a survey that is open, which no code of the service sees together."""
    if model in HIDDEN:
        return [tuple(getattr(row, name) for name in names) for row in HIDDEN[model]()]
    return list(model._default_manager.order_by().values_list(*names))


def after(world: World, rows: Rows, who: str, to: str, sent: Any, **how: Any) -> tuple[int, dict[str, list[str]]]:
    """The status of an answer, and what the rows were then; all of it undone."""
    with undone():
        answer: Page = world.as_(who).post(to, sent, **how)
        return answer.status_code, rows.now()


# The record says of each change in which request it was made, and so never the same twice.
THE_RECORD: frozenset[type[models.Model]] = frozenset({Deed, *(one.events for one in RECORDED.values())})
# A what-if that is saved has a name, and its page no longer asks for one: told one all the same it keeps the one it has
# and leads back to its page, where without any it asks for it. Both are what the form does that it has until then.
# Weights are read back as questions, which the page after them answers.
ASKED_FOR_BEFORE = {"scoring:what_if": {"name"}, "partnerships:set_weights": {"answer"}}
# A page of questions takes no answer to a question that is not on it: the survey may have changed since it was opened.
REFUSES = {"diagnostics:questions"}
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


def beside(offered: Set[str], planted: dict[str, str]) -> Iterator[dict[str, str]]:
    """What was never asked for, as it is called and after each beginning that the form's own names have."""
    beginnings = {"", *(name[: name.rindex("-") + 1] for name in offered if "-" in name)}
    more = {f"{start}{name}": value for start in sorted(beginnings) for name, value in planted.items()}
    names = [name for name in more if name not in offered]
    for start in range(0, len(names), MOST_FIELDS - len(offered)):
        yield {name: more[name] for name in names[start : start + MOST_FIELDS - len(offered)]}


def test_a_field_that_a_form_does_not_offer_is_not_taken(world: World, forms: list[Found]) -> None:
    """What a form does with it is what it does without, by every button."""
    rows, planted = Rows(THE_RECORD), never_asked_for(world)
    changed, wrote = [], set()
    for one in forms:
        for sent in filled_in(one.form):
            status, alone = after(world, rows, one.who, one.to, sent)
            if alone != rows.at_first:
                wrote.add(one.page)
            for more in beside(one.offered, planted):
                answered, with_more = after(world, rows, one.who, one.to, sent | more)
                unchanged = with_more == rows.at_first
                if (answered, with_more) != (status, alone) and not _is_meant(one.page, more, answered, unchanged):
                    changed.append((one.who, one.page, status, answered, difference(with_more, alone)))
    assert changed == []
    assert len(planted) > 150
    assert len(forms) > 40
    assert len(wrote) > 12  # forms that are taken, so that there is something to change


def difference(some: dict[str, list[str]], others: dict[str, list[str]]) -> list[str]:
    return [f"{label} {row}" for label, told in some.items() for row in set(told) ^ set(others[label])]


def _is_meant(name: str, more: dict[str, str], answered: int, nothing_written: bool) -> bool:
    asked_before = ASKED_FOR_BEFORE.get(name, set()) & more.keys()
    return nothing_written and (bool(asked_before) or (name in REFUSES and answered == 422))


def test_of_a_field_sent_twice_one_value_counts_in_every_check() -> None:
    """Not one for who may and another for what is done: both read the same."""
    assert QueryDict("state=active&state=ended")["state"] == "ended"
