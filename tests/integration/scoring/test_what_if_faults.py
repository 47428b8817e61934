"""What-ifs where two tabs or two workers meet, where the engine fails, and under ids that are not theirs."""

from __future__ import annotations

import datetime
import re
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from partnerships.models import AccessGrant, Organisation, Person, Role
from scoring import tasks
from scoring.actions import adopt_what_if, delete_what_if, save_what_if, try_on_newest, try_what_if
from scoring.adoption import adoption_of
from scoring.models import Run, WhatIf, WhatIfState
from scoring.runner import end_without_an_answer, leave_for_another
from scoring.what_if import Attention, Days, Duty, Weights
from tests.factories import PersonFactory
from tests.integration.partnerships.test_concurrency import at_once
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import scored, signed_in, words_of
from tests.integration.scoring.test_what_ifs import HTMX, boxes, held, saved, tried

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 20


@pytest.fixture(autouse=True)
def nobody_listens(empty_broker: None) -> None:
    """What these tests send waits in a broker of their own until they answer it themselves."""


def root(organisation: Organisation) -> str:
    return f"/o/{organisation.code}/what-if/"


def another_lead(organisation: Organisation) -> Person:
    person: Person = PersonFactory.create()
    AccessGrant.objects.create(organisation=organisation, person=person, role=Role.STRATEGY_LEAD)
    return person


def version_on(client: Client, address: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', words_of(client, address))
    assert found is not None
    return found[1]


def brought_again(what_if: WhatIf) -> None:
    """Carry the task out as a worker does to which the broker brings it a second time."""
    task: Any = tasks.answer_what_if
    task.push_request(delivery_info={"redelivered": True})
    try:
        task.run(what_if.pk)
    finally:
        task.pop_request()


# --- Twice at once


def test_the_button_pressed_twice_at_once_is_one_try_with_one_answer() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    scored(organisation, lead)
    client, address = signed_in(lead), root(organisation)
    sent = boxes(client, address, **{"days-executive": "12"})
    pages = at_once(*[lambda: signed_in(lead).post(address, sent)] * 4)
    what_if = organisation.what_ifs.get()
    assert {page["Location"] for page in pages} == {f"{address}{what_if.pk}/#what-if-answer"}
    at_once(*[lambda: tasks.answer_what_if(what_if.pk)] * 3)
    what_if.refresh_from_db()
    assert (what_if.state, what_if.attempts) == (WhatIfState.DONE, 1)


def test_saved_in_two_tabs_at_once_it_keeps_one_name_and_the_other_is_told() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    what_if = tried(organisation, lead, scored(organisation, lead))
    address = f"{root(organisation)}{what_if.pk}/"
    names = ["One name", "Another name"]
    pages = at_once(*(lambda name=name: signed_in(lead).post(address, {"name": name}, follow=True) for name in names))
    what_if.refresh_from_db()
    assert what_if.name in names
    lost = next(name for name in names if name != what_if.name)
    words = [re.sub(r"\s+", " ", page.content.decode()) for page in pages]
    assert (
        sum(f"saved as “{what_if.name}” already, so it keeps that name, and not “{lost}”" in page for page in words)
        == 1
    )
    part = signed_in(lead).post(address, {"name": lost}, headers=HTMX).content.decode()
    assert f"keeps the name it has, and not “{lost}”" in part


def test_two_saved_under_one_name_at_once_are_one_and_a_question() -> None:
    organisation, lead, executive = portfolio(3, days=30)
    run = scored(organisation, lead)
    ours, theirs = tried(organisation, lead, run), tried(organisation, executive, run)
    pages = at_once(
        lambda: signed_in(lead).post(f"{root(organisation)}{ours.pk}/", {"name": "Fewer"}),
        lambda: signed_in(executive).post(f"{root(organisation)}{theirs.pk}/", {"name": "FEWER"}),
    )
    assert sorted(page.status_code for page in pages) == [200, 302]
    refused = next(page for page in pages if page.status_code == 200)
    assert "You already have a what-if with this name." in refused.content.decode()
    assert organisation.what_ifs.saved().count() == 1


def test_adopted_in_two_tabs_at_once_it_is_adopted_once_and_both_are_told_by_whom() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    colleague = another_lead(organisation)
    what_if = saved(organisation, lead, scored(organisation, lead), Days("executive", 41))
    address = f"{root(organisation)}{what_if.pk}/adopt/"
    version = version_on(signed_in(lead), address)
    people = [lead, colleague]
    pages = at_once(
        *(lambda one=one: signed_in(one).post(address, {"version": version}, follow=True) for one in people)
    )
    what_if.refresh_from_db()
    words = [re.sub(r"\s+", " ", page.content.decode()) for page in pages]
    assert sum("Adopted “Fewer days”. Your partnerships are scored again with it." in page for page in words) == 1
    assert sum(f"{what_if.adopted_by} adopted “Fewer days” before you." in page for page in words) == 1
    assert organisation.capacity_quarters.get(pool__code="executive").days == 41
    assert organisation.runs.queued().count() == 1


def test_adopted_while_somebody_tries_it_on_the_newest_neither_is_lost() -> None:
    """Whichever comes first: it is adopted as it was shown, or worked out again and not adopted."""
    for number in range(4):
        organisation, lead, _ = portfolio(3, days=30)
        run = scored(organisation, lead)
        what_if = saved(organisation, lead, run, Days("executive", 41 + number), name=f"More {number}")
        newest = scored(organisation, lead)
        version = adoption_of(what_if, by=lead, on=timezone.localdate()).version
        outcomes = at_once(
            partial(adopt_what_if, what_if=what_if, by=lead, sources={}, expected_version=version),
            partial(try_on_newest, what_if=what_if, by=lead, run=newest),
        )
        now = WhatIf.objects.get(pk=what_if.pk)
        if now.adopted_at is None:
            assert isinstance(outcomes[0], ValidationError), outcomes
            assert "Look at its answer first, then adopt it." in outcomes[0].messages[0]
            assert (now.base_run, now.state) == (newest, WhatIfState.QUEUED)
        else:
            assert (now.base_run, now.state) == (run, WhatIfState.DONE), outcomes
            assert outcomes[1].pk != what_if.pk, "what was adopted was worked out again in place"


def test_a_failed_try_that_another_tab_saves_is_not_forgotten_by_trying_again() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    WhatIf.objects.filter(pk=what_if.pk).update(state=WhatIfState.FAILED, failure="A fault", finished_at=timezone.now())
    at_once(
        lambda: save_what_if(what_if=what_if, by=lead, name="Kept"),
        lambda: try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)]),
    )
    assert WhatIf.objects.get(pk=what_if.pk).name == "Kept"


# --- Deleted, or changed, in another tab


@pytest.mark.parametrize("button", [{"name": "Fewer"}, {"again": "yes"}, {"delete": "yes"}, {}])
def test_what_another_tab_deleted_says_so_and_what_to_do(button: dict[str, str]) -> None:
    organisation, lead, _ = portfolio(2)
    one = saved(organisation, lead, scored(organisation, lead))
    address = f"{root(organisation)}{one.pk}/"
    client = signed_in(lead)
    delete_what_if(what_if=one, by=lead)
    page = client.post(address, button) if button else client.get(address)
    assert page.status_code == 404
    assert "This what-if is not there" in page.content.decode()
    assert "start a new one" in page.content.decode()
    part = client.post(address, button, headers=HTMX) if button else client.get(address, headers=HTMX)
    assert part.status_code == 200, "htmx would show nothing"
    assert "This what-if is no longer there" in part.content.decode()
    assert "hx-trigger" not in part.content.decode()
    assert client.post(f"{address}adopt/", {"version": "x"}).status_code == 404


@pytest.mark.parametrize("path", ["again", "delete", "adopt/"])
def test_deleted_between_reading_and_writing_it_is_gone_and_not_a_fault(path: str) -> None:
    organisation, lead, _ = portfolio(2)
    one = saved(organisation, lead, scored(organisation, lead))
    address = f"{root(organisation)}{one.pk}/"
    data = {path: "yes"} if path != "adopt/" else {"version": version_on(signed_in(lead), f"{address}adopt/")}
    send = partial(signed_in(lead).post, address + (path if path == "adopt/" else ""), data)
    *pages, _ = at_once(send, send, partial(delete_what_if, what_if=one, by=lead))
    assert {page.status_code for page in pages} <= {302, 404}, pages


def test_inputs_changed_between_saving_and_adopting_are_shown_and_asked_about() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    slug = f"{organisation.code.lower()}-1"
    run = scored(organisation, lead)
    objectives = [one.code for one in organisation.objectives.all()]
    levers = [
        Days("executive", 41),
        Weights(tuple((one, 25.0) for one in objectives)),
        Duty(slug, "sustain"),
        Attention(12, 34),
    ]
    what_if = saved(organisation, lead, run, *levers)
    client, address = signed_in(lead), f"{root(organisation)}{what_if.pk}/adopt/"
    sent = {"version": version_on(client, address), f"source-{slug}": "Contract"}
    gone = organisation.participations.get(partnership__slug=slug)
    gone.state, gone.ended_on = "ended", timezone.localdate()
    gone.save()
    organisation.objectives.create(code="extra", name="Something new", position=9, top_of_range="Very new")
    scored(organisation, lead)
    page = re.sub(r"\s+", " ", client.post(address, sent).content.decode())
    assert "Somebody changed this meanwhile." in page
    assert page.count("It is no longer part of what you entered.") == 2
    assert "which has been replaced since" in page
    assert organisation.capacity_quarters.get(pool__code="executive").days == 30
    assert client.post(address, {"version": version_on(client, address)}).status_code == 302
    assert organisation.capacity_quarters.get(pool__code="executive").days == 41
    assert not organisation.objective_weights.exists()


def test_one_being_worked_out_again_is_not_adopted_and_says_so() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    what_if = saved(organisation, lead, scored(organisation, lead))
    client, address = signed_in(lead), f"{root(organisation)}{what_if.pk}/adopt/"
    sent = {"version": version_on(client, address)}
    try_on_newest(what_if=what_if, by=lead, run=scored(organisation, lead))
    page = re.sub(r"\s+", " ", client.post(address, sent).content.decode())
    assert "This what-if is being worked out. Look at its answer first, then adopt it." in page
    assert "Adopt and score again" not in page
    what_if.refresh_from_db()
    assert what_if.adopted_at is None


def test_a_role_that_was_taken_away_since_the_page_was_opened_adopts_nothing() -> None:
    organisation, lead, _ = portfolio(2, days=30)
    colleague = another_lead(organisation)
    what_if = saved(organisation, lead, scored(organisation, lead), Days("executive", 41))
    client, address = signed_in(colleague), f"{root(organisation)}{what_if.pk}/adopt/"
    sent = {"version": version_on(client, address)}
    colleague.access_grants.update(role=Role.EXECUTIVE)
    assert client.post(address, sent).status_code == 403
    colleague.access_grants.all().delete()
    assert client.post(address, sent).status_code == 404
    assert organisation.capacity_quarters.get(pool__code="executive").days == 30


# --- A worker that died, an engine that failed


def test_what_the_broker_brings_a_second_time_is_taken_from_the_dead_worker_at_once() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    assert WhatIf.objects.claim(what_if.pk, now=timezone.now())
    tasks.answer_what_if(what_if.pk)  # another sending of the same: the first worker may live
    what_if.refresh_from_db()
    assert what_if.state == WhatIfState.RUNNING
    brought_again(what_if)
    what_if.refresh_from_db()
    assert (what_if.state, what_if.attempts) == (WhatIfState.DONE, 2)


def test_one_that_kills_every_worker_is_given_up_with_what_to_do() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    for _ in range(tasks.MOST_ATTEMPTS):
        assert WhatIf.objects.claim(what_if.pk, now=timezone.now(), worker_died=True)
    brought_again(what_if)
    words = words_of(signed_in(lead), f"{root(organisation)}{what_if.pk}/")
    assert "Something went wrong on our side, 3 times. What you entered is safe." in words
    assert "Try again" in words


def test_a_fault_in_the_real_work_is_tried_three_times_said_and_tried_again_on_request() -> None:
    """What the run assumed is missing from its row, so that the fault is real and nothing of ours is replaced."""
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    sound = run.assumptions
    client = signed_in(lead)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    address = f"{root(organisation)}{what_if.pk}/"
    for attempt in range(1, tasks.MOST_ATTEMPTS + 1):
        Run.objects.filter(pk=run.pk).update(assumptions={})
        tasks.answer_what_if(what_if.pk)
        Run.objects.filter(pk=run.pk).update(assumptions=sound)
        what_if.refresh_from_db()
        assert what_if.attempts == attempt
        words = words_of(client, address)
        assert ("Something went wrong on our side, 3 times." in words) == (attempt == 3)
    assert "This could not be worked out." in words
    assert client.post(address, {"again": "yes"}).status_code == 302
    tasks.answer_what_if(what_if.pk)
    assert "You can deliver" in words_of(client, address)


def test_a_run_whose_inputs_the_engine_refuses_says_which_and_what_to_do() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    sound = run.frozen_inputs()
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    Run.objects.filter(pk=run.pk).update(document={**sound, "draws": -1})
    tasks.answer_what_if(what_if.pk)
    what_if.refresh_from_db()
    assert what_if.state == WhatIfState.FAILED
    assert re.search(r"any more: draws is negative.* Have your partnerships scored again", what_if.failure)


def test_late_is_said_only_of_what_is_late() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    claimed = WhatIf.objects.claim(what_if.pk, now=timezone.now())
    assert claimed is not None
    now = timezone.now()
    assert not claimed.is_late(now)
    assert claimed.is_late(now + datetime.timedelta(seconds=10))
    leave_for_another(claimed)
    again = WhatIf.objects.claim(what_if.pk, now=timezone.now())
    assert again is not None
    assert again.is_late(now)
    end_without_an_answer(again, "A fault")
    again.refresh_from_db()
    assert not again.is_late(now + datetime.timedelta(seconds=10))


# --- Ids that are not theirs


def test_another_organisations_what_if_and_run_are_nowhere_to_be_had() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    other, stranger, _ = portfolio(3, days=30)
    theirs = saved(organisation, lead, scored(organisation, lead), Days("executive", 41))
    own = saved(other, stranger, scored(other, stranger), Days("executive", 12), name="Own")
    client = signed_in(stranger)
    for code in (organisation.code, other.code):
        for path in ("", "adopt/"):
            address = f"/o/{code}/what-if/{theirs.pk}/{path}"
            for headers in ({}, HTMX):
                for page in (
                    client.get(address, headers=headers),
                    client.post(address, {"name": "Mine now"}, headers=headers),
                    client.post(address, {"again": "yes"}, headers=headers),
                    client.post(address, {"delete": "yes", "version": "x"}, headers=headers),
                ):
                    # To htmx on a page of their own: that there is no such what-if. Nothing of the other's is in it.
                    assert page.status_code == 404 or (code == other.code and headers)
                    words = page.content.decode()
                    assert "Fewer days" not in words
                    drawn = r"<svg.*?</svg>|<body[^>]*>|<input[^>]*csrf[^>]*>"  # shapes, and tokens made at random
                    assert "41" not in re.sub(drawn, "", words, flags=re.DOTALL)
    compared = client.get(f"{root(other)}compare/?one={own.pk}&other={theirs.pk}").content.decode()
    assert "Choose the second what-if" in compared
    assert "Fewer days" not in compared
    sent = boxes(client, root(other), **{"days-executive": "13"})
    client.post(root(other), {**sent, "base": str(theirs.base_run_id)})
    tried_now = other.what_ifs.first()
    assert tried_now is not None
    assert tried_now.base_run == own.base_run
    theirs.refresh_from_db()
    assert (theirs.name, theirs.state, theirs.organisation) == ("Fewer days", WhatIfState.DONE, organisation)


def test_a_partnership_of_another_organisation_is_no_lever() -> None:
    organisation, lead, _ = portfolio(2, days=30)
    other, stranger, _ = portfolio(2, days=30)
    scored(organisation, lead)
    scored(other, stranger)
    client = signed_in(stranger)
    sent = boxes(client, root(other))
    page = client.post(root(other), {**sent, f"partnership-{organisation.code.lower()}-0": "hold:decline"})
    assert "Change at least one thing" in page.content.decode()
    assert not other.what_ifs.exists()


# --- Signed out meanwhile


def test_signed_out_in_another_tab_htmx_leaves_for_the_sign_in_page() -> None:
    organisation, lead, _ = portfolio(2, days=30)
    one = saved(organisation, lead, scored(organisation, lead))
    address = f"{root(organisation)}{one.pk}/"
    for send in (Client().get, Client().post):
        page = send(address, headers={**HTMX, "HX-Current-URL": f"http://testserver{address}?a=b"})
        assert page["HX-Redirect"] == f"/accounts/login/?next={address}%3Fa%3Db"
        assert b"<form" not in page.content


def test_held_in_and_out_at_once_the_last_said_holds() -> None:
    """A partnership has one box, so a browser cannot say both; who sends both by hand sees which."""
    organisation, lead, _ = portfolio(3, days=30)
    scored(organisation, lead)
    client, address = signed_in(lead), root(organisation)
    box = f"partnership-{organisation.code.lower()}-0"
    client.post(address, {**boxes(client, address), box: ["hold:prioritise", "hold:decline"]})
    assert organisation.what_ifs.get().pulled == [held(organisation, 0, "decline")]
