"""The demonstration's promises: made and closed as a person would, and then put on the days that its files say."""

from __future__ import annotations

import datetime

from django.utils import timezone

from config.demonstration.reading import PartnershipFacts, PromiseFacts
from decisions.actions import Promised, close_promise, make_promise, promise_version
from decisions.models import Decision, Promise, PromiseState
from partnerships.models import Participation, Person


def make_promises(participation: Participation, facts: PartnershipFacts, *, by: Person) -> None:
    for one in facts.promises:
        close(promise(participation, one, by=by), one)


def promise(
    participation: Participation, facts: PromiseFacts, *, by: Person, decision: Decision | None = None
) -> Promise:
    """Put it on record, open."""
    today = timezone.localdate()
    owner = Person.objects.get(email=facts.owner)
    made = make_promise(
        participation=participation,
        by=by,
        promised=Promised(what=facts.what, made_to=facts.made_to, owner=owner, made_on=today, due_on=today),
        decision=decision,
    )
    made.made_on, made.due_on = days_ago(facts.made_days_ago), days_ago(-facts.due_in_days)
    made.save(update_fields=["made_on", "due_on"])
    return made


def close(made: Promise, facts: PromiseFacts) -> None:
    """Close it, where its file says that it is closed."""
    if not facts.state:
        return
    state = PromiseState(facts.state)
    said = {"evidence" if state == PromiseState.KEPT else "why": facts.said}
    version = promise_version(made)
    today = timezone.localdate()
    close_promise(promise=made, by=made.owner, state=state, closed_on=today, expected_version=version, **said)
    Promise.objects.filter(pk=made.pk).update(closed_on=days_ago(facts.closed_days_ago))


def days_ago(days: int) -> datetime.date:
    """The day so many days ago."""
    return timezone.localdate() - datetime.timedelta(days=days)
