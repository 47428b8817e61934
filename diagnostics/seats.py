"""Seats: the invitations of nobody that an open link gives out, one to each who starts.

All of them are made together, when the link is offered or given to more people, and none is touched when somebody
starts: which one comes next follows from the survey's key. So neither what stands in them, nor the order in which they
lie, nor the transactions that wrote them tell which began when, and so beside which response. All that is counted is
how many were given out.

Those that nobody has yet stand behind all others, whenever the key changes: hence batches.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max

from diagnostics.keys import KeyMissingError, RoundKeys, keys_of
from diagnostics.links import link_hash
from diagnostics.models import Invitation, OpenLink, Round


def held_open_link(round_: Round) -> OpenLink | None:
    """The open link of a survey as it is now, held until this transaction ends; asked for with the survey held."""
    return OpenLink.objects.select_for_update(of=("self",)).filter(round=round_).order_by("pk").first()


def seat_number(number: int, round_: Round, keys: RoundKeys) -> Invitation:
    """The seat that comes after ``number`` others."""
    return _in_order(round_, keys)[number]


def have_seats(link: OpenLink, number: int, keys: RoundKeys | None) -> None:
    """Make seats until there are so many, or take away some that nobody has. Without keys none is given out yet."""
    round_ = link.round
    there = round_.invitations.seats().count()
    if there > number:
        free = _in_order(round_, keys)[number:] if keys else list(round_.invitations.seats()[number:])
        round_.invitations.filter(pk__in=[one.pk for one in free]).delete()
    batch = _next_batch(round_)
    made = [
        Invitation(organisation_id=link.organisation_id, round=round_, seat_batch=batch) for _ in range(number - there)
    ]
    Invitation.objects.bulk_create(made, batch_size=500)
    if keys and made:
        _offer(round_, made, keys)


def ready_open_link(round_: Round, keys: RoundKeys) -> None:
    """Give the open link, and every seat that nobody has, what follows from keys that are new."""
    link = held_open_link(round_)
    if link is None:
        return
    free = list(round_.invitations.seats().filter(link_hash=None))
    _offer(round_, free, keys)
    link.taken = round_.invitations.seats().count() - len(free)
    if not link.is_withdrawn:
        link.link_hash = link_hash(keys.secret_of_open_link(link.link_number))
    link.save(update_fields=["taken", "link_hash"])


def put_away_seats(round_: Round) -> None:
    """As a survey closes: its open link ends, and seats that nobody has lose their links.

    Without the key nobody could tell them from the others, should the survey be opened again.
    """
    link = held_open_link(round_)
    if link is None:
        return
    link.link_hash = None
    link.save(update_fields=["link_hash"])
    try:
        keys = keys_of(round_)
    except KeyMissingError:
        return
    free = [one.pk for one in _in_order(round_, keys)[link.taken :]]
    round_.invitations.filter(pk__in=free).update(link_hash=None)


def _in_order(round_: Round, keys: RoundKeys) -> list[Invitation]:
    return sorted(round_.invitations.seats(), key=lambda one: (one.seat_batch or 0, keys.place_of(one)))


def _offer(round_: Round, seats: Iterable[Invitation], keys: RoundKeys) -> None:
    """Put these behind all others, each with its link."""
    seats, batch = list(seats), _next_batch(round_)
    for one in seats:
        one.seat_batch, one.link_hash = batch, link_hash(keys.secret_of(one))
    Invitation.objects.bulk_update(seats, ["seat_batch", "link_hash"], batch_size=500)


def _next_batch(round_: Round) -> int:
    last: int | None = round_.invitations.aggregate(last=Max("seat_batch"))["last"]
    return (last or 0) + 1
