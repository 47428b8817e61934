"""Giving people their links. A link can be read only in what these functions return: it is stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from diagnostics.keys import KeyMissingError, keys_of
from diagnostics.links import link_hash
from diagnostics.models import Invitation, Round, RoundState
from diagnostics.replacing import keep_working, replace_links
from partnerships.access import check_can_edit
from partnerships.models import Person

KEY_LOST = (
    "The key to this survey’s links is missing on the server, so nobody can answer any more, and nobody knows who has. "
    "Close the survey, which keeps what was sent in if that is enough to show results, and start a new one."
)

GIVEN = ["link_hash", "handed_hash", "link_number", "link_by_letter"]


class RoundRefusedError(ValidationError):
    """The survey is not in a state in which this can be done; the message says what to do."""


@dataclass(frozen=True)
class PersonalLink:
    """Somebody's link by its secret; whoever knows it can answer in their place, or begin to where it is handed out."""

    invitation: Invitation
    secret: str


@transaction.atomic
def issue_links(*, round: Round, by: Person, by_hand: bool = False) -> list[PersonalLink]:
    """The link of everybody who is not known to have answered: the same that they have, or a new one for each.

    Where the survey was opened again it is the same link under its new key: what they had before works beside it.

    Of everybody who is asked by name: whoever starts with an open link is shown theirs, and nobody else.
    They are new, and to be handed out ``by_hand``, where anybody but their people will see them, who could else read
    what was begun with them. Raises RoundRefusedError where the survey's key was lost.
    """
    check_can_edit(by, round.organisation)
    locked = _open(round)
    people = locked.invitations.select_for_update().of_people().waiting()
    return _give(locked, people.order_by("name", "email"), anew=by_hand, by_hand=by_hand)


@transaction.atomic
def issue_link(*, invitation: Invitation, by: Person, by_hand: bool = False) -> PersonalLink:
    """A new link for one person, for a letter or to be handed out ``by_hand``; the earlier one stops working, and what
    they began with it is left.

    Raises RoundRefusedError where they are known to have answered.
    """
    check_can_edit(by, invitation.organisation)
    locked = _open(invitation.round)
    found = locked.invitations.select_for_update().of_people().waiting().filter(pk=invitation.pk).first()
    if found is None:
        raise RoundRefusedError(f"{invitation} has already answered, so there is no new link to give.")
    return _give(locked, [found], anew=True, by_hand=by_hand)[0]


@transaction.atomic
def hand_out_instead(*, links: Sequence[PersonalLink], by: Person) -> list[PersonalLink]:
    """New links of one survey to be handed out, in place of these that no letter could bring.

    A letter that was held for lost may still have left: so what it brings is not what somebody else is shown. Raises
    RoundRefusedError as ``issue_link`` does.
    """
    round_ = links[0].invitation.round
    check_can_edit(by, round_.organisation)
    locked = _open(round_)
    people = locked.invitations.select_for_update().of_people().waiting()
    found = people.filter(pk__in=[link.invitation.pk for link in links])
    return _give(locked, found.order_by("name", "email"), anew=True, by_hand=True)


def _open(round_: Round) -> Round:
    """The round, held open until this transaction ends."""
    locked = Round.objects.held_open(round_.pk)
    if locked is None or locked.state != RoundState.OPEN:
        raise RoundRefusedError("This survey is not open, so its links cannot be used. Nothing was changed.")
    return locked


def _give(
    round_: Round, invitations: Iterable[Invitation], *, anew: bool = False, by_hand: bool = False
) -> list[PersonalLink]:
    invitations = list(invitations)
    try:
        keys = keys_of(round_)
    except KeyMissingError as lost:
        # Under a new one whoever has answered would not be known, answer again, and count twice.
        raise RoundRefusedError(KEY_LOST) from lost
    if anew:
        replace_links(invitations)
    else:
        keep_working(invitations, keys)
    for one in invitations:
        one.link_by_letter = False  # what is given by somebody is not sent by itself as well
        one.link_hash = link_hash(keys.secret_of(one))
        is_handed_out = by_hand or (one.is_handed_out and not anew)
        one.handed_hash = link_hash(keys.handed_secret_of(one)) if is_handed_out else None
    Invitation.objects.bulk_update(invitations, GIVEN, batch_size=500)
    return [PersonalLink(one, keys.secret_to_give(one)) for one in invitations]
