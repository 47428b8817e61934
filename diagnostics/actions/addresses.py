"""Mending the address of somebody whom a letter did not reach."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from diagnostics.actions.issuing import RoundRefusedError
from diagnostics.models import Invitation, Round, RoundState
from partnerships.access import check_can_edit
from partnerships.models import Person


def correct_address(*, invitation: Invitation, email: str, by: Person) -> Invitation:
    """Write to this person at another address from now on.

    Raises RoundRefusedError where the survey is not open or they have answered, and ValidationError where somebody else
    in the survey has that address.
    """
    check_can_edit(by, invitation.organisation)
    try:
        with transaction.atomic():
            held = Round.objects.held_open(invitation.round_id)
            if held is None or held.state != RoundState.OPEN:
                raise RoundRefusedError("This survey is not open, so nobody is written to. Nothing was changed.")
            locked = held.invitations.select_for_update().of_people().get(pk=invitation.pk)
            if locked.completed:
                raise RoundRefusedError(f"{locked} has answered already, so there is nothing to send.")
            locked.email, locked.email_failed_on = email.lower(), None
            locked.save(update_fields=["email", "email_failed_on"])
    except IntegrityError as problem:
        if "invitation_once_a_round" in str(problem):
            raise ValidationError("Somebody else in this survey has this email address. Enter another.") from problem
        raise
    return locked
