"""What decisions do by the schedule: each takes effect on its day, people are reminded of what is due, and letters
leave once they have been held.

The schedule asks often, and what is due is read from the rows each time, so that a broker that was down, or a worker
that was killed, costs minutes. A task carries the number of an organisation and may run twice.
"""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from decisions.reminding import remind
from decisions.sending import in_doubt_before, send_due
from decisions.taking_effect import take_effects_due
from diagnostics.reminding import nobody_is_written_to
from partnerships.background import LIMITS
from partnerships.by_organisation import send_to_each
from partnerships.isolation import acting_for
from partnerships.models import Organisation
from partnerships.over_all_organisations import ids_of


@shared_task(name="decisions.put_into_effect", ignore_result=True)
def put_into_effect() -> None:
    """Have each organisation of which a decision is due looked at by itself."""
    due = ids_of("decisions_with_effects_due", timezone.localdate())
    send_to_each(put_into_effect_for, due, look_again_in=settings.DECISIONS_LOOK_EVERY_SECONDS)


@shared_task(name="decisions.put_into_effect_for", **LIMITS)
def put_into_effect_for(organisation_id: int) -> None:
    """Put one organisation's decisions into effect whose day has come."""
    with acting_for(organisation_id):
        take_effects_due(Organisation.objects.get(pk=organisation_id), day=timezone.localdate())


@shared_task(name="decisions.remind_everybody", ignore_result=True)
def remind_everybody() -> None:
    """Have each organisation in which a promise or a review may have to be reminded of looked at by itself."""
    now = timezone.now()
    if nobody_is_written_to(now):
        return
    due = ids_of("decisions_with_reminders_due", timezone.localdate(now))
    send_to_each(remind_organisation, due, look_again_in=settings.REMIND_EVERY_SECONDS)


@shared_task(name="decisions.remind_organisation", **LIMITS)
def remind_organisation(organisation_id: int) -> None:
    """Send what is due in one organisation."""
    with acting_for(organisation_id):
        remind(Organisation.objects.get(pk=organisation_id))


@shared_task(name="decisions.send_letters", ignore_result=True)
def send_letters() -> None:
    """Have each organisation of which a letter is due looked at by itself."""
    now = timezone.now()
    due = ids_of("decisions_with_letters_due", now, in_doubt_before(now))
    send_to_each(send_letters_of, due, look_again_in=settings.LETTERS_LOOK_EVERY_SECONDS)


@shared_task(name="decisions.send_letters_of", **LIMITS)
def send_letters_of(organisation_id: int) -> None:
    """Send one organisation's letters whose time has come."""
    with acting_for(organisation_id):
        send_due(Organisation.objects.get(pk=organisation_id))
