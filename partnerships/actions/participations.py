"""Taking part in a partnership: adding it, describing it, and moving it between draft, active and ended."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from partnerships.access import check_can_edit, check_can_fill_in
from partnerships.actions.organisations import hold
from partnerships.actions.sharing import withdraw
from partnerships.completeness import needed_to_be_active
from partnerships.editing import (
    ACCOUNT_FIELDS,
    SHARED_FIELDS,
    account_version,
    check_version,
    duty_version,
)
from partnerships.models import (
    EngagementLevel,
    Organisation,
    Participation,
    ParticipationState,
    ParticipationStateChange,
    Partnership,
    PartnershipKind,
    PartnershipMembership,
    Person,
)
from partnerships.models.participations import TRANSITIONS
from partnerships.naming import short_slug
from partnerships.saving import save_checked
from partnerships.signals import announce_change

# No vowel, so that no word comes out, and no sign that looks like another.
SIGNS = "23456789bcdfghjkmnpqrstvwxyz"


def new_address(name: str) -> str:
    """A readable address whose end is drawn by chance.

    An end that counted would tell that another organisation has recorded one of this name.
    """
    return f"{short_slug(name)}-{get_random_string(4, SIGNS)}"


def check_name_is_new(organisation: Organisation, name: str, besides: Participation | None = None) -> None:
    """Two rows of one name in one portfolio cannot be told apart. Raises ValidationError."""
    others = organisation.participations.filter(partnership__name__iexact=name)
    if besides:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise ValidationError(
            "You already have a partnership with this name. Open that one, or add a word that tells them apart."
        )


@transaction.atomic
def add_participation(
    *,
    organisation: Organisation,
    by: Person,
    name: str,
    kind: PartnershipKind,
    began_on: datetime.date | None = None,
    finished_on: datetime.date | None = None,
    **account: Any,
) -> Participation:
    """Record a partnership that no register has, with ``organisation`` as its first member and as a draft of its own.

    ``began_on`` and ``finished_on`` are the partnership's own days, ``account`` holds any of ACCOUNT_FIELDS. Raises
    ValidationError where the name is in the
    portfolio already, or the database's rules refuse it.
    """
    check_can_edit(by, organisation)
    hold(organisation)  # one at a time: a form sent twice adds one
    check_name_is_new(organisation, name)
    partnership = Partnership(
        name=name,
        kind=kind,
        slug=new_address(name),
        recorded_by=organisation,
        started_on=began_on,
        ended_on=finished_on,
    )
    _save_at_its_address(partnership)
    PartnershipMembership.objects.create(partnership=partnership, organisation=organisation)
    participation = Participation(organisation=organisation, partnership=partnership, **account)
    save_checked(participation)
    announce_change(organisation=organisation, by=by)
    return participation


def _save_at_its_address(partnership: Partnership, attempts: int = 5) -> None:
    """Save it; where chance drew an address that there is, draw another."""
    for left in reversed(range(attempts)):
        try:
            save_checked(partnership)
        except IntegrityError:  # the address is unique by the field itself, which is no named rule
            if not left:
                raise
            partnership.slug = new_address(partnership.name)
        else:
            return


def locked(participation: Participation) -> Participation:
    """The participation as it is stored now, held until the transaction ends."""
    return (
        Participation.objects.select_for_update(of=("self",))
        .select_related("partnership__kind", "organisation")
        .get(pk=participation.pk)
    )


def can_edit_shared_facts(participation: Participation) -> bool:
    """Name, kind, dates and members belong to everybody: only the organisation that recorded them may change them."""
    return participation.partnership.recorded_by_id == participation.organisation_id


def check_can_edit_shared_facts(participation: Participation) -> None:
    if not can_edit_shared_facts(participation):
        raise ValidationError(
            "This partnership comes from a public register. Its name, kind and members stay as there."
        )


@transaction.atomic
def change_account(
    *,
    participation: Participation,
    by: Person,
    account: Mapping[str, Any],
    shared: Mapping[str, Any] | None = None,
    expected_version: str | None = None,
) -> Participation:
    """Change what the organisation says of a partnership and, where it recorded the partnership itself, shared facts.

    ``account`` holds any of ACCOUNT_FIELDS, ``shared`` any of SHARED_FIELDS. Raises ChangedMeanwhile where
    ``expected_version`` is not the stored one, ValidationError where the result breaks a rule.
    """
    check_can_fill_in(by, participation.organisation)
    current = locked(participation)
    if expected_version is not None:
        check_version(expected_version, account_version(current))
    if shared:
        check_can_edit(by, participation.organisation)
        check_can_edit_shared_facts(current)
        _write(current.partnership, shared, SHARED_FIELDS)
    _write(current, account, ACCOUNT_FIELDS)
    announce_change(organisation=current.organisation, by=by)
    return current


def _write(row: Participation | Partnership, changes: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for field, value in changes.items():
        if field not in allowed:
            raise KeyError(f"{field} cannot be changed here.")
        setattr(row, field, value)
    save_checked(row)


@transaction.atomic
def move_to_level(*, participation: Participation, level: EngagementLevel) -> Participation:
    """Make ``level`` today's, for what carries out a decision that was checked as it was taken."""
    current = locked(participation)
    if current.level_id != level.pk:
        current.level = level
        save_checked(current)
        announce_change(organisation=current.organisation, by=None)
    return current


@transaction.atomic
def set_duty(
    *,
    participation: Participation,
    by: Person,
    mandate_level: EngagementLevel | None,
    mandate_source: str,
    harm_of_declining: Decimal,
    harm_is_reviewed: bool,
    expected_version: str | None = None,
) -> Participation:
    """Record what law or contract requires, and the harm of leaving.

    A review is of one number: a changed number that nobody has reviewed loses the earlier reviewer's name.
    """
    check_can_edit(by, participation.organisation)
    current = locked(participation)
    if expected_version is not None:
        check_version(expected_version, duty_version(current))
    if harm_is_reviewed:
        current.harm_reviewed_by, current.harm_reviewed_at = by, timezone.now()
    elif harm_of_declining != current.harm_of_declining:
        current.harm_reviewed_by, current.harm_reviewed_at = None, None
    current.mandate_level, current.mandate_source = mandate_level, mandate_source
    current.harm_of_declining = harm_of_declining
    save_checked(current)
    announce_change(organisation=current.organisation, by=by)
    return current


@transaction.atomic
def change_state(
    *, participation: Participation, by: Person, to: ParticipationState, on: datetime.date | None = None
) -> Participation:
    """Make a draft active, end it, or bring it back; ending gives it a last day.

    Raises ValidationError, with what to do, where the state cannot follow from the present one or something that an
    active partnership needs is missing. Asking for the state it is in already changes nothing, so that a button
    pressed twice does no harm.
    """
    check_can_edit(by, participation.organisation)
    current = locked(participation)
    was = ParticipationState(current.state)
    if was == to:
        return current
    if to not in TRANSITIONS[was]:
        raise ValidationError(f"A partnership that is {was.label.lower()} cannot become {to.label.lower()}.")
    if to == ParticipationState.ACTIVE and current.merged_into_id is not None:
        raise ValidationError("This record is merged into another one. Undo the merge first.")
    needed = [missing.words for missing in needed_to_be_active(current)]
    if to == ParticipationState.ACTIVE and needed:
        raise ValidationError(f"Before it can be active, add: {', '.join(needed)}.")
    current.state = to
    current.ended_on = (on or timezone.localdate()) if to == ParticipationState.ENDED else None
    save_checked(current)
    if to == ParticipationState.ENDED:
        withdraw(current.sharings.in_force(), by=by)  # else it would be seen again the day it is brought back
    ParticipationStateChange.objects.create(
        organisation=current.organisation, participation=current, was=was, became=to, changed_by=by
    )
    announce_change(organisation=current.organisation, by=by)
    return current
