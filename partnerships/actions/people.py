"""People and their roles at an organisation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from partnerships.actions.organisations import set_up_organisation
from partnerships.models import AccessGrant, Organisation, Person, Role


@transaction.atomic
def add_person(
    *, email: str, name: str, password: str | None, organisation: Organisation, role: Role, by: Person | None
) -> Person:
    """Give somebody a role at an organisation, and an account where they have none; ``by`` is None at the server.

    Somebody who has an account keeps its name and password. A first strategy lead also gets the organisation its
    levels, pools and criteria and, while it has no administrator, becomes that too. Raises ValidationError where the
    address or the password will not do, and where somebody else would be first of an organisation without one.
    """
    validate_email(email)
    first = not organisation.access_grants.administrators().exists()
    if first and role not in (Role.ADMINISTRATOR, Role.STRATEGY_LEAD):
        raise ValidationError(
            f"{organisation} has no administrator yet. Add one first, or a strategy lead, who becomes one as well."
        )
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        if not password:
            raise ValidationError("Give a password: this person has no account yet.")
        if not name.strip():
            raise ValidationError("Give a name: this person has no account yet.")
        validate_password(password, Person(email=email, name=name))
        person = Person.objects.create_user(email=email, password=password, name=name.strip())
    if role == Role.STRATEGY_LEAD:
        set_up_organisation(organisation=organisation, first_lead=person)
    give_role(organisation=organisation, person=person, role=role, by=by)
    if first:
        give_role(organisation=organisation, person=person, role=Role.ADMINISTRATOR, by=by)
    return person


def give_role(*, organisation: Organisation, person: Person, role: Role, by: Person | None) -> AccessGrant:
    """A role from now on and without an end; who has it already keeps it, and one with an end loses that."""
    grant = organisation.access_grants.filter(person=person, role=role).first()
    if grant is None:
        return AccessGrant.objects.create(organisation=organisation, person=person, role=role, given_by=by)
    if not grant.is_current:
        grant.granted_at, grant.given_by = timezone.now(), by
    grant.expires_at = None
    grant.save()
    return grant
