"""What decisions do by the schedule: each takes effect on its day.

The schedule asks often, and what is due is read from the rows each time, so that a broker that was down, or a worker
that was killed, costs minutes. A task carries the number of an organisation and may run twice.
"""

from __future__ import annotations

import structlog
from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from decisions.taking_effect import take_effects_due
from partnerships.isolation import acting_for
from partnerships.models import Organisation
from partnerships.over_all_organisations import ids_of

log = structlog.get_logger(__name__)


@shared_task(name="decisions.put_into_effect", ignore_result=True)
def put_into_effect() -> None:
    """Have each organisation of which a decision is due looked at by itself."""
    for organisation_id in ids_of("decisions_with_effects_due", timezone.localdate()):
        try:
            put_into_effect_for.apply_async((organisation_id,), expires=settings.DECISIONS_LOOK_EVERY_SECONDS)
        except (BrokerError, OSError) as problem:
            log.warning("broker_unreachable", task=put_into_effect_for.name, problem=str(problem))
            return


@shared_task(
    name="decisions.put_into_effect_for",
    autoretry_for=(OperationalError, InterfaceError),
    max_retries=3,
    retry_backoff=2,
    time_limit=settings.CELERY_TASK_TIME_LIMIT,
    soft_time_limit=settings.CELERY_TASK_SOFT_TIME_LIMIT,
)
def put_into_effect_for(organisation_id: int) -> None:
    """Put one organisation's decisions into effect whose day has come."""
    with acting_for(organisation_id):
        take_effects_due(Organisation.objects.get(pk=organisation_id), day=timezone.localdate())
