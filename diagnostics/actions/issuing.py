"""Giving people their links. A link can be read only in what these functions return: it is stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from diagnostics.keys import KeyMissingError, draw_keys, keys_of
from diagnostics.links import link_hash
from diagnostics.models import Invitation, Round, RoundState
from partnerships.access import check_can_edit
from partnerships.models import Person


class RoundRefusedError(ValidationError):
    """The survey is not in a state in which this can be done; the message says what to do."""


@dataclass(frozen=True)
class PersonalLink:
    """Somebody's link by its secret; whoever knows it can answer in their place."""

    invitation: Invitation
    secret: str


@transaction.atomic
def issue_links(*, round: Round, by: Person) -> list[PersonalLink]:
    """The link of everybody who has not answered, the same that they have.

    Where the survey's key was lost these are new links, and who had begun begins again.
    """
    check_can_edit(by, round.organisation)
    locked = _open(round)
    return _give(locked, locked.invitations.select_for_update().waiting().order_by("name", "email"))


@transaction.atomic
def issue_link(*, invitation: Invitation, by: Person) -> PersonalLink:
    """A new link for one person; the earlier one stops working, and what they began with it stays.

    Raises RoundRefusedError where they have answered.
    """
    check_can_edit(by, invitation.organisation)
    locked = _open(invitation.round)
    found = locked.invitations.select_for_update().waiting().filter(pk=invitation.pk).first()
    if found is None:
        raise RoundRefusedError(f"{invitation} has already answered, so there is no new link to give.")
    found.link_number += 1
    return _give(locked, [found])[0]


def _open(round_: Round) -> Round:
    """The round, held open until this transaction ends."""
    locked = Round.objects.held_open(round_.pk)
    if locked is None or locked.state != RoundState.OPEN:
        raise RoundRefusedError("This survey is not open, so its links cannot be used. Nothing was changed.")
    return locked


def _give(round_: Round, invitations: Iterable[Invitation]) -> list[PersonalLink]:
    try:
        keys = keys_of(round_)
    except KeyMissingError:
        keys = draw_keys(round_)
    links = [PersonalLink(invitation, keys.secret_of(invitation)) for invitation in invitations]
    for link in links:
        link.invitation.link_hash = link_hash(link.secret)
    Invitation.objects.bulk_update([link.invitation for link in links], ["link_hash", "link_number"], batch_size=500)
    return links
