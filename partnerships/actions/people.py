"""People and their roles at an organisation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from partnerships.actions.organisations import set_up_organisation
from partnerships.models import AccessGrant, Organisation, Person, Role


@transaction.atomic
def add_person(
    *, email: str, name: str, password: str | None, organisation: Organisation, role: Role, by: Person | None
) -> Person:
    """Give somebody a role at an organisation, and an account where they have none; ``by`` is None at the server.

    Somebody who has an account keeps its name and password. A first strategy lead also gets the organisation its
    levels, pools and criteria. Raises ValidationError where the address or the password will not do.
    """
    validate_email(email)
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
    else:
        AccessGrant.objects.get_or_create(organisation=organisation, person=person, role=role)
    return person
