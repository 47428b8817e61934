"""Offering the open link of a survey, replacing it and withdrawing it."""

from __future__ import annotations

from django.db import transaction

from diagnostics.actions.issuing import KEY_LOST, RoundRefusedError
from diagnostics.invitees import MOST_PEOPLE
from diagnostics.keys import KeyMissingError, RoundKeys, keys_of
from diagnostics.links import link_hash
from diagnostics.models import OpenLink, Round, RoundState
from diagnostics.seats import have_seats, held_open_link
from partnerships.access import check_can_edit
from partnerships.models import Person


@transaction.atomic
def offer_open_link(*, round: Round, people: int, by: Person) -> OpenLink:
    """Offer the survey to so many people with an open link; or say anew how many have it, or offer it again.

    It works once the survey is open. Raises RoundRefusedError for a number that is too large or lower than of those who
    have started, and where the survey has closed.
    """
    check_can_edit(by, round.organisation)
    locked, keys = _held(round)
    link = held_open_link(locked) or OpenLink(
        organisation_id=locked.organisation_id, round=locked, participation_id=locked.participation_id
    )
    link.round = locked
    _check_number(link, people)
    link.seats, link.is_withdrawn = people, False
    link.link_hash = link_hash(keys.secret_of_open_link(link.link_number)) if keys else None
    link.save()
    have_seats(link, people, keys)
    return link


@transaction.atomic
def replace_open_link(*, round: Round, by: Person) -> OpenLink:
    """A new open link; the earlier one stops working. Whoever has started with that goes on as before.

    Raises RoundRefusedError where there is none that works.
    """
    check_can_edit(by, round.organisation)
    locked, keys = _held(round)
    link = _offered(locked)
    if keys is None:
        raise RoundRefusedError("The open link begins to work when the survey opens, so there is none to replace yet.")
    link.link_number += 1
    link.link_hash = link_hash(keys.secret_of_open_link(link.link_number))
    link.save(update_fields=["link_number", "link_hash"])
    return link


@transaction.atomic
def withdraw_open_link(*, round: Round, by: Person) -> OpenLink:
    """Let nobody else start with the open link. Whoever has started goes on as before.

    Where nobody has, it counts as given to nobody; else all who had it still count as asked. Raises RoundRefusedError
    where there is none.
    """
    check_can_edit(by, round.organisation)
    locked, keys = _held(round)
    link = _offered(locked)
    link.is_withdrawn, link.link_hash = True, None
    link.link_number += 1  # so that one that is offered again is another one
    link.save(update_fields=["is_withdrawn", "link_hash", "link_number"])
    if not link.taken:
        have_seats(link, 0, keys)
    return link


def _held(round_: Round) -> tuple[Round, RoundKeys | None]:
    """The survey, which neither opens nor closes until this transaction ends, and its keys once it is open."""
    locked = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if locked.state == RoundState.CLOSED:
        raise RoundRefusedError("This survey is closed, so nobody can answer with an open link.")
    if locked.state == RoundState.DRAFT:
        return locked, None
    try:
        return locked, keys_of(locked)
    except KeyMissingError as lost:
        raise RoundRefusedError(KEY_LOST) from lost


def _offered(locked: Round) -> OpenLink:
    link = held_open_link(locked)
    if link is None or link.is_withdrawn:
        raise RoundRefusedError("This survey has no open link. Nothing was changed.")
    return link


def _check_number(link: OpenLink, people: int) -> None:
    if people < 1:
        raise RoundRefusedError("Enter how many people have the open link, as 1 or more.")
    if people < link.taken:
        raise RoundRefusedError(f"{link.taken} people have started with the open link. Enter {link.taken} or more.")
    named = link.round.invitations.of_people().count()
    if named + people > MOST_PEOPLE:
        raise RoundRefusedError(f"Ask {MOST_PEOPLE} people or fewer in all. {named} are asked by name.")
