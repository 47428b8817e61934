"""Reminding people of what they promised, of actions and practices of the plan, of decisions to look at again and of
letters to partners that reach nobody.

Each at most once for each day that it is due on.

As with surveys, a reminder is written down under a lock and committed before its letter is handed to the mail server
(ADR 25): whoever is killed between the two leaves a line that is not "sent", and the letter is not sent again. The page
of what it was about then says that it may not have arrived. Where a letter has certainly not left, its lines are taken
back.

An owner is reminded a week before and once the day has passed. Where they have no access any more, and for reviews, it
is the strategy leads; where there is none, those who may decide.
"""

from __future__ import annotations

import datetime
import smtplib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from decisions.due_letters import due_letter
from decisions.models import Decision, DueKind, DueReminder, KindNo, Letter, PlanAction, Practice, Promise
from decisions.models.reminders import ABOUT
from decisions.saying_no import told_no_in
from diagnostics.delivery import ConnectionLostError, NotTakenError, Outcome, deliver
from diagnostics.reminding import nobody_is_written_to
from partnerships.actions.organisations import hold
from partnerships.models import Organisation, Person
from partnerships.people import who_can
from partnerships.roles import DECIDE, EDIT, READ

Clock = Callable[[], datetime.datetime]
# The kind, the column of what it is about and its id, the day, and the id of whom it is to.
Key = tuple[str, str, int, datetime.date, int]
BEFORE = datetime.timedelta(days=7)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Due:
    """One thing that one person is to be reminded of."""

    kind: DueKind
    about: Promise | PlanAction | Practice | Decision | Letter | KindNo
    day: datetime.date
    to: Person

    @property
    def column(self) -> str:
        """The column that a reminder of it has."""
        return next(name for name, kind in ABOUT.items() if isinstance(self.about, kind))

    @property
    def key(self) -> Key:
        return (self.kind, self.column, self.about.pk, self.day, self.to.pk)


def _key(kind: str, ids: Sequence[int | None], day: datetime.date, to: int) -> Key:
    """Of a reminder that there was; of its ``ids`` one is given."""
    column, pk = next((column, pk) for column, pk in zip(ABOUT, ids, strict=True) if pk is not None)
    return (kind, column, pk, day, to)


def remind(organisation: Organisation, *, clock: Clock = timezone.now) -> int:
    """Send every reminder of an organisation that is due; how many letters went out. Safe to run twice, and at once."""
    people = dict.fromkeys(one.to for one in due_in(organisation, timezone.localdate(clock())))
    if not people or nobody_is_written_to(clock()):
        return 0
    sent = 0
    try:
        with get_connection() as connection:
            for person in people:
                if nobody_is_written_to(clock()):
                    break
                sent += _remind_one(organisation, person, connection, timezone.localdate(clock()))
    except (OSError, smtplib.SMTPException, NotTakenError, ConnectionLostError) as problem:
        log.warning("due_reminders_stopped", organisation=organisation.pk, sent=sent, reason=type(problem).__name__)
    return sent


def due_in(organisation: Organisation, today: datetime.date) -> list[Due]:
    """What people should have been reminded of by today and were not. A dozen queries, however much there is."""
    here = {one.pk for one in who_can(organisation, READ)}
    leads = who_can(organisation, EDIT) or who_can(organisation, DECIDE)
    wanted: list[Due] = []
    for about, day in _with_a_day(organisation, today + BEFORE):
        kind = DueKind.OVERDUE if about.is_overdue_on(today) else DueKind.BEFORE
        if kind is DueKind.BEFORE and timezone.localdate(about.recorded_at) >= today:
            continue  # nobody needs to be reminded of what was promised or planned today
        owners = [about.owner] if about.owner_id in here else leads
        wanted += [Due(kind, about, day, one) for one in owners]
    for decision in organisation.decisions.to_review_by(today).for_list():
        if decision.has_to_be_decided and decision.look_again_on + BEFORE > today:
            continue  # whoever found that a few days ago knows
        wanted += [Due(DueKind.REVIEW, decision, decision.look_again_on, one) for one in leads]
    wanted += _of_letters(organisation, here, leads)
    told = organisation.due_reminders.values_list("kind", "day", "to", *ABOUT)
    had = {_key(kind, ids, day, to) for kind, day, to, *ids in told}
    return [one for one in wanted if one.key not in had]


def _with_a_day(
    organisation: Organisation, by: datetime.date
) -> Iterator[tuple[Promise | PlanAction | Practice, datetime.date]]:
    """What somebody sees to by a day that comes by then, with that day."""
    promises = organisation.promises.open().filter(due_on__lte=by).for_list()
    actions = organisation.plan_actions.open().filter(due_on__lte=by)
    for one in (*promises, *actions.select_related("participation__partnership", "owner").order_by("due_on", "pk")):
        yield one, one.due_on
    for practice in organisation.practices.proposed().filter(stop_by__lte=by).select_related("owner"):
        yield practice, practice.stop_by


def _of_letters(organisation: Organisation, here: Collection[int], leads: Sequence[Person]) -> list[Due]:
    """Letters that reach nobody, for whoever sent them and the strategy leads; and for these, who holds a no of ours
    that counts no more.
    """
    wanted = []
    for letter in organisation.letters.needing_somebody().for_list():
        sender = [letter.asked_by] if letter.asked_by is not None and letter.asked_by_id in here else []
        day = timezone.localdate(letter.stands_so_since)
        wanted += [Due(DueKind.LETTER, letter, day, one) for one in dict.fromkeys([*sender, *leads])]
    for told in told_no_in(organisation):
        wanted += [Due(DueKind.CHANGED, told.pack, told.on, one) for one in leads]
    return wanted


def _remind_one(organisation: Organisation, person: Person, connection: Any, today: datetime.date) -> int:
    """Take and send what one person is reminded of, in one letter. Raises what ``deliver`` raises."""
    due, taken = _take(organisation, person, today)
    if not taken:
        return 0
    lines = DueReminder.objects.filter(pk__in=[one.pk for one in taken])
    try:
        outcome = deliver(due_letter(organisation, person, due), connection)
    except NotTakenError:
        lines.delete()
        raise
    if outcome is Outcome.LATER:
        lines.delete()
    elif outcome is Outcome.SENT:
        lines.update(sent=True)
    return int(outcome is Outcome.SENT)


@transaction.atomic
def _take(
    organisation: Organisation, person: Person, today: datetime.date
) -> tuple[Sequence[Due], Sequence[DueReminder]]:
    """Write down what somebody is reminded of, from here on for good; of two workers one finds nothing to take."""
    hold(organisation)
    due = [one for one in due_in(organisation, today) if one.to == person]
    taken = DueReminder.objects.bulk_create(
        DueReminder(
            organisation=organisation,
            **{one.column: one.about},
            kind=one.kind,
            day=one.day,
            to=person,
            taken_on=today,
        )
        for one in due
    )
    return due, taken
