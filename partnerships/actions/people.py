"""People and their roles at an organisation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from partnerships.actions.grants import write_grant
from partnerships.models import Organisation, Person, Role


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
    for given in {role, Role.ADMINISTRATOR} if first else {role}:
        write_grant(organisation=organisation, person=person, role=given, last_day=None, by=by)
    return person
