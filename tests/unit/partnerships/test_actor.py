"""What goes in front of a statement that writes, and what of an address is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from partnerships.actor import address_of, answering, commanding, loading_register, said_before, who

END = ", set_config('triage.loading_register', '', true); "


def request_for(path: str) -> Any:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(request.path)
    return request


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/o/RH5/partnerships/frailty-at-home/edit/days/", "/o/RH5/partnerships/frailty-at-home/edit/days/"),
        ("/o/RH5/people/12/?next=/secret", "/o/RH5/people/12/"),
        ("/o/R'H%5/capacity/", "/o/R%27H%255/capacity/"),
        ("/s/abcdefghijklmnop/", "/s/…/"),
    ],
)
def test_an_address_is_kept_without_its_query_and_its_secrets(path: str, kept: str) -> None:
    assert address_of(request_for(path)) == kept


def test_an_address_that_nobody_answers_is_none() -> None:
    assert address_of(RequestFactory().get("/nowhere/")) == ""


def test_a_statement_that_reads_says_nothing_of_who_it_is() -> None:
    assert said_before("  select 1", {"kind": "task"}) == ""
    assert said_before("UPDATE a SET b = 1", None) == f"SELECT set_config('pghistory.context_metadata', '', true){END}"


def test_what_loads_a_register_says_so_and_what_comes_after_takes_it_back() -> None:
    with loading_register():
        assert "set_config('triage.loading_register', 'on', true)" in said_before("INSERT", None)
    assert "set_config('triage.loading_register', '', true)" in said_before("INSERT", None)


def test_nothing_in_it_means_anything_to_the_database_or_the_driver() -> None:
    context = {"kind": "person", "at": "/o/'); DROP TABLE x; --%s\\"}
    before = said_before("INSERT", context)
    text = before.removeprefix("SELECT set_config('pghistory.context_metadata', '").removesuffix(f"', true){END}")
    assert "'" not in text
    assert "%" not in text
    assert json.loads(text) == context


def test_who_is_known_only_while_something_goes_on() -> None:
    assert who(person=1, organisations=(2,)) is None
    with commanding("import_portfolio"):
        assert who(person=None, organisations=(2,)) == {"kind": "command", "organisation": 2, "at": "import_portfolio"}
        assert who(person=1, organisations=(2, 3)) == {"kind": "command", "person": 1, "at": "import_portfolio"}
    with answering(RequestFactory().get("/")):
        assert who(person=None, organisations=(2,)) is None
