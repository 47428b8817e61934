"""What surveys do by the schedule: one opens on the day that was set, who has answered is written down, who has not is
reminded, and a survey closes once its last day has passed.

For reminders the schedule asks often, and what is due is read from the rows each time.

A task carries the number of an organisation. It may come twice or with another at once (each reminder is taken once),
late (the rows say what is still due), or never: the next round of the schedule sends it again, so that a broker that
was down costs minutes.
"""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from diagnostics.closing import close_past_their_last_day
from diagnostics.completion import keep_up as keep_up_with_answers
from diagnostics.opening import open_on_their_day
from diagnostics.reminding import nobody_is_written_to, remind
from diagnostics.replying import send_letters
from diagnostics.starting import stir_starts
from partnerships.background import LIMITS
from partnerships.by_organisation import send_to_each
from partnerships.isolation import acting_for
from partnerships.models import Organisation
from partnerships.over_all_organisations import ids_of


@shared_task(name="diagnostics.remind_everybody", ignore_result=True)
def remind_everybody() -> None:
    """Have each organisation in whose surveys somebody may have to be reminded today looked at by itself."""
    now = timezone.now()
    if nobody_is_written_to(now):
        return
    due = ids_of("diagnostics_with_reminders_due", timezone.localdate(now))
    send_to_each(remind_organisation, due, look_again_in=settings.REMIND_EVERY_SECONDS)


@shared_task(name="diagnostics.remind_organisation", **LIMITS)
def remind_organisation(organisation_id: int) -> None:
    """Send what is due in one organisation's surveys."""
    with acting_for(organisation_id):
        remind(Organisation.objects.get(pk=organisation_id))


@shared_task(name="diagnostics.open_everywhere", ignore_result=True)
def open_everywhere() -> None:
    """Have each organisation with a survey that is to open by itself by today looked at by itself, when people may be
    written to: its letters are to come with it.
    """
    now = timezone.now()
    if nobody_is_written_to(now):
        return
    due = ids_of("diagnostics_due_to_open", timezone.localdate(now))
    send_to_each(open_in_organisation, due, look_again_in=settings.REMIND_EVERY_SECONDS)


@shared_task(name="diagnostics.open_in_organisation", **LIMITS)
def open_in_organisation(organisation_id: int) -> None:
    """Open one organisation's surveys whose day has come, and have their letters sent: at once, or where the broker is
    down when the schedule finds them.
    """
    with acting_for(organisation_id):
        opened = open_on_their_day(Organisation.objects.get(pk=organisation_id))
    if opened:
        send_to_each(remind_organisation, [organisation_id], look_again_in=settings.REMIND_EVERY_SECONDS)


@shared_task(name="diagnostics.close_everywhere", ignore_result=True)
def close_everywhere() -> None:
    """Have each organisation with an open survey whose last day has passed looked at by itself."""
    over = ids_of("diagnostics_past_their_last_day", timezone.localdate())
    send_to_each(close_in_organisation, over, look_again_in=settings.REMIND_EVERY_SECONDS)


@shared_task(name="diagnostics.close_in_organisation", **LIMITS)
def close_in_organisation(organisation_id: int) -> None:
    """Close one organisation's surveys whose last day has passed."""
    with acting_for(organisation_id):
        close_past_their_last_day(Organisation.objects.get(pk=organisation_id))


@shared_task(name="diagnostics.keep_up", ignore_result=True)
def keep_up() -> None:
    """Write down who has answered, for several people at once, destroy the keys of closed surveys, and have nothing in
    the cache tell who began when. Safe to run twice.
    """
    stir_starts()
    keep_up_with_answers()


@shared_task(name="diagnostics.send_replies", **LIMITS)
def send_replies(organisation_id: int) -> None:
    """Tell those who were asked of one organisation's replies."""
    with acting_for(organisation_id):
        send_letters(Organisation.objects.get(pk=organisation_id))


def have_replies_sent(organisation_id: int) -> None:
    """Have it done soon; where the broker is down, the schedule finds it waiting."""
    send_to_each(send_replies, [organisation_id])


@shared_task(name="diagnostics.send_what_waits", ignore_result=True)
def send_what_waits() -> None:
    """Have the letters about replies sent that are still waiting, wherever that is."""
    send_to_each(send_replies, ids_of("diagnostics_with_letters_waiting"))
