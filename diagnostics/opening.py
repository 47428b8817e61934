"""Opening a survey: by whoever presses the button (``diagnostics.actions``), or by itself on the day that somebody set.

One that opens by itself does so when people may be written to, since their links come in a letter: opening says on each
invitation that its link comes by letter, and the machinery of reminders sends these letters, each at most once
(``diagnostics.reminding``). So whoever is killed between the two, or a mail server that is down, costs time and no
letter. The day and who set it stay on the survey as a trace; where somebody opened it before its day, they are cleared,
and the button has given the links.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from diagnostics.keys import RoundKeys, draw_keys
from diagnostics.links import link_hash
from diagnostics.models import Invitation, Round, RoundState
from diagnostics.reminding import Clock, awaiting_their_letter, nobody_is_written_to
from diagnostics.replacing import carry_on_handed, replace_links
from diagnostics.seats import ready_open_link
from partnerships.access import can_edit
from partnerships.models import Organisation, Person
from partnerships.outgoing_mail import can_send

OPENED = (
    "state",
    "opened_at",
    "opened_by",
    "opens_on",
    "opens_by_itself_on",
    "opening_set_by",
    "threshold",
    "breakdown_threshold",
)

log = structlog.get_logger(__name__)


def held_draft(round_: Round) -> Round | None:
    """The survey, kept as it is until this transaction ends; None where it is not being prepared any more."""
    return Round.objects.select_for_update().filter(pk=round_.pk, state=RoundState.DRAFT).order_by("pk").first()


def open_now(round_: Round, *, by: Person) -> RoundKeys:
    """Open a draft that this transaction holds, under new keys. Nobody has been given a link yet.

    How many answers it takes is kept with it from now on: settings may be raised later, and no later lowering counts.
    """
    round_.refresh_from_db(fields=["threshold", "breakdown_threshold"])
    round_.threshold, round_.breakdown_threshold = round_.answers_needed, round_.breakdown_needed
    round_.state, round_.opened_at, round_.opened_by = RoundState.OPEN, timezone.now(), by
    round_.opens_on = timezone.localdate()
    round_.save(update_fields=OPENED)
    # also where some are left of a survey of this number in a database that was set back
    keys = draw_keys(round_)
    ready_open_link(round_, keys)
    return keys


def open_on_their_day(organisation: Organisation, *, clock: Clock = timezone.now) -> int:
    """Open an organisation's drafts whose day has come; how many were. Safe to run twice, and at once."""
    now = clock()
    if nobody_is_written_to(now):
        return 0
    today = timezone.localdate(now)
    return sum(_opened(one, today) for one in organisation.survey_rounds.due_to_open(today).order_by("pk"))


def _opened(found: Round, today: datetime.date) -> bool:
    try:
        return _open_by_itself(found, today)
    except OSError as problem:  # no key can be drawn; those that come after are tried all the same
        log.warning("survey_not_opened", round=found.pk, reason=type(problem).__name__)
        return False


@transaction.atomic
def _open_by_itself(found: Round, today: datetime.date) -> bool:
    """Not where somebody opened it, discarded it or moved its day meanwhile, nor where it has to wait."""
    held = held_draft(found)
    if held is None or held.opens_by_itself_on is None or held.opens_by_itself_on > today:
        return False
    if held.opening_set_by is None or why_it_waits(held, today):
        return False
    keys = open_now(held, by=held.opening_set_by)
    _link_by_letter(held.invitations.of_people(), keys)
    return True


def renew_links_not_sent(round_: Round, keys: RoundKeys) -> None:
    """Of a survey that is opened again: who never had their letter gets a link under the new keys."""
    _link_by_letter(awaiting_their_letter(round_), keys)


def renew_links_handed_out(round_: Round, keys: RoundKeys) -> None:
    """Of a survey that is opened again: who was handed a link can begin with it once more, and has another of their own
    under the new keys. Whatever was shown to them before leads nowhere.
    """
    people = list(round_.invitations.filter(handed_hash__isnull=False))
    carry_on_handed(people)
    replace_links(people)
    for one in people:
        one.link_hash = link_hash(keys.secret_of(one))
    Invitation.objects.bulk_update(people, ["link_hash", "link_number"], batch_size=500)


def _link_by_letter(invitations: Iterable[Invitation], keys: RoundKeys) -> None:
    people = list(invitations)
    for one in people:
        one.link_hash, one.link_by_letter = link_hash(keys.secret_of(one)), True
    Invitation.objects.bulk_update(people, ["link_hash", "link_by_letter"], batch_size=500)


def why_none_opens_by_itself() -> str:
    """Why this service can open no survey by itself, and what to do; "" where it can."""
    if not can_send():
        return (
            "This service has no mail server, so it cannot send people their links. Open the survey yourself on the "
            "day, and hand the links out."
        )
    if not settings.SITE_ADDRESS:
        return (
            "This service has not been told its own address, so it cannot write links into letters by itself. Ask "
            "whoever runs it to set SITE_ADDRESS, or open the survey yourself on the day."
        )
    return ""


def why_it_waits(draft: Round, today: datetime.date) -> str:
    """Why a draft does not open although its day has come, and what to do; "" where nothing keeps it."""
    if draft.closes_on < today:
        return "The last day to answer has passed. Change the last day, then set another day or open it yourself."
    who = draft.opening_set_by
    if who is not None and not can_edit(who, draft.organisation):
        return f"{who}, who set the day, may no longer change surveys here. Set the day again, or open it yourself."
    return why_none_opens_by_itself()
