"""Whatever is sent to the levers of a what-if: an answer in words or a refusal in words, never a fault."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.models import Organisation, Person, RuleKind
from scoring import tasks
from scoring.models import WhatIfState
from tests.integration.partnerships.test_odd_values import ODD, assert_explained, one_of_each_kind
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import scored, signed_in, words_of
from tests.integration.scoring.test_what_ifs import boxes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 5


Desk = tuple[Organisation, Person, Client, str]


@pytest.fixture
def desk(db: None) -> Desk:
    """Four partnerships: the first needs the second, the third is a duty, and neither of the last two goes with it."""
    organisation, lead, _ = portfolio(4, days=30)
    one, two, three, four = organisation.participations.order_by("pk")
    sustain = organisation.engagement_levels.get(code="sustain")
    organisation.participations.filter(pk=three.pk).update(mandate_level=sustain, mandate_source="Act")
    for facts in (
        RuleFacts(RuleKind.NEEDS, sustain.pk, "An order", (one.pk, two.pk), other_level=sustain.pk),
        RuleFacts(RuleKind.NOT_BOTH, sustain.pk, "An order", (three.pk, four.pk)),
    ):
        add_rule(organisation=organisation, by=lead, facts=facts)
    scored(organisation, lead)
    return organisation, lead, signed_in(lead), f"/o/{organisation.code}/what-if/"


def slug(desk: Desk, number: int) -> str:
    return f"partnership-{desk[0].code.lower()}-{number}"


def answer_to(desk: Desk, sent: dict[str, Any]) -> str:
    """The page of the what-if that was tried, with its answer."""
    organisation, _, client, address = desk
    page = client.post(address, sent)
    assert page.status_code == 302, page.content.decode()
    what_if = organisation.what_ifs.latest("pk")
    tasks.answer_what_if(what_if.pk)
    what_if.refresh_from_db()
    assert what_if.state == WhatIfState.DONE, what_if.failure
    return words_of(client, f"{address}{what_if.pk}/")


@pytest.mark.parametrize("what", ODD)
def test_an_odd_value_in_any_lever_is_no_fault(desk: Desk, what: str) -> None:
    _, _, client, address = desk
    sent = boxes(client, address)
    for box in [*one_of_each_kind(sent), "off"]:
        page = client.post(address, {**sent, box: ODD[what]})
        if page.status_code == 302:
            words = answer_to(desk, {**sent, box: ODD[what]})
            assert "You can deliver" in words or "This does not fit." in words, (box, what)
        else:
            assert page.status_code == 200, (box, what)
            assert_explained(page, (box, what))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"days-executive": "0", "days-clinical": "0", "days-programme": "0"}, "This does not fit."),
        ({"days-executive": "100000"}, "You can deliver"),
        ({"days-executive": "0.01"}, "This does not fit."),
        ({"weight-patients": "0.01", "weight-staff": "0"}, "You can deliver"),
        ({"hurts_from": "0", "adds_nothing_at": "1"}, "You can deliver"),
        ({"hurts_from": "999", "adds_nothing_at": "1000"}, "You can deliver as much as is recommended"),
        ({"off": "on", "hurts_from": "40", "adds_nothing_at": "20"}, "You can deliver"),
    ],
)
def test_levers_pulled_as_far_as_they_go(desk: Desk, changed: dict[str, str], said: str) -> None:
    assert said in answer_to(desk, {**boxes(desk[2], desk[3]), **changed})


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({0: "hold:prioritise", 1: "hold:decline"}, "contradicts a duty or a rule.* Check Alliance 0 and Alliance 1"),
        ({3: "duty:sustain"}, "contradicts a duty or a rule.*Not both Alliance 2 and Alliance 3"),
        ({2: "hold:sustain", 3: "hold:prioritise"}, "contradicts a duty or a rule.*Not both Alliance 2 and Alliance 3"),
        ({2: "hold:decline", 3: "duty:prioritise"}, "You can deliver"),
        ({2: "no duty", 3: "duty:prioritise"}, "You can deliver"),
        (dict.fromkeys(range(4), "hold:decline"), "You can deliver .* less: 0.0 instead"),
        (dict.fromkeys((0, 1, 3), "duty:keep-in-touch"), "You can deliver"),
    ],
)
def test_duties_and_levels_in_conflict_are_named(desk: Desk, chosen: dict[int, str], said: str) -> None:
    sent = boxes(desk[2], desk[3]) | {slug(desk, number): choice for number, choice in chosen.items()}
    assert re.search(said, answer_to(desk, sent)), said


@pytest.mark.parametrize(
    "choice", ["hold:nothing", "duty:decline", "duty:", "hold:", "no duty", "decline", "hold:sustain\x00"]
)
def test_what_the_page_does_not_offer_is_refused_by_name(desk: Desk, choice: str) -> None:
    _, _, client, address = desk
    page = client.post(address, boxes(client, address) | {slug(desk, 0): choice})
    assert "Choose from the list what to try with Alliance 0." in page.content.decode()


def test_levers_of_nobody_change_nothing(desk: Desk) -> None:
    organisation, _, client, address = desk
    strangers = {"partnership-somebody-elses": "hold:decline", "days-nobodys": "1", "weight-no-such": "100", "x": "y"}
    page = client.post(address, boxes(client, address) | strangers)
    assert "Change at least one thing, then see what happens." in page.content.decode()
    assert not organisation.what_ifs.exists()


def test_ten_thousand_levers_are_refused_in_words(desk: Desk) -> None:
    _, _, client, address = desk
    page = client.post(address, {f"partnership-{number}": "hold:decline" for number in range(10_000)})
    assert page.status_code == 400
    assert "Nothing was saved." in page.content.decode()


@pytest.mark.parametrize("base", ["", "0", "-1", "x", "9" * 18, "9" * 5000, "١", "²", "1.5", "\x00"])
def test_a_base_that_is_no_run_is_the_newest(desk: Desk, base: str) -> None:
    organisation, _, client, address = desk
    sent = {**boxes(client, address), "days-executive": "20", "base": base}
    assert client.post(address, sent).status_code in (200, 302)
    for what_if in organisation.what_ifs.all():
        assert what_if.base_run == organisation.runs.get()


@pytest.mark.parametrize(
    "name", ["", " ", "\t", "a" * 81, "\x00", "<b>bold</b>", "é" * 80, "🙂", "\u202ereversed", "\u200b"]
)
def test_an_odd_name_is_refused_in_words_or_kept_as_it_is(desk: Desk, name: str) -> None:
    organisation, _, client, address = desk
    answer_to(desk, {**boxes(client, address), "days-executive": "20"})
    what_if = organisation.what_ifs.get()
    page = client.post(f"{address}{what_if.pk}/", {"name": name})
    what_if.refresh_from_db()
    if page.status_code == 200:
        assert_explained(page, ("name", name))
        assert what_if.name == ""
    else:
        assert what_if.name == name
        assert "<b>bold" not in words_of(client, f"{address}{what_if.pk}/")


@pytest.mark.parametrize(
    "query", ["one=x&other=y", "one=\x00&other=1", f"one={'9' * 5000}&other=1", "one=1", "other=", "one=%FF"]
)
def test_odd_comparisons_are_refused_in_words(desk: Desk, query: str) -> None:
    page = desk[2].get(f"{desk[3]}compare/?{query}")
    assert page.status_code in (200, 404)
    if page.status_code == 200:
        assert_explained(page, ("compare", query))
