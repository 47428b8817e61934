"""Remembering of addresses that letters to them came back for good: for a command at the server."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from diagnostics.models import ReplyLetter, RoundState
from partnerships.models import Organisation


@transaction.atomic
def mark_letters_that_came_back(*, organisation: Organisation, addresses: Collection[str]) -> int:
    """Mark whoever is asked at these addresses in the organisation's open surveys, or was sent what is done with what
    partners said; how many were.

    Not those who are known to have answered and were sent nothing since, or are marked already, so that it can be done
    twice.
    """
    people = organisation.survey_invitations.of_people()
    told = ReplyLetter.objects.filter(organisation=organisation, sent=True)
    asked = Q(completed=False, round__state=RoundState.OPEN) | Q(pk__in=told.values("invitation"))
    unmarked = people.filter(asked, email__in=[one.lower() for one in addresses], email_failed_on=None)
    return unmarked.order_by().update(email_failed_on=timezone.localdate())
