"""People and their roles at an organisation."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.actions.grants import write_grant
from partnerships.actions.sessions import end_sessions
from partnerships.addresses import check_address, person_with, with_address
from partnerships.models import Organisation, Person, Role


@transaction.atomic
def add_person(
    *, email: str, name: str, password: str | None, organisation: Organisation, role: Role, by: Person | None
) -> Person:
    """Give somebody a role at an organisation, and an account where they have none; ``by`` is None at the server.

    Somebody who has an account keeps its name and password, unless nobody has proved that its address is theirs
    (``is_proved``): then it gets this password, and loses its second step and its sessions.

    A first strategy lead also gets the organisation its levels, pools and criteria and, while it has no administrator,
    becomes that too. Raises ValidationError where the address or the password will not do, and where somebody else
    would be first of an organisation without one.
    """
    check_address(email)
    first = not organisation.access_grants.administrators().exists()
    if first and role not in (Role.ADMINISTRATOR, Role.STRATEGY_LEAD):
        raise ValidationError(
            f"{organisation} has no administrator yet. Add one first, or a strategy lead, who becomes one as well."
        )
    person = person_with(email)
    if person is None:
        if not password:
            raise ValidationError("Give a password: this person has no account yet.")
        if not name.strip():
            raise ValidationError("Give a name: this person has no account yet.")
        validate_password(password, Person(email=email, name=name))
        person = Person.objects.create_user(email=email, password=password, name=name.strip())
    elif not is_proved(person):
        _take_over(person, password)
    for given in {role, Role.ADMINISTRATOR} if first else {role}:
        write_grant(organisation=organisation, person=person, role=given, last_day=None, by=by)
    return person


def is_proved(person: Person) -> bool:
    """Whether an account's address is known to be its owner's.

    One made through a link that an administrator handed over is not, until a mailed link or the server says so: that
    administrator could have made it in somebody else's name, and must not get in elsewhere when that person does.
    """
    return not with_address(EmailAddress.objects.filter(user=person, verified=False), person.email).exists()


def _take_over(person: Person, password: str | None) -> None:
    if not password:
        raise ValidationError(
            "This account was made through a link that was handed over, so nobody knows whose it is. "
            "Give a new password, and hand it to the person."
        )
    validate_password(password, person)
    take_from_whoever_claimed_the_address(person, password=password)


def take_from_whoever_claimed_the_address(person: Person, *, password: str | None) -> None:
    """An account made by a link that somebody handed over may be another's in the address's name: it is theirs no more,
    now that the provider or the server has proved whose the address is. Without a password it has none from now on.
    """
    unproved = EmailAddress.objects.filter(user=person, verified=False)
    if unproved.exists():
        person.set_password(password)
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        unproved.update(verified=True)
