"""Who is in a partnership that an organisation recorded itself; registers keep their own memberships.

No score rests on the list of members, so no change of inputs is announced.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.actions.participations import check_can_edit_shared_facts
from partnerships.models import Organisation, Participation, Partnership, PartnershipMembership, Person
from partnerships.saving import save_checked


def _hold(participation: Participation, by: Person) -> Partnership:
    """The partnership, held until the transaction ends, so that members change one after another."""
    check_can_edit(by, participation.organisation)
    check_can_edit_shared_facts(participation)
    return Partnership.objects.select_for_update().get(pk=participation.partnership_id)


@transaction.atomic
def add_member(
    *, participation: Participation, by: Person, organisation: Organisation, joined_on: datetime.date | None = None
) -> PartnershipMembership:
    """Add a member; somebody who is a member already stays one, from the day first recorded."""
    partnership = _hold(participation, by)
    day = timezone.localdate()
    present = partnership.memberships.current_on(day).filter(organisation=organisation).first()
    if present:
        return present
    earlier = partnership.memberships.filter(organisation=organisation, joined_on=joined_on).exists()
    membership = PartnershipMembership(
        partnership=partnership,
        organisation=organisation,
        # a member who left and comes back needs a day of joining that tells the two memberships apart
        joined_on=day if earlier else joined_on,
    )
    save_checked(membership)
    return membership


@transaction.atomic
def remove_member(
    *, participation: Participation, by: Person, organisation: Organisation, left_on: datetime.date | None = None
) -> None:
    """Give a member its last day; the membership stays in the history."""
    partnership = _hold(participation, by)
    today = timezone.localdate()
    for membership in partnership.memberships.current_on(today).filter(organisation=organisation):
        membership.left_on, membership.is_lead = left_on or today, False
        save_checked(membership)


@transaction.atomic
def choose_lead(*, participation: Participation, by: Person, organisation: Organisation | None) -> None:
    """Make one present member the lead, or nobody. Raises ValidationError where it is not a member."""
    partnership = _hold(participation, by)
    present = partnership.memberships.current_on(timezone.localdate())
    lead = present.filter(organisation=organisation).first() if organisation else None
    if organisation and lead is None:
        raise ValidationError(f"{organisation} is not a member. Add it as a member first.")
    partnership.memberships.filter(is_lead=True).update(is_lead=False)
    if lead:
        lead.is_lead = True
        save_checked(lead)
