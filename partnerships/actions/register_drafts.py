"""Taking partnerships of the registers into an organisation's portfolio, as drafts to be filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.actions.participations import change_account
from partnerships.models import Organisation, Participation, Partnership, Person, RegisterSource
from partnerships.signals import announce_change


@transaction.atomic
def add_drafts_from_register(
    *, organisation: Organisation, partnerships: Collection[Partnership], by: Person
) -> list[Participation]:
    """Add a draft for each partnership that is not in the portfolio; returns those added.

    What is there already, ended or not, stays as it is, so that a form sent twice adds nothing twice. Raises
    ValidationError where the organisation has closed, or a partnership has ended or is of no register.
    """
    check_can_edit(by, organisation)
    today = timezone.localdate()
    gone = organisation.gone_since()
    if gone and gone <= today:
        raise ValidationError(f"{organisation} closed on {gone:%-d %B %Y}. Add these for the one that took over.")
    for partnership in partnerships:
        if partnership.source == RegisterSource.PERSON or (partnership.ended_on and partnership.ended_on <= today):
            raise ValidationError(f"{partnership} cannot be added from a register. Load the page again.")
    # the second of two forms sent at once waits here for the first
    hold(organisation)
    held = set(organisation.participations.values_list("partnership_id", flat=True))
    added = Participation.objects.bulk_create(
        Participation(organisation=organisation, partnership=partnership)
        for partnership in {one.pk: one for one in partnerships}.values()
        if partnership.pk not in held
    )
    if added:
        announce_change(organisation=organisation, by=by)
    return added


@transaction.atomic
def use_registered(
    *, organisation: Organisation, by: Person, partnership: Partnership, account: Mapping[str, Any]
) -> Participation:
    """Add one partnership of a register as a draft, with what somebody has typed of it already.

    Where it is in the portfolio by now, what stands there stays. Raises ValidationError as adding drafts does.
    """
    check_can_edit(by, organisation)
    added = add_drafts_from_register(organisation=organisation, partnerships=[partnership], by=by)
    if not added:
        return organisation.participations.select_related("partnership").get(partnership=partnership)
    return change_account(participation=added[0], by=by, account=account)
