"""The demonstration's promises: made and closed as a person would, and then put on the days that its files say."""

from __future__ import annotations

import datetime

from django.utils import timezone

from config.demonstration.reading import PartnershipFacts, PromiseFacts
from decisions.actions import Promised, close_promise, make_promise, promise_version
from decisions.models import Promise, PromiseState
from partnerships.models import Participation, Person


def make_promises(participation: Participation, facts: PartnershipFacts, *, by: Person) -> None:
    for one in facts.promises:
        _make(participation, one, by=by)


def _make(participation: Participation, facts: PromiseFacts, *, by: Person) -> None:
    today = timezone.localdate()
    owner = Person.objects.get(email=facts.owner)
    promise = make_promise(
        participation=participation,
        by=by,
        promised=Promised(what=facts.what, made_to=facts.made_to, owner=owner, made_on=today, due_on=today),
    )
    if facts.state:
        state = PromiseState(facts.state)
        said = {"evidence" if state == PromiseState.KEPT else "why": facts.said}
        version = promise_version(promise)
        close_promise(promise=promise, by=owner, state=state, closed_on=today, expected_version=version, **said)
    Promise.objects.filter(pk=promise.pk).update(
        made_on=_ago(facts.made_days_ago),
        due_on=_ago(-facts.due_in_days),
        closed_on=_ago(facts.closed_days_ago) if facts.state else None,
    )


def _ago(days: int) -> datetime.date:
    """The day so many days ago."""
    return timezone.localdate() - datetime.timedelta(days=days)
