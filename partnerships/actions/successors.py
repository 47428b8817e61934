"""Who took over from an organisation that has closed: no register of ours says, so a person records it."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnerships import isolation
from partnerships.audit import record_deed
from partnerships.models import DeedKind, Organisation, Partnership, Person
from partnerships.roles import EDIT


def can_record_successor(person: Person, organisation: Organisation) -> bool:
    """Whether ``person`` is a strategy lead of the organisation itself, or may tidy up after one that is gone.

    The register is everybody's: no organisation can be called closed by its neighbours. So others may only where a
    register says that it has closed (or a successor is already recorded), nobody leads it here, and a register has them
    in a partnership together; a partnership that somebody recorded by hand proves nothing.
    """
    leads = person.access_grants.current().of_roles(EDIT.roles)
    if not person.is_active or leads.filter(organisation=organisation).exists():
        return person.is_active
    gone = organisation.gone_since()
    if gone is None or gone > timezone.localdate() or _is_led(organisation):
        return False
    shared = Partnership.objects.filter(
        Q(memberships__organisation=organisation) | Q(memberships__organisation__parent=organisation),
        recorded_by__isnull=True,
    )
    concerned = (
        Q(organisation__participations__partnership__in=shared)
        | Q(organisation__memberships__partnership__in=shared)
        | Q(organisation__parts__memberships__partnership__in=shared)
    )
    return leads.filter(concerned).exists()


def _is_led(organisation: Organisation) -> bool:
    """Whether somebody here leads it: its grants are its own, and the answer is all that leaves it."""
    with isolation.acting_for(organisation):
        return organisation.access_grants.current().of_roles(EDIT.roles).exists()


def check_can_record_successor(person: Person, organisation: Organisation) -> None:
    if not can_record_successor(person, organisation):
        raise PermissionDenied(
            "Its own strategy lead records who took over; of a closed one also those in a register partnership with it."
        )


@transaction.atomic
def record_successor(
    *, organisation: Organisation, successor: Organisation, on: datetime.date, by: Person, acting_for: Organisation
) -> Organisation:
    """Record that ``successor`` legally took over from ``organisation`` on a day, which then counts as its end.

    The register is nobody's, so the record of whom ``by`` is ``acting_for`` has the line.

    Raises ValidationError, by field (``successor`` or ``on``), where that cannot be.
    """
    check_can_record_successor(by, organisation)
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    _check_line(held, successor)
    if on > timezone.localdate():
        raise ValidationError({"on": "Enter a day that is not in the future."})
    if held.opened_on and on < held.opened_on:
        raise ValidationError({"on": f"{held} opened on {held.opened_on:%-d %B %Y}. Enter a later day."})
    held.successor, held.succeeded_on = successor, on
    held.full_clean()
    held.save(update_fields=["successor", "succeeded_on"])
    what = f"{successor} ({successor.code}) took over from {held} ({held.code}) on {on:%-d %B %Y}"
    record_deed(DeedKind.RECORDED_SUCCESSOR, organisation=acting_for, by=by, what=what)
    return held


def _check_line(organisation: Organisation, successor: Organisation) -> None:
    """A line of successors never comes back to where it began."""
    seen = {organisation.pk}
    heir: Organisation | None = successor
    while heir is not None:
        if heir.pk in seen:
            itself = "An organisation cannot succeed itself. Enter the one that took over."
            circle = f"{organisation} took over from {successor}, directly or through others. Check both codes."
            raise ValidationError({"successor": itself if heir.pk == organisation.pk == successor.pk else circle})
        seen.add(heir.pk)
        heir = heir.successor
