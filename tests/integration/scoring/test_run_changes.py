"""What changed since an earlier run, on its page: which one is chosen, what is asked of the workers, what it says."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Organisation, Person
from scoring import tasks
from scoring.actions import ask_for_explanation
from scoring.engine import ENGINE_VERSION
from scoring.models import Explanation, Run
from scoring.runner import explaining, leave_unexplained
from tests.factories import PersonFactory, organisation_with_people
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import queued, running, scored, signed_in, words_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
NOT_IN_THE_LIST = "Choose one of the earlier runs in the list."


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


def address(organisation: Organisation, run: Run, since: object = None) -> str:
    chosen = "" if since is None else f"?since={since}"
    return f"/o/{organisation.code}/runs/{run.pk}/changes/{chosen}"


def give_days(organisation: Organisation, times: Decimal | str) -> None:
    for one in organisation.capacity_quarters.all():
        one.days = one.days * Decimal(times)
        one.save()


def two_runs(size: int = 8) -> tuple[Organisation, Person, Run, Run]:
    """The second has a quarter of the days of the first."""
    organisation, lead, _ = portfolio(size)
    first = scored(organisation, lead)
    give_days(organisation, "0.25")
    return organisation, lead, first, scored(organisation, lead)


def explained(before: Run, after: Run, by: Person) -> Explanation:
    explanation = ask_for_explanation(before=before, after=after, by=by)
    tasks.explain_moves(explanation.pk)
    explanation.refresh_from_db()
    return explanation


def test_the_inputs_are_there_at_once_and_the_moves_as_soon_as_they_are_worked_out() -> None:
    organisation, lead, first, second = two_runs()
    client, page = signed_in(lead), address(organisation, second)
    waiting = words_of(client, page)
    assert "Executive days went from" in waiting
    assert "Each change is being tried by itself." in waiting
    assert f'hx-get="{page}?since={first.pk}"' in waiting
    assert f'href="{page}?since={first.pk}">Reload to see the answer</a>' in waiting
    tasks.explain_moves(Explanation.objects.get(before=first, after=second).pk)
    words = words_of(client, page)
    assert "Because executive days went from" in words
    assert "From Prioritise to" in words
    assert "Reload" not in words
    assert "hx-get" not in words


def test_with_htmx_only_the_part_comes_and_the_polling_ends() -> None:
    organisation, lead, first, second = two_runs()
    client, page = signed_in(lead), address(organisation, second, first.pk)
    part = client.get(page, headers=HTMX)
    assert "HX-Request" in part["Vary"]
    assert part.content.decode().strip().startswith('<div id="run-changes" hx-get=')
    explained(first, second, lead)
    done = client.get(page, headers=HTMX).content.decode()
    assert "<html" not in done
    assert "hx-get" not in done
    assert "<html" in client.get(page, headers={**HTMX, "HX-Boosted": "true"}).content.decode()


def test_any_earlier_run_may_be_chosen() -> None:
    organisation, lead, first, second = two_runs()
    give_days(organisation, "4")
    third = scored(organisation, lead)
    client = signed_in(lead)
    offered = words_of(client, address(organisation, third))
    assert [int(pk) for pk in re.findall(r'<option value="(\d+)"', offered)] == [second.pk, first.pk]
    assert re.search(rf'<option value="{second.pk}" selected *>', offered)
    explained(second, third, lead)
    explained(first, third, lead)
    assert "From Decline to" in words_of(client, address(organisation, third))
    since_first = words_of(client, address(organisation, third, first.pk))
    assert re.search(rf'<option value="{first.pk}" selected *>', since_first)
    assert f"run {first.pk}</a> of" in since_first
    assert "Nothing changed" in since_first
    assert "From " not in since_first


def test_an_earlier_run_with_the_same_inputs_is_named_as_such() -> None:
    organisation, lead, _ = portfolio(3)
    first = scored(organisation, lead)
    Run.objects.filter(pk=first.pk).update(inputs_hash="the same")
    second = scored(organisation, lead)
    Run.objects.filter(pk=second.pk).update(inputs_hash="the same")
    client = signed_in(lead)
    assert "no earlier run with other inputs" in words_of(client, address(organisation, second))
    chosen = words_of(client, address(organisation, second, first.pk))
    assert "Nothing changed: the two runs had the same inputs." in chosen
    assert f"run {first.pk} (the same inputs)</option>" in chosen
    assert not Explanation.objects.exists()


def test_a_first_run_has_nothing_to_be_compared_with() -> None:
    organisation, lead, _ = portfolio(3)
    words = words_of(signed_in(lead), address(organisation, scored(organisation, lead)))
    assert "There is no earlier run to compare this one with." in words
    assert "<select" not in words


@pytest.mark.parametrize("since", ["", "x", "0", "-1", "1.5", "99999999", "9" * 40, "1;drop"])
def test_nonsense_is_explained(since: str) -> None:
    organisation, lead, _, second = two_runs(3)
    words = words_of(signed_in(lead), address(organisation, second, since))
    assert NOT_IN_THE_LIST in words
    assert "<title>Error: " in words
    assert not Explanation.objects.exists()


def test_a_run_that_is_no_earlier_one_of_ours_is_not_compared_with() -> None:
    organisation, lead, first, second = two_runs(3)
    other, stranger, theirs, _ = two_runs(3)
    later = scored(organisation, lead)
    unfinished = queued(organisation, lead)
    client = signed_in(lead)
    for wrong in (theirs, later, second, unfinished):
        words = words_of(client, address(organisation, second, wrong.pk))
        assert NOT_IN_THE_LIST in words
        assert "days went from" not in words
    assert theirs.pk not in [int(pk) for pk in re.findall(r'<option value="(\d+)"', words)]
    assert signed_in(stranger).get(address(other, second, first.pk)).status_code == 404
    assert not Explanation.objects.exists()


def test_only_people_of_the_organisation_see_it() -> None:
    organisation, lead, first, second = two_runs(3)
    _, stranger, _ = organisation_with_people()
    for page in (address(organisation, second), address(organisation, second, first.pk)):
        assert signed_in(stranger).get(page).status_code == 404
        assert signed_in(PersonFactory.create()).get(page).status_code == 404
        assert "/accounts/login/" in Client().get(page)["Location"]
        assert signed_in(lead).post(page).status_code == 405
    assert signed_in(lead).get(address(organisation, queued(organisation, lead))).status_code == 404
    executive = organisation.access_grants.get(role="executive").person
    assert signed_in(executive).get(address(organisation, second)).status_code == 200


def test_the_run_links_to_it() -> None:
    organisation, lead, _, second = two_runs(3)
    assert address(organisation, second) in words_of(signed_in(lead), f"/o/{organisation.code}/runs/{second.pk}/")


def test_each_name_leads_to_its_partnership() -> None:
    organisation, lead, first, second = two_runs()
    explained(first, second, lead)
    page = signed_in(lead).get(address(organisation, second)).content.decode()
    led = set(re.findall(rf'href="/o/{organisation.code}/partnerships/([\w-]+)/"', page))
    assert led
    assert led <= set(organisation.participations.values_list("partnership__slug", flat=True))


def test_two_who_look_ask_once() -> None:
    organisation, lead, first, second = two_runs(3)
    executive = organisation.access_grants.get(role="executive").person
    asked = [ask_for_explanation(before=first, after=second, by=person) for person in (lead, executive)]
    assert asked[0] == asked[1]
    explained(first, second, lead)
    tasks.explain_moves(asked[0].pk)
    asked[0].refresh_from_db()
    assert asked[0].attempts == 1


def test_a_newer_engine_is_asked_anew_and_so_is_one_that_failed_a_while_ago() -> None:
    organisation, lead, first, second = two_runs(3)
    done = explained(first, second, lead)
    assert ask_for_explanation(before=first, after=second, by=lead).moves is not None
    Explanation.objects.update(engine_version="0.1")
    anew = ask_for_explanation(before=first, after=second, by=lead)
    assert (anew.pk, anew.engine_version, anew.is_open, anew.attempts) == (done.pk, ENGINE_VERSION, True, 0)
    leave_unexplained(anew, "A fault.")
    words = words_of(signed_in(lead), address(organisation, second))
    assert "What moved could not be worked out.</strong> A fault." in words
    assert "Executive days went from" in words
    Explanation.objects.update(finished_at=timezone.now() - datetime.timedelta(minutes=11))
    assert "Each change is being tried by itself." in words_of(signed_in(lead), address(organisation, second))


def test_a_run_that_cannot_be_read_any_more_says_so() -> None:
    organisation, lead, first, second = two_runs(3)
    Run.objects.filter(pk=first.pk).update(document={**first.frozen_inputs(), "format": "triage/0"})
    first.refresh_from_db()
    explained(first, second, lead)
    words = words_of(signed_in(lead), address(organisation, second))
    assert "One of the two was scored so long ago that its inputs cannot be read any more: format must be" in words


def test_a_fault_of_ours_is_tried_three_times_and_a_worker_that_is_quicker_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault put in by the test")

    _, lead, first, second = two_runs(3)
    explanation = ask_for_explanation(before=first, after=second, by=lead)
    with monkeypatch.context() as patch:
        patch.setattr(explaining, "compare", broken)
        for attempt in range(tasks.MOST_ATTEMPTS):
            explanation.refresh_from_db()
            assert (explanation.is_open, explanation.attempts) == (True, attempt)
            tasks.explain_moves(explanation.pk)
    explanation.refresh_from_db()
    assert "on our side, 3 times" in explanation.failure
    explaining.explain(explanation)  # by a worker that was slower
    explanation.refresh_from_db()
    assert explanation.moves is None


def test_one_whose_workers_died_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _, lead, first, second = two_runs(3)
    explanation = ask_for_explanation(before=first, after=second, by=lead)
    Explanation.objects.update(attempts=tasks.MOST_ATTEMPTS)
    tasks.explain_moves(explanation.pk)
    explanation.refresh_from_db()
    assert "on our side" in explanation.failure


def test_one_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        raise SoftTimeLimitExceeded

    _, lead, first, second = two_runs(3)
    monkeypatch.setattr(explaining, "compare", slow)
    assert "It took longer than" in explained(first, second, lead).failure


def test_the_reconciler_sends_again_and_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, lead, first, second = two_runs(3)
    runs = [first, second, *(scored(organisation, lead) for _ in range(3))]
    ago, sent = timezone.now() - datetime.timedelta(minutes=10), []
    unsent, lost, fresh, done, old = (
        ask_for_explanation(before=before, after=runs[-1], by=lead)
        if before is not None
        else ask_for_explanation(before=first, after=second, by=lead)
        for before in (*runs[:-1], None)
    )
    Explanation.objects.filter(pk__in=[unsent.pk, lost.pk]).update(requested_at=ago)
    Explanation.objects.filter(pk=lost.pk).update(sent_at=ago)
    Explanation.objects.filter(pk=fresh.pk).update(sent_at=timezone.now())
    tasks.explain_moves(done.pk)
    Explanation.objects.filter(pk=old.pk).update(requested_at=ago - datetime.timedelta(days=31))

    def remember(number: int) -> bool:
        sent.append(number)
        return True

    monkeypatch.setattr(tasks, "send_explanation", remember)
    tasks.queue_again()
    assert set(sent) == {unsent.pk, lost.pk}
    assert set(Explanation.objects.values_list("pk", flat=True)) == {unsent.pk, lost.pk, fresh.pk, done.pk}


def test_what_the_broker_did_not_take_is_called_delayed() -> None:
    organisation, lead, first, second = two_runs(3)
    ask_for_explanation(before=first, after=second, by=lead)
    Explanation.objects.update(requested_at=timezone.now() - datetime.timedelta(seconds=5))
    assert "<strong>The answer is delayed.</strong>" in words_of(signed_in(lead), address(organisation, second))
    Explanation.objects.update(sent_at=timezone.now())
    assert "delayed" not in words_of(signed_in(lead), address(organisation, second))


def test_it_asks_the_database_as_often_for_many_earlier_runs() -> None:
    organisation, lead, first, second = two_runs(3)
    explained(first, second, lead)
    client, counts = signed_in(lead), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            words_of(client, address(organisation, second, first.pk))
        counts.append(len(queries))
        for _ in range(5):
            copy = Run.objects.get(pk=first.pk)
            copy.pk = None
            copy.save(force_insert=True)
        second.pk = None
        second.save(force_insert=True)
        explained(first, second, lead)
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def an_explanation(before: Run, after: Run, **facts: Any) -> Explanation:
    given = {
        "organisation": after.organisation,
        "engine_version": "1",
        "requested_at": timezone.now(),
        "before": before,
        "after": after,
    }
    return Explanation.objects.create(**given | facts)


NOW = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("explanation_finished_says_something", {"finished_at": NOW}),
        ("explanation_finished_says_something", {"finished_at": NOW, "failure": " "}),
        ("explanation_finished_says_something", {"finished_at": NOW, "failure": "A fault", "moves": {}}),
        ("explanation_finished_says_something", {"failure": "A fault"}),
        ("explanation_finished_says_something", {"moves": {}}),
    ],
)
def test_a_broken_rule_is_refused(rule: str, facts: dict[str, Any]) -> None:
    organisation, lead, _ = organisation_with_people()
    first, second = running(organisation, lead), queued(organisation, lead)
    with pytest.raises(IntegrityError, match=rule):
        an_explanation(first, second, **facts)


def checked_at_once(before: Run, after: Run, organisation: Organisation) -> None:
    an_explanation(before, after, organisation=organisation)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_two_runs_are_explained_once_forwards_and_for_their_own_organisation() -> None:
    organisation, lead, _ = organisation_with_people()
    other, _, _ = organisation_with_people()
    first, second = running(organisation, lead), queued(organisation, lead)
    an_explanation(first, second)
    with pytest.raises(IntegrityError, match="explanation_once_for_two_runs"), transaction.atomic():
        an_explanation(first, second)
    with pytest.raises(IntegrityError, match="explanation_goes_forward"), transaction.atomic():
        an_explanation(second, first)
    theirs = queued(other, lead)
    for owner in (organisation, other):
        with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
            checked_at_once(first, theirs, owner)
    assert all("is violated" not in str(rule.get_violation_error_message()) for rule in Explanation._meta.constraints)
