"""Starting with an open link: there is no ``by``, and nothing that tells who it was."""

from __future__ import annotations

from django.db import transaction

from diagnostics.access import LinkRefusedError, Refusal, check_takes_answers
from diagnostics.keys import KeyMissingError, keys_of
from diagnostics.links import Link
from diagnostics.models import OpenLink, Round
from diagnostics.seats import held_open_link, seat_number
from diagnostics.starting import count_start, number_of_form, remember_form


@transaction.atomic
def start_with_open_link(*, link: Link, form: str, address: str) -> Link:
    """Give whoever starts a personal link, whose seat is theirs from here on; the same form has the same one again.

    The seat itself is not written to. Raises LinkRefusedError where the link does not work any more or is used up, and
    TooManyStartsError where others start from the same address at the same moment.
    """
    held, open_link = _held(link)
    check_takes_answers(held)
    try:
        keys = keys_of(held)
    except KeyMissingError as lost:
        raise LinkRefusedError(Refusal.UNKNOWN) from lost
    number = number_of_form(open_link, form)
    if number is None:
        number = _one_more(held, open_link, address)
        remember_form(open_link, form, number)
    return Link.with_secret(keys.secret_of(seat_number(number, held, keys)))


def _held(link: Link) -> tuple[Round, OpenLink]:
    """The survey, which cannot close until this transaction ends, and then its link: whoever closes waits in the same
    order.
    """
    found = OpenLink.objects.filter(link_hash=link.hash).order_by("pk").first()
    held = Round.objects.held_open(found.round_id) if found else None
    open_link = held_open_link(held) if held else None
    if held is None or open_link is None or open_link.link_hash != link.hash:
        raise LinkRefusedError(Refusal.UNKNOWN)
    return held, open_link


def _one_more(held: Round, open_link: OpenLink, address: str) -> int:
    """How many had started before; the last seat goes to whoever holds the link first."""
    if open_link.is_used_up:
        raise LinkRefusedError(Refusal.FULL, held)
    count_start(open_link, address)
    number = open_link.taken
    open_link.taken = number + 1
    open_link.save(update_fields=["taken"])
    return number
