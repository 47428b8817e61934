"""Remembering that a letter to a partner came back: for a command at the server."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from decisions.models import Letter, LetterState
from partnerships.addresses import with_address
from partnerships.models import Organisation


@transaction.atomic
def mark_letter_that_came_back(*, organisation: Organisation, number: str, address: str, words: str) -> int:
    """Mark the organisation's letter that carries this number and went to this address, with what the mail server said;
    how many were. Not one that has been corrected and sent anew since: that carries another number. Can be done twice.
    """
    letters = with_address(Letter.objects.filter(organisation=organisation, mail_number=number), address)
    found = letters.select_for_update(of=("self",)).first() if number else None
    if found is None or found.state not in {LetterState.SENT, LetterState.IN_DOUBT}:
        return 0
    facts = {"sent_at": found.sent_at or found.taken_at, "returned_at": timezone.now(), "server_said": words}
    since = LetterState(found.state)
    return int(Letter.objects.all().move(found.pk, LetterState.RETURNED, since=since, trouble="", **facts))
