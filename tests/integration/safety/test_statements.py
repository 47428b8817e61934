"""Text that would end our statement and begin its own, in every field of every form and every query parameter: it is
text, and no statement of anybody else's is run (SQL injection).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.integration.safety.addresses import routes
from tests.integration.safety.contents import forms_of
from tests.integration.safety.filling_in import Found, filled_in
from tests.integration.safety.reading import reading
from tests.integration.safety.test_other_ids import QUERY
from tests.integration.safety.world import World, undone

pytestmark = pytest.mark.django_db

# Run, it leaves a mark in the session that is looked for after each request, before all is undone.
LEAVES_A_MARK = "; SELECT set_config('tests.injected', 'yes', false); --"
# What could end the place in a statement where a value stands: a text, a text in brackets, a name, a number.
HOSTILE = [f"{end}{LEAVES_A_MARK}" for end in ("1'", "1')", '1"', "1")]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def is_marked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tests.injected', true) = 'yes'")
        return bool(cursor.fetchone()[0])


def wrong_with(
    world: World, who: str, method: str, address: str, data: Any = None, taken: set[str] | None = None
) -> str:
    """What a request did that it should not have; nothing where all is well. Its address is added to those ``taken``
    where it was sent on from there, as from a form that is done.
    """
    with undone():
        answer = getattr(world.as_(who), method)(address, data)
        if taken is not None and answer.status_code == 302:
            taken.add(address)
        if answer.status_code >= 500:  # a statement that was no statement any more
            return f"{who} {method} {address}: {answer.status_code}"
        return f"{who} {method} {address}: ran" if is_marked() else ""


def test_the_mark_is_seen_where_a_statement_runs(world: World) -> None:
    with undone(), connection.cursor() as cursor:
        assert not is_marked()
        cursor.execute(f"SELECT '{HOSTILE[0]}'")  # the very thing that nothing of ours may do
        assert is_marked()
    assert not is_marked()


def test_in_every_field_of_every_form_it_is_text(world: World, forms: list[Found]) -> None:
    """In every box at once, which most forms refuse; and in those for words alone, which is taken and stored."""
    wrong, taken = list[str](), set[str]()
    for one in forms:
        for text in HOSTILE:
            wrong.append(wrong_with(world, one.who, "post", one.to, dict.fromkeys(one.form.offered, text)))
            for sent in filled_in(one.form) if one.words else ():
                wrong.append(wrong_with(world, one.who, "post", one.to, sent | dict.fromkeys(one.words, text), taken))
    assert [one for one in wrong if one] == []
    assert len(forms) > 50
    assert len(taken) > 7  # forms that are done with them


def test_in_every_query_parameter_it_is_text(world: World) -> None:
    wrong = list[str]()
    for route in routes():
        address = route.at(world.own)
        with reading() as read:
            page = world.ask("strategy_lead", "get", address)
        fields = {name for form in forms_of(page) for name in form.offered} | set(QUERY)
        for text in HOSTILE if read else HOSTILE[:1]:
            for names in [fields, *({name} for name in sorted(read))]:
                query = urlencode(dict.fromkeys(names, text))
                wrong.append(wrong_with(world, "strategy_lead", "get", f"{address}?{query}"))
    assert [one for one in wrong if one] == []
