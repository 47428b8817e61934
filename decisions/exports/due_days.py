"""The days on which promises and actions of the plan are due and decisions are to be looked at again, as a calendar
file (RFC 5545).

Each is an event of a whole day, under a name that stays the same: a promise's own, and for a review that of the
partnership, whichever decision counts. Who imports the file again next month moves what has moved, and has nothing
twice. A later file has a higher number (``SEQUENCE``) for what has changed. It holds no addresses of people.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from icalendar import Calendar, Event

from decisions.models import Decision, PlanAction, Promise
from partnerships.models import Organisation, Person
from partnerships.recording import RECORDED

DAY = datetime.timedelta(days=1)
Address = Callable[..., str]


def due_days(
    organisation: Organisation, *, owner: Person | None, with_reviews: bool, address_of: Address
) -> tuple[bytes, int]:
    """The file and how many days are in it: everybody's open promises and actions of the plan, or one ``owner``'s, and
    the reviews to come.

    ``address_of`` makes the full address of a page from its name and its arguments.
    """
    promises = organisation.promises.open().for_list().annotate(moved=Count("moves"), moved_at=Max("moves__moved_at"))
    actions = organisation.plan_actions.open().select_related("participation__partnership", "owner")
    actions = actions.annotate(changed=_lines_of_an_action()).order_by("due_on", "pk")
    if owner is not None:
        promises, actions = promises.filter(owner=owner), actions.filter(owner=owner)
    events = [_of_promise(one, organisation, address_of) for one in promises]
    events += [_of_action(one, organisation, address_of) for one in actions]
    if with_reviews:
        events += [_of_review(one, organisation, address_of) for one in _to_review(organisation)]
    return _file(organisation, events), len(events)


def _to_review(organisation: Organisation) -> Iterable[Decision]:
    """The decisions that count, each with how often anything was said about its partnership, and when last.

    Lines are only added, so that the number rises whatever is decided, reviewed or undone.
    """

    def of_partnership(rows: Any, what: Any) -> Subquery:
        same = rows.filter(participation=OuterRef("participation")).order_by().values("participation")
        return Subquery(same.annotate(found=what).values("found"))

    lines, reviews = organisation.decisions.all(), organisation.reviews.all()
    said_at = of_partnership(lines, Max("recorded_at"))
    added: dict[str, Any] = {
        "times_decided": of_partnership(lines, Count("pk")),
        "times_reviewed": Coalesce(of_partnership(reviews, Count("pk")), 0),
        "said_at": Greatest(said_at, of_partnership(reviews, Max("recorded_at"))),
    }
    return organisation.decisions.that_go_on().for_list().annotate(**added)


def _file(organisation: Organisation, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Collaboration portfolio triage//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Promises, actions and reviews – {organisation.display_name}")
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _of_promise(promise: Promise, organisation: Organisation, address_of: Address) -> Event:
    name = promise.participation.partnership.display_name
    moved: Any = promise
    event = _whole_day(promise.due_on, f"promise-{promise.pk}", organisation, promise.recorded_at)
    _say_what_version(event, moved.moved, moved.moved_at or promise.recorded_at)
    event.add("summary", f"Promise due: {promise.what}")
    event.add("description", f"{name}, promised to {promise.to_whom}. {promise.owner} sees to it.")
    event.add("url", address_of("decisions:promise", organisation.code, promise.pk))
    return event


def _lines_of_an_action() -> Subquery:
    """How many lines the record of changes has of it: it grows with each change, as a calendar wants."""
    lines = RECORDED[PlanAction].events._default_manager.filter(pgh_obj=OuterRef("pk")).order_by()
    return Subquery(lines.values("pgh_obj").annotate(lines=Count("*")).values("lines"))


def _of_action(action: PlanAction, organisation: Organisation, address_of: Address) -> Event:
    here = action.participation
    name = here.partnership.display_name if here else "The whole organisation"
    event = _whole_day(action.due_on, f"action-{action.pk}", organisation, action.recorded_at)
    event.add("sequence", action.changed or 0)  # type: ignore[attr-defined]
    event.add("summary", f"Action due: {action.what}")
    event.add("description", f"{name}: {action.get_characteristic_display()}. {action.owner} sees to it.")
    event.add("url", address_of("decisions:plan_action", organisation.code, action.pk))
    return event


def _of_review(decision: Decision, organisation: Organisation, address_of: Address) -> Event:
    partnership = decision.goes_on_at.partnership
    found: Any = decision
    event = _whole_day(
        decision.look_again_on, f"review-of-{decision.participation_id}", organisation, decision.recorded_at
    )
    _say_what_version(event, found.times_decided - 1 + found.times_reviewed, found.said_at)
    event.add("summary", f"Look again: {partnership.display_name}")
    event.add("description", f"Decided on {decision.decided_on:%-d %B %Y} by {decision.who}: “{decision.level_name}”.")
    event.add("url", address_of("decisions:review", organisation.code, partnership.slug))
    return event


def _say_what_version(event: Event, number: int, changed_at: datetime.datetime) -> None:
    """By which a calendar knows that this is the newer of two files, whichever it reads first."""
    event.add("sequence", number)
    event.add("last-modified", changed_at.astimezone(datetime.UTC))


def _whole_day(day: datetime.date, name: str, organisation: Organisation, recorded_at: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", f"{name}.{organisation.code}@collaboration-triage")
    event.add("dtstamp", recorded_at.astimezone(datetime.UTC))
    event.add("dtstart", day)
    event.add("dtend", day + DAY)
    event.add("transp", "TRANSPARENT")
    return event
