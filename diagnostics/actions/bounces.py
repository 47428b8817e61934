"""Remembering of addresses that letters to them came back for good: for a command at the server."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from diagnostics.models import RoundState
from partnerships.models import Organisation


@transaction.atomic
def mark_letters_that_came_back(*, organisation: Organisation, addresses: Collection[str]) -> int:
    """Mark whoever is asked at these addresses in the organisation's open surveys; how many were.

    Not those who are known to have answered or are marked already, so that it can be done twice.
    """
    asked = organisation.survey_invitations.of_people().waiting().filter(round__state=RoundState.OPEN)
    unmarked = asked.filter(email__in=[one.lower() for one in addresses], email_failed_on=None)
    return unmarked.order_by().update(email_failed_on=timezone.localdate())
