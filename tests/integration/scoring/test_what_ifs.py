"""What-ifs: trying, saving, comparing and adopting them, and whom the pages refuse."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions.criteria import set_ranking
from partnerships.actions.pool_shares import record_share
from partnerships.models import Organisation, Person, Quarter
from partnerships.signals import announce_change
from scoring import tasks
from scoring.actions import adopt_what_if, delete_what_if, save_what_if, try_on_newest, try_what_if
from scoring.adoption import adoption_of
from scoring.engine import solve
from scoring.models import Run, TippingPoint, WhatIf, WhatIfState
from scoring.runner import carrying_out, end_without_an_answer, working_out
from scoring.what_if import Attention, Days, Duty, Held, NoTippingPoint, Weights
from tests.factories import organisation_with_people
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_models import checked_at_once
from tests.integration.scoring.test_pages import queued, running, scored, signed_in, words_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 20


def tried(organisation: Organisation, by: Person, run: Run, *levers: Any) -> WhatIf:
    """A what-if with its answer."""
    what_if = try_what_if(organisation=organisation, by=by, run=run, levers=levers or [Days("executive", 12)])
    tasks.answer_what_if(what_if.pk)
    what_if.refresh_from_db()
    return what_if


def saved(organisation: Organisation, by: Person, run: Run, *levers: Any, name: str = "Fewer days") -> WhatIf:
    return save_what_if(what_if=tried(organisation, by, run, *levers), by=by, name=name)


def boxes(page: Client, address: str, **changed: str) -> dict[str, str]:
    """What a browser would send: every box of the form as the page shows it, and what is changed."""
    html = page.get(address).content.decode()
    form = html[html.index('class="what-if__levers"') : html.index('id="what-if-answer"')]
    typed = dict(re.findall(r'<input[^>]*? name="([\w-]+)"[^>]*? value="([^"]*)"', form))
    typed.pop("off", None)
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        typed[name] = chosen[1] if chosen else ""
    return {**typed, **changed}


def held(organisation: Organisation, number: int, level: str) -> Held:
    return Held(f"{organisation.code.lower()}-{number}", level)


def test_without_javascript_a_try_gets_an_address_and_its_answer() -> None:
    organisation, lead, _ = portfolio(5, days=30)
    run = scored(organisation, lead)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    sent = client.post(address, boxes(client, address, **{"days-executive": "12"}))
    what_if = organisation.what_ifs.get()
    assert sent["Location"] == f"{address}{what_if.pk}/#what-if-answer"
    assert (what_if.levers, what_if.base_run, what_if.requested_by) == (
        [{"kind": "days", "pool": "executive", "days": 12.0}],
        run,
        lead,
    )
    waiting = words_of(client, f"{address}{what_if.pk}/")
    assert "The answer is delayed" in waiting  # the test's broker has never been told
    tasks.answer_what_if(what_if.pk)
    words = words_of(client, f"{address}{what_if.pk}/")
    assert "Executive days: 12 a quarter instead of 30" in words
    assert re.search(r"You can deliver [\d.]+ points of value less: [\d.]+ instead of [\d.]+\.", words)
    assert re.search(r"Alliance \d</a> moves down from “Prioritise” to <strong>“[\w ]+”</strong>", words)
    assert "Executive days used" in words
    assert "of 11" in words or "of 10.8" in words
    assert 'value="12"' in words


def test_with_htmx_the_answer_comes_without_a_reload_and_the_polling_ends() -> None:
    organisation, lead, _ = portfolio(4, days=30)
    scored(organisation, lead)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    sent = client.post(address, boxes(client, address, **{"days-executive": "12"}), headers=HTMX)
    what_if = organisation.what_ifs.get()
    own = f"{address}{what_if.pk}/"
    assert sent["HX-Push-Url"] == own
    part = sent.content.decode()
    assert "<html" not in part
    assert f'hx-get="{own}"' in part
    assert 'hx-trigger="load delay:3s, every 5s"' in part
    WhatIf.objects.update(sent_at=timezone.now())
    assert 'hx-trigger="load delay:150ms, every 5s"' in client.get(own, headers=HTMX).content.decode()
    tasks.answer_what_if(what_if.pk)
    answer = client.get(own, headers=HTMX).content.decode()
    assert "You can deliver" in answer
    assert "hx-trigger" not in answer
    assert "<html" not in answer
    whole = client.get(own, headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert b"<html" in whole.content
    assert "HX-Request" in whole["Vary"]


@pytest.mark.django_db(transaction=True)
def test_what_the_broker_took_is_not_called_delayed() -> None:
    organisation, lead, _ = portfolio(2, days=30)
    scored(organisation, lead)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    part = client.post(address, boxes(client, address, **{"days-executive": "12"}), headers=HTMX).content.decode()
    assert "delayed" not in part
    assert 'hx-trigger="load delay:150ms, every 5s"' in part


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days-executive": ""}, "Enter the executive days a quarter."),
        ({"days-executive": "-1"}, "Enter the executive days a quarter as 0 or more."),
        ({"days-executive": "NaN"}, "Enter the executive days a quarter as a number"),
        ({"days-executive": "many"}, "Enter the executive days a quarter as a number"),
        ({"weight-patients": "101"}, "Enter points from 0 to 100"),
        ({"hurts_from": "40"}, "Enter more than 40 points"),
        ({"hurts_from": ""}, "Enter the points at which one more starts to hurt the others."),
        ({}, "Change at least one thing"),
    ],
)
def test_what_is_typed_wrong_is_explained_and_kept(typed: dict[str, str], said: str) -> None:
    organisation, lead, _ = portfolio(3, days=30)
    scored(organisation, lead)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    sent = boxes(client, address, **{"days-clinical": "201", **typed} if typed else {})
    for headers in ({}, HTMX):
        page = client.post(address, sent, headers=headers)
        words = re.sub(r"\s+", " ", page.content.decode())
        assert page.status_code == 200
        assert said in words
        assert "Error: " in words
        for box in ("days-clinical", *typed):
            assert sent[box] == "" or f'value="{sent[box]}"' in words
        assert page.headers.get("HX-Retarget") == ("#what-if" if headers else None)
    assert not organisation.what_ifs.exists()


def test_no_weight_at_all_is_refused() -> None:
    organisation, lead, _ = portfolio(2)
    scored(organisation, lead)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    sent = boxes(client, address)
    page = client.post(address, sent | {box: "0" for box in sent if box.startswith("weight-")})
    assert "Give at least one objective more than 0 points." in page.content.decode()
    page = client.post(address, sent | {box: "0" for box in sent if box.startswith("way-")})
    assert "Give at least one way more than 0 points." in page.content.decode()
    page = client.post(address, sent | {"way-learn": "101", "weight-money": ""})
    assert "Enter points from 0 to 100 for Learn and improve together; 0 is of" in page.content.decode()
    assert "Enter points from 0 to 100 for Money well spent; 0 is of" in page.content.decode()


def test_the_ways_are_weighed_on_the_page_named_in_words_and_compared() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    run = scored(organisation, lead)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    typed = boxes(client, address)
    assert {box: typed[box] for box in typed if box.startswith("way-")} == dict.fromkeys(
        ("way-join-up", "way-learn", "way-pool", "way-align"), "25"
    )
    client.post(address, typed | {"way-join-up": "100", "way-learn": "0", "way-pool": "100", "way-align": "0"})
    what_if = organisation.what_ifs.get()
    given = (("join-up", 100.0), ("learn", 0.0), ("pool", 100.0), ("align", 0.0))
    assert what_if.pulled == [Weights(ways=given)]
    tasks.answer_what_if(what_if.pk)
    words = words_of(client, f"{address}{what_if.pk}/")
    changed = "Weights on the ways: Join up care 50% instead of 25%, Learn and improve together 0% instead of 25%, Pool"
    assert changed in words
    assert boxes(client, f"{address}{what_if.pk}/")["way-join-up"] == "100"
    what_if.refresh_from_db()
    assert what_if.kept_value is not None
    # Every rating is on the one way that now has twice its weight.
    assert what_if.kept_value > 1.5 * run.outcome()["advised"]["total_value"]
    save_what_if(what_if=what_if, by=lead, name="Two ways")
    other = saved(organisation, lead, run, name="Fewer")
    compared = words_of(client, f"{address}compare/?one={what_if.pk}&other={other.pk}")
    assert changed in compared


def test_every_lever_that_the_page_offers_arrives() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    top = organisation.engagement_levels.get(code="sustain")
    organisation.participations.filter(partnership__slug__endswith="-2").update(mandate_level=top, mandate_source="Act")
    scored(organisation, lead)
    slug = f"partnership-{organisation.code.lower()}"
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    typed = boxes(client, address)
    weights = {box: "50" if box == "weight-patients" else "10" for box in typed if box.startswith("weight-")}
    chosen = {f"{slug}-0": "hold:decline", f"{slug}-1": "duty:sustain", f"{slug}-2": "no duty"}
    client.post(address, typed | weights | chosen | {"hurts_from": "5"})
    objectives = [one.code for one in organisation.objectives.all()]
    assert organisation.what_ifs.get().pulled == [
        Weights(tuple((one, 50.0 if one == "patients" else 10.0) for one in objectives)),
        held(organisation, 0, "decline"),
        Duty(f"{organisation.code.lower()}-1", "sustain"),
        Duty(f"{organisation.code.lower()}-2", None),
        Attention(5, 40),
    ]
    words = words_of(client, f"{address}{organisation.what_ifs.get().pk}/")
    assert 'value="hold:decline" selected' in words
    client.post(address, typed | {"off": "on"})
    assert organisation.what_ifs.first().pulled == [NoTippingPoint()]  # type: ignore[union-attr]


def test_nothing_pulled_gives_the_recommendation_itself() -> None:
    """A duty to do at least nothing changes nothing in any draw, and so no recommendation and no confidence."""
    organisation, lead, _ = portfolio(6, days=20, reviewed=False)
    run = scored(organisation, lead)
    duty = tried(organisation, lead, run, Duty(f"{organisation.code.lower()}-0", "decline"))
    before = {one["id"]: (one["advised_level"], one["confidence"]) for one in run.outcome()["partnerships"]}
    after = {one["id"]: (one["advised_level"], one["confidence"]) for one in duty.outcome()["partnerships"]}
    assert after == before
    words = words_of(signed_in(lead), f"/o/{organisation.code}/what-if/{duty.pk}/")
    assert "You can deliver as much as is recommended. No partnership moves to another level." in words


def test_other_weights_are_measured_against_the_same_recommendation() -> None:
    organisation, lead, _ = portfolio(4, days=20)
    run = scored(organisation, lead)
    objectives = [one.code for one in organisation.objectives.all()]
    weights = Weights(tuple((one, 100.0 if one == "patients" else 0.0) for one in objectives))
    what_if = tried(organisation, lead, run, weights)
    assert what_if.kept_value is not None
    # Every rating is on one objective, so that with all the weight on it all values rise alike.
    assert what_if.kept_value > 2 * run.outcome()["advised"]["total_value"]
    assert what_if.outcome()["advised"]["total_value"] >= what_if.kept_value - 1e-6
    words = words_of(signed_in(lead), f"/o/{organisation.code}/what-if/{what_if.pk}/")
    assert "“Recommended” is what keeping to the recommendation would be worth, measured in the same way" in words


def test_what_does_not_fit_says_what_is_missing() -> None:
    organisation, lead, _ = portfolio(4, days=30)
    run = scored(organisation, lead)
    levers = [held(organisation, number, "prioritise") for number in range(4)]
    short = tried(organisation, lead, run, Days("executive", 10), *levers)
    words = words_of(signed_in(lead), f"/o/{organisation.code}/what-if/{short.pk}/")
    assert "This does not fit. Duties and the levels you held need at least 15 executive days a quarter more" in words
    assert "In numbers" not in words


def test_the_same_try_sent_twice_is_one_and_is_answered_once() -> None:
    organisation, lead, executive = portfolio(3)
    run = scored(organisation, lead)
    first = tried(organisation, lead, run)
    assert tried(organisation, lead, run) == first
    assert first.attempts == 1
    assert tried(organisation, executive, run) != first
    assert organisation.what_ifs.count() == 2


def test_a_failed_try_is_tried_again() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = tried(organisation, lead, run)
    WhatIf.objects.filter(pk=what_if.pk).update(state=WhatIfState.FAILED, result=None, failure="A fault")
    words = words_of(signed_in(lead), f"/o/{organisation.code}/what-if/{what_if.pk}/")
    assert "This could not be worked out." in words
    assert tried(organisation, lead, run).state == WhatIfState.DONE


def test_a_fault_of_ours_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(what_if: WhatIf) -> None:
        raise ZeroDivisionError("a fault put in by the test")

    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    monkeypatch.setattr(tasks, "work_out", broken)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    states = []
    for _ in range(tasks.MOST_ATTEMPTS):
        tasks.answer_what_if(what_if.pk)
        what_if.refresh_from_db()
        states.append(what_if.state)
    assert states == [WhatIfState.RUNNING, WhatIfState.RUNNING, WhatIfState.FAILED]
    assert "on our side, 3 times" in what_if.failure


def test_the_reconciler_sends_again_gives_up_and_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    ago = timezone.now() - datetime.timedelta(minutes=10)
    waiting, dead, hopeless, old, kept = (
        try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", days)]) for days in range(5)
    )
    WhatIf.objects.filter(pk__in=[waiting.pk, dead.pk, hopeless.pk]).update(requested_at=ago)
    assert WhatIf.objects.claim(dead.pk, now=ago)
    for attempt in range(tasks.MOST_ATTEMPTS):
        assert WhatIf.objects.claim(hopeless.pk, now=ago + datetime.timedelta(minutes=2 * attempt))
    WhatIf.objects.filter(pk__in=[old.pk, kept.pk]).update(requested_at=ago - datetime.timedelta(days=8))
    tasks.answer_what_if(kept.pk)
    save_what_if(what_if=kept, by=lead, name="Kept")
    sent: list[int] = []

    def remember(number: int) -> bool:
        sent.append(number)
        return True

    monkeypatch.setattr(tasks, "send_what_if", remember)
    tasks.queue_again()
    assert set(sent) == {waiting.pk, dead.pk}
    assert set(organisation.what_ifs.values_list("pk", flat=True)) == {waiting.pk, dead.pk, hopeless.pk, kept.pk}
    hopeless.refresh_from_db()
    assert "Something went wrong on our side" in hopeless.failure


def test_a_worker_that_lost_its_what_if_writes_nothing() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = try_what_if(organisation=organisation, by=lead, run=run, levers=[Days("executive", 1)])
    slow = WhatIf.objects.claim(what_if.pk, now=timezone.now() - datetime.timedelta(hours=1))
    assert slow is not None
    tasks.answer_what_if(what_if.pk)
    end_without_an_answer(slow, "Too late")
    what_if.refresh_from_db()
    assert (what_if.state, what_if.failure, what_if.attempts) == (WhatIfState.DONE, "", 2)


def test_saving_with_and_without_htmx_and_a_name_that_is_taken() -> None:
    organisation, lead, executive = portfolio(3)
    run = scored(organisation, lead)
    one = tried(organisation, lead, run)
    address = f"/o/{organisation.code}/what-if/{one.pk}/"
    client = signed_in(lead)
    refused = client.post(address, {"name": "  "})
    assert "Enter a name, so that you find it again." in refused.content.decode()
    done = client.post(address, {"name": "  Fewer   days "})
    assert done["Location"] == address
    one.refresh_from_db()
    assert (one.name, one.saved_by) == ("Fewer days", lead)
    other = tried(organisation, executive, run)
    theirs = f"/o/{organisation.code}/what-if/{other.pk}/"
    taken = signed_in(executive).post(theirs, {"name": "fewer days"}, headers=HTMX).content.decode()
    assert "You already have a what-if with this name." in taken
    assert 'value="fewer days"' in taken
    part = signed_in(executive).post(theirs, {"name": "My own"}, headers=HTMX).content.decode()
    assert "Saved as <strong>“My own”</strong>" in part
    assert re.search(r'<h1 id="what-if-heading" hx-swap-oob="true">.*?My own\s*</h1>', part, re.DOTALL)
    assert re.search(r'id="saved-what-ifs"[^>]*hx-swap-oob="true"', part)
    assert "<html" not in part
    listed = words_of(client, f"/o/{organisation.code}/what-if/")
    assert "My own</a>, saved by" in listed
    assert "Compare two" in listed


def test_two_are_compared_side_by_side() -> None:
    organisation, lead, _ = portfolio(5, days=30)
    run = scored(organisation, lead)
    one = saved(organisation, lead, run, Days("executive", 12), name="Fewer days")
    other = saved(organisation, lead, run, held(organisation, 0, "decline"), name="Without the first")
    address = f"/o/{organisation.code}/what-if/compare/"
    words = words_of(signed_in(lead), f"{address}?one={one.pk}&other={other.pk}")
    assert "Executive days: 12 a quarter instead of 30" in words
    assert "Alliance 0: held at “Decline”" in words
    assert "Partnerships that move" in words
    assert "Against keeping to the recommendation" in words
    assert "Choose two different what-ifs." in words_of(signed_in(lead), f"{address}?one={one.pk}&other={one.pk}")
    assert "Choose the first what-if" in words_of(signed_in(lead), f"{address}?one=99999&other={one.pk}")
    assert "Compare two what-ifs" in words_of(signed_in(lead), address)


def test_comparing_what_is_unfinished_or_starts_from_another_run() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    one = saved(organisation, lead, scored(organisation, lead), name="Old")
    newer = scored(organisation, lead)
    other = saved(organisation, lead, newer, Days("executive", 3), name="New")
    unfinished = try_what_if(organisation=organisation, by=lead, run=newer, levers=[Days("executive", 4)])
    save_what_if(what_if=unfinished, by=lead, name="Not yet")
    address = f"/o/{organisation.code}/what-if/compare/"
    client = signed_in(lead)
    assert "start from different recommendations" in words_of(client, f"{address}?one={one.pk}&other={other.pk}")
    assert "has no answer yet" in words_of(client, f"{address}?one={one.pk}&other={unfinished.pk}")


def test_a_replaced_recommendation_is_named_and_the_what_if_tried_on_the_newest() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/"
    old = scored(organisation, lead)
    typed = boxes(client, address, **{"days-executive": "12"})
    new = scored(organisation, lead)
    client.post(address, typed)  # from a tab that was opened before
    what_if = organisation.what_ifs.get()
    assert what_if.base_run == old
    tasks.answer_what_if(what_if.pk)
    own = f"{address}{what_if.pk}/"
    assert "which has been replaced since" in words_of(client, own)
    again = client.post(own, {"again": "yes"})
    newest = organisation.what_ifs.exclude(pk=what_if.pk).get()
    assert again["Location"] == f"{address}{newest.pk}/#what-if-answer"
    assert newest.base_run == new
    tasks.answer_what_if(newest.pk)
    assert "which has been replaced since" not in words_of(client, f"{address}{newest.pk}/")


def test_a_saved_one_keeps_its_name_on_the_newest_and_loses_levers_that_are_gone() -> None:
    organisation, lead, _ = portfolio(3, days=30)
    run = scored(organisation, lead)
    one = saved(organisation, lead, run, Days("executive", 12), held(organisation, 2, "decline"))
    only = saved(organisation, lead, run, held(organisation, 2, "decline"), name="Only that")
    gone = organisation.participations.get(partnership__slug__endswith="-2")
    gone.state = "ended"
    gone.ended_on = timezone.localdate()
    gone.save()
    newest = scored(organisation, lead)
    again = try_on_newest(what_if=one, by=lead, run=newest)
    assert (again.pk, again.name, again.pulled) == (one.pk, "Fewer days", [Days("executive", 12)])
    tasks.answer_what_if(again.pk)
    again.refresh_from_db()
    assert again.state == WhatIfState.DONE
    own = f"/o/{organisation.code}/what-if/{only.pk}/"
    client = signed_in(lead)
    assert client.post(own, {"again": "yes"}).status_code == 302
    assert "is there any more. Start a new one." in words_of(client, own)


def test_adopting_changes_the_inputs_by_name_and_asks_for_a_run(django_capture_on_commit_callbacks: Any) -> None:
    organisation, lead, _ = portfolio(3, days=30)
    run = scored(organisation, lead)
    slug = organisation.code.lower()
    objectives = [one.code for one in organisation.objectives.all()]
    levers = [
        Days("executive", 41.5),
        Weights(tuple((one, 70.0 if one == "patients" else 10.0) for one in objectives)),
        Duty(f"{slug}-1", "sustain"),
        held(organisation, 2, "decline"),
        Attention(12, 34),
    ]
    one = saved(organisation, lead, run, *levers)
    address = f"/o/{organisation.code}/what-if/{one.pk}/adopt/"
    client = signed_in(lead)
    words = words_of(client, address)
    assert "30 days" in words
    assert "41.5 days" in words
    assert "Alliance 2: held at “Decline”. A level is not something you enter" in words
    version = re.search(r'name="version" value="(\w+)"', words)
    assert version is not None
    sent = {"version": version[1]}
    assert "Enter where the duty for Alliance 1 is written." in client.post(address, sent).content.decode()
    sent[f"source-{slug}-1"] = "Contract of 2026"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, sent)["Location"] == f"/o/{organisation.code}/"
    quarter = Quarter.containing(timezone.localdate()).first_day
    row = organisation.capacity_quarters.get(pool__code="executive", quarter=quarter)
    assert (row.days, row.reserve_percent) == (Decimal("41.5"), Decimal(10))
    mine = organisation.objective_weights.get(decision_maker=lead, objective__code="patients")
    assert mine.points == 70
    obliged = organisation.participations.get(partnership__slug=f"{slug}-1")
    assert obliged.mandate_level is not None
    assert (obliged.mandate_level.code, obliged.mandate_source) == ("sustain", "Contract of 2026")
    assert TippingPoint.objects.get(organisation=organisation).set_by == lead
    one.refresh_from_db()
    assert one.adopted_by == lead
    assert organisation.runs.queued().count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, sent)  # pressed a second time, or in a second tab
    assert organisation.runs.count() == 2
    assert f"{lead} adopted this on" in words_of(client, address)
    assert "It stays, so that people can see" in words_after_deleting(client, organisation, one)


def words_after_deleting(client: Client, organisation: Organisation, one: WhatIf) -> str:
    own = f"/o/{organisation.code}/what-if/{one.pk}/"
    assert client.post(own, {"delete": "yes"})["Location"] == own
    return words_of(client, own)


def test_days_adopted_for_a_shared_pool_are_recorded_for_the_whole_of_it() -> None:
    organisation, lead, _ = portfolio(3, days=40)
    pool = organisation.capacity_pools.get(code="executive")
    record_share(
        organisation=organisation,
        by=lead,
        pool=pool,
        shared_with="Two trusts",
        percent=Decimal(40),
        from_quarter=Quarter.containing(timezone.localdate()),
        until_quarter=None,
    )
    what_if = saved(organisation, lead, scored(organisation, lead), Days("executive", 12))
    adoption = adoption_of(what_if, by=lead, on=timezone.localdate())
    assert (adoption.changes[0].now, adoption.changes[0].becomes) == (
        "16 days",
        "12 days: 40% of 30 in the whole shared pool",
    )
    adopt_what_if(what_if=what_if, by=lead, sources={}, expected_version=adoption.version)
    assert organisation.capacity_quarters.get(pool=pool).days == Decimal(30)
    after = next(one["days"] for one in scored(organisation, lead).frozen_inputs()["pools"] if one["id"] == "executive")
    assert after == 12.0


def test_weights_adopted_by_somebody_who_ranked_take_the_place_of_the_ranking() -> None:
    organisation, lead, _ = portfolio(3)
    places = {one.pk: 1 for one in organisation.objectives.all()}
    set_ranking(organisation=organisation, by=lead, objective_places=places, way_places={})
    points = Weights(tuple((one.code, 25.0) for one in organisation.objectives.all()))
    what_if = saved(organisation, lead, scored(organisation, lead), points)
    adoption = adoption_of(what_if, by=lead, on=timezone.localdate())
    assert adoption.changes[0].now == "Your ranking, which the points replace"
    adopt_what_if(what_if=what_if, by=lead, sources={}, expected_version=adoption.version)
    assert not organisation.objective_ranks.exists()
    assert organisation.objective_weights.filter(decision_maker=lead).count() == 4


@pytest.mark.parametrize("kind", ["objective", "way"])
def test_a_ranking_that_another_tab_changed_is_not_overwritten_unseen(kind: str) -> None:
    organisation, lead, _ = portfolio(5, days=30)
    objectives, ways = organisation.objectives.all(), organisation.ways_of_creating_value.all()
    places: dict[str, Any] = {
        "objective_places": {one.pk: place for place, one in enumerate(objectives, start=1)},
        "way_places": {one.pk: place for place, one in enumerate(ways, start=1)},
    }
    set_ranking(organisation=organisation, by=lead, **places)
    run = scored(organisation, lead)
    what_if = saved(organisation, lead, run, Weights(tuple((one.code, 25.0) for one in objectives)))
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/{what_if.pk}/adopt/"
    version = re.search(r'name="version" value="(\w+)"', words_of(client, address))
    assert version is not None
    changed = places[f"{kind}_places"]
    reordered = dict(zip(changed, reversed(changed.values()), strict=True))
    set_ranking(organisation=organisation, by=lead, **(places | {f"{kind}_places": reordered}))
    page = client.post(address, {"version": version[1]}).content.decode()
    assert "Somebody changed this meanwhile." in page
    assert organisation.objective_ranks.count() == 4
    again = re.search(r'name="version" value="(\w+)"', page)
    assert again is not None
    assert client.post(address, {"version": again[1]}).status_code == 302
    assert not organisation.objective_ranks.exists()


def adopted_by(client: Client, what_if: WhatIf) -> str:
    """What the page showed before it was adopted."""
    address = f"/o/{what_if.organisation.code}/what-if/{what_if.pk}/adopt/"
    words = words_of(client, address)
    version = re.search(r'name="version" value="(\w+)"', words)
    assert version is not None
    assert client.post(address, {"version": version[1]}).status_code == 302
    return words


def test_adopting_weights_on_the_ways_sets_the_adopters_own() -> None:
    organisation, lead, _ = portfolio(5, days=30)
    objectives, ways = organisation.objectives.all(), organisation.ways_of_creating_value.all()
    set_ranking(
        organisation=organisation,
        by=lead,
        objective_places={one.pk: 1 for one in objectives},
        way_places={one.pk: place for place, one in enumerate(ways, start=1)},
    )
    run = scored(organisation, lead)
    points = tuple((one.code, 70.0 if one.code == "learn" else 10.0) for one in ways)
    words = adopted_by(signed_in(lead), saved(organisation, lead, run, Weights(ways=points)))
    assert "Your own weights on the ways of creating value" in words
    assert "Your ranking, which the points replace" in words
    assert "Learn and improve together 70%" in words
    mine = organisation.way_weights.filter(decision_maker=lead)
    assert dict(mine.values_list("way__code", "points")) == {code: Decimal(given) for code, given in points}
    assert not organisation.way_ranks.exists()
    assert organisation.objective_ranks.count() == 4
    assert not organisation.way_weights.exclude(decision_maker=lead).exists()
    assert not organisation.objective_weights.exists()


def test_adopting_weights_on_both_lists_names_each_by_itself() -> None:
    organisation, lead, _ = portfolio(5, days=30)
    run = scored(organisation, lead)
    on_objectives = tuple((one.code, 25.0) for one in organisation.objectives.all())
    on_ways = tuple((one.code, 25.0) for one in organisation.ways_of_creating_value.all())
    words = adopted_by(signed_in(lead), saved(organisation, lead, run, Weights(on_objectives, on_ways)))
    assert "Your own weights on the objectives" in words
    assert "Your own weights on the ways of creating value" in words
    assert organisation.objective_weights.count() == organisation.way_weights.count() == 4


def test_weights_on_ways_alone_are_not_adopted_by_who_has_said_nothing_of_the_objectives() -> None:
    organisation, lead, _ = portfolio(5, days=30)
    run = scored(organisation, lead)
    on_ways = Weights(ways=tuple((one.code, 25.0) for one in organisation.ways_of_creating_value.all()))
    what_if = saved(organisation, lead, run, on_ways, Days("executive", 12))
    assert "Set your weights on the objectives first." in adopted_by(signed_in(lead), what_if)
    assert not organisation.way_weights.exists()
    assert organisation.capacity_quarters.get(pool__code="executive").days == 12


def test_a_way_that_came_meanwhile_leaves_the_weights_on_ways_behind() -> None:
    organisation, lead, _ = portfolio(5, days=30)
    run = scored(organisation, lead)
    on_objectives = tuple((one.code, 25.0) for one in organisation.objectives.all())
    on_ways = tuple((one.code, 25.0) for one in organisation.ways_of_creating_value.all())
    what_if = saved(organisation, lead, run, Weights(on_objectives, on_ways))
    organisation.ways_of_creating_value.create(code="new", name="New", top_of_range="Very new", position=9)
    assert "It is no longer part of what you entered." in adopted_by(signed_in(lead), what_if)
    assert organisation.objective_weights.count() == 4
    assert not organisation.way_weights.exists()


def test_lifting_a_duty_is_adopted_and_the_harm_stays_reviewed() -> None:
    organisation, lead, _ = portfolio(2)
    one = organisation.participations.get(partnership__slug__endswith="-1")
    one.mandate_level, one.mandate_source = organisation.engagement_levels.get(code="sustain"), "Act"
    one.save()
    what_if = saved(organisation, lead, scored(organisation, lead), Duty(one.partnership.slug, None))
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/{what_if.pk}/adopt/"
    words = words_of(client, address)
    assert "At least “Sustain” (Act)" in words
    version = re.search(r'name="version" value="(\w+)"', words)
    assert version is not None
    client.post(address, {"version": version[1]})
    one.refresh_from_db()
    assert one.mandate_level is None
    assert (one.mandate_source, one.harm_reviewed_by) == ("", lead)


def test_somebody_who_changed_it_meanwhile_is_not_overwritten_unseen() -> None:
    organisation, lead, _ = portfolio(2, days=30)
    what_if = saved(organisation, lead, scored(organisation, lead), Days("executive", 50))
    client, address = signed_in(lead), f"/o/{organisation.code}/what-if/{what_if.pk}/adopt/"
    version = re.search(r'name="version" value="(\w+)"', words_of(client, address))
    assert version is not None
    organisation.capacity_quarters.filter(pool__code="executive").update(days=44)
    page = client.post(address, {"version": version[1]}).content.decode()
    assert "Somebody changed this meanwhile." in page
    assert "44 days" in page
    again = re.search(r'name="version" value="(\w+)"', page)
    assert again is not None
    assert client.post(address, {"version": again[1]}).status_code == 302
    assert organisation.capacity_quarters.get(pool__code="executive").days == 50


@pytest.mark.parametrize("lever", [NoTippingPoint(), None])
def test_what_is_no_input_cannot_be_adopted(lever: Any) -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = saved(organisation, lead, run, lever or held(organisation, 0, "decline"))
    words = words_of(signed_in(lead), f"/o/{organisation.code}/what-if/{what_if.pk}/adopt/")
    assert "Nothing in this what-if can be adopted." in words
    assert "Adopt and score again" not in words
    version = adoption_of(what_if, by=lead, on=timezone.localdate()).version
    with pytest.raises(ValidationError, match="can be adopted"):
        adopt_what_if(what_if=what_if, by=lead, sources={}, expected_version=version)


def test_what_does_not_fit_is_not_adopted() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    what_if = saved(organisation, lead, run, Days("executive", 1), held(organisation, 0, "prioritise"))
    with pytest.raises(ValidationError, match="does not fit, so it cannot be adopted"):
        adopt_what_if(what_if=what_if, by=lead, sources={}, expected_version="")


PAGES = ["", "compare/", "{pk}/", "{pk}/adopt/"]


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_a_page(page: str) -> None:
    organisation, lead, executive = portfolio(2)
    one = saved(organisation, lead, scored(organisation, lead))
    root = f"/o/{organisation.code}/what-if/"
    address = root + page.format(pk=one.pk)
    assert signed_in(lead).get(address).status_code == 200
    assert signed_in(executive).get(address).status_code == (403 if "adopt" in page else 200)
    other, stranger, _ = portfolio(2)
    assert signed_in(stranger).get(address).status_code == 404
    if "{pk}" in page:
        assert signed_in(stranger).get(address.replace(organisation.code, other.code)).status_code == 404
        assert signed_in(stranger).post(address.replace(organisation.code, other.code)).status_code == 404
    anonymous = Client().get(address)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["put", "delete"])
def test_wrong_methods(page: str, method: str) -> None:
    organisation, lead, _ = portfolio(2)
    one = saved(organisation, lead, scored(organisation, lead))
    address = f"/o/{organisation.code}/what-if/" + page.format(pk=one.pk)
    assert getattr(signed_in(lead), method)(address).status_code == 405
    if page == "compare/":
        assert signed_in(lead).post(address).status_code == 405


def test_who_may_do_what() -> None:
    organisation, lead, executive = portfolio(2)
    _, stranger, _ = organisation_with_people()
    run = scored(organisation, lead)
    with pytest.raises(PermissionDenied):
        try_what_if(organisation=organisation, by=stranger, run=run, levers=[Days("executive", 1)])
    one = saved(organisation, executive, run, name="Mine")
    leads = saved(organisation, lead, run, name="The lead's")
    with pytest.raises(PermissionDenied):
        save_what_if(what_if=one, by=stranger, name="Theirs")
    with pytest.raises(PermissionDenied):
        try_on_newest(what_if=one, by=stranger, run=run)
    with pytest.raises(PermissionDenied):
        adopt_what_if(what_if=one, by=executive, sources={}, expected_version="")
    with pytest.raises(PermissionDenied):
        delete_what_if(what_if=leads, by=executive)
    delete_what_if(what_if=one, by=executive)
    delete_what_if(what_if=leads, by=lead)
    assert not organisation.what_ifs.exists()


def test_pressing_delete_takes_it_off_the_list() -> None:
    organisation, lead, executive = portfolio(2)
    one = saved(organisation, lead, scored(organisation, lead))
    own = f"/o/{organisation.code}/what-if/{one.pk}/"
    assert "Delete this what-if" not in words_of(signed_in(executive), own)
    assert signed_in(executive).post(own, {"delete": "yes"}).status_code == 403
    assert signed_in(lead).post(own, {"delete": "yes"})["Location"] == f"/o/{organisation.code}/what-if/"
    assert not organisation.what_ifs.exists()


def test_before_anything_is_scored_the_page_says_what_is_needed() -> None:
    organisation, lead, _ = portfolio(2)
    address = f"/o/{organisation.code}/what-if/"
    assert "nothing has been scored yet" in words_of(signed_in(lead), address)
    assert signed_in(lead).post(address, {"base": "9" * 30}).status_code == 200
    queued(organisation, lead)
    assert "nothing has been scored yet" in words_of(signed_in(lead), address)


def test_where_people_find_it() -> None:
    organisation, lead, _ = portfolio(2)
    run = scored(organisation, lead)
    for page in ("", f"runs/{run.pk}/"):
        words = words_of(signed_in(lead), f"/o/{organisation.code}/{page}")
        assert f'href="/o/{organisation.code}/what-if/"' in words


def test_as_many_queries_for_sixty_as_for_five(monkeypatch: pytest.MonkeyPatch) -> None:
    def choice_alone(document: dict[str, object], **_: object) -> dict[str, object]:
        return solve({**document, "outputs": ["choice"]})

    monkeypatch.setattr(carrying_out, "solve", choice_alone)
    monkeypatch.setattr(working_out, "solve", choice_alone)
    counts = []
    for size in (5, 60):
        organisation, lead, _ = portfolio(size, days=150)
        client = signed_in(lead)
        run = scored(organisation, lead)
        one = saved(organisation, lead, run, Days("executive", 80), name="One")
        other = saved(organisation, lead, run, Days("executive", 90), name="Other")
        root, asked = f"/o/{organisation.code}/what-if/", {}
        for page in ("", f"compare/?one={one.pk}&other={other.pk}", f"{one.pk}/", f"{one.pk}/adopt/"):
            client.get(root + page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(root + page).status_code == 200
            asked[re.sub(r"\d+", "", page)] = len(queries)
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 16, counts


def an_answer(run: Run, by: Person, **facts: Any) -> WhatIf:
    given = {
        "organisation": run.organisation,
        "base_run": run,
        "levers": [{"kind": "days", "pool": "executive", "days": 1.0}],
        "fingerprint": "a",
        "requested_at": timezone.now(),
        "requested_by": by,
        **facts,
    }
    return WhatIf.objects.create(**given)


DONE = {"state": WhatIfState.DONE, "result": {}, "finished_at": datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)}


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("what_if_changes_something", {"levers": []}),
        ("what_if_state_is_known", {"state": "lost"}),
        ("what_if_being_answered_is_claimed", {"state": WhatIfState.RUNNING}),
        ("what_if_finished_has_an_end", {**DONE, "finished_at": None}),
        ("what_if_finished_has_an_end", {"finished_at": timezone.now()}),
        ("what_if_done_has_a_result", {**DONE, "result": None}),
        ("what_if_done_has_a_result", {"result": {}}),
        ("what_if_failed_has_a_reason", {"state": WhatIfState.FAILED, "finished_at": timezone.now(), "failure": " "}),
        ("what_if_failed_has_a_reason", {"failure": "but it waits"}),
        ("what_if_saved_by_and_at", {"name": "A name and nobody"}),
        ("what_if_saved_by_and_at", {"saved_at": timezone.now()}),
        ("what_if_adopted_by_and_at", {"adopted_at": timezone.now()}),
    ],
)
def test_a_broken_rule_is_refused_in_words(rule: str, facts: dict[str, Any]) -> None:
    organisation, lead, _ = organisation_with_people()
    run = running(organisation, lead)
    with pytest.raises(IntegrityError, match=rule):
        an_answer(run, lead, **facts)


def test_every_rule_has_words() -> None:
    usual = "is violated"
    for rule in WhatIf._meta.constraints:
        assert usual not in str(rule.get_violation_error_message())


def test_one_name_and_one_unsaved_try() -> None:
    organisation, lead, executive = organisation_with_people()
    run = running(organisation, lead)
    kept = {"name": "More", "saved_by": lead, "saved_at": timezone.now()}
    an_answer(run, lead, **kept)
    with pytest.raises(IntegrityError, match="what_if_name_once"), transaction.atomic():
        an_answer(run, lead, **{**kept, "name": "MORE"})
    an_answer(run, lead)
    an_answer(run, executive)
    with pytest.raises(IntegrityError, match="what_if_tried_once"), transaction.atomic():
        an_answer(run, lead)


def test_a_what_ifs_organisation_is_its_runs() -> None:
    organisation, lead, _ = organisation_with_people()
    other, _, _ = organisation_with_people()
    run = running(organisation, lead)
    with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
        checked_at_once(lambda: an_answer(run, lead, organisation=other))


def test_a_change_to_the_inputs_leaves_a_what_if_as_it_was() -> None:
    organisation, lead, _ = portfolio(2)
    one = saved(organisation, lead, scored(organisation, lead))
    with transaction.atomic():
        announce_change(organisation=organisation, by=lead)
    one.refresh_from_db()
    assert one.state == WhatIfState.DONE
