"""Deeds that change no row and matter all the same, put on the record by the views and signals that see them done."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa import signals as second_step
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache

from partnerships.actor import unproved, who
from partnerships.addresses import whose
from partnerships.isolation import acting_as, acting_for_several, current_scope
from partnerships.models import Deed, DeedKind, Organisation, Participation, Person


def record_deed(
    kind: DeedKind,
    *,
    organisation: Organisation,
    by: Person | None,
    what: str = "",
    rows: int | None = None,
    participation: Participation | None = None,
) -> Deed:
    """Put one on the record of the organisation that is acted for. ``what`` names the file or page in plain words."""
    return Deed.objects.create(
        organisation=organisation,
        person=by,
        kind=kind,
        what=what[:200],
        rows=rows,
        participation=participation,
        context=_context(),
    )


def record_on_account(kind: DeedKind, *, person: Person | None, what: str = "") -> list[Deed]:
    """Put what somebody does with their account on the record of every organisation at which they have a role; it is
    nobody's where there is none.

    Who did not get in may be anybody, and is not said to be the person whose account it is.
    """
    is_stranger = kind == DeedKind.SIGN_IN_FAILED and not what.endswith(AGAIN)
    with unproved() if is_stranger else nullcontext():
        return _on_account(kind, person, what, by=None if is_stranger else person)


def _on_account(kind: DeedKind, person: Person | None, what: str, *, by: Person | None) -> list[Deed]:
    if person is None:
        return [Deed.objects.create(kind=kind, context=_context())]
    with acting_as(person):
        grants = person.access_grants.current().order_by()
        organisations = list(grants.values_list("organisation", flat=True).distinct())
    deeds = [Deed(organisation_id=pk, person=person, kind=kind, what=what) for pk in organisations]
    with acting_for_several(organisations, person=by):
        for deed in deeds or [Deed(person=person, kind=kind, what=what)]:
            deed.context = _context()
            deed.save(force_insert=True)
    return deeds


def record_register_import(*, what: str, rows: int, by: Person | None) -> Deed:
    """A register is everybody's, and so nobody's record has it; its file is listed where registers are."""
    return Deed.objects.create(
        kind=DeedKind.IMPORTED_REGISTER, person=by, what=what[:200], rows=rows, context=_context()
    )


def _context() -> dict[str, Any] | None:
    scope = current_scope()
    return who(person=scope.person, organisations=scope.organisations)


# How a line of somebody who did not get in ends where they are signed in already.
AGAIN = "when asked again who it is"
TOO_MANY = "too many tries"


def record_not_again(person: Person) -> None:
    """Who is signed in gave a wrong password or code where one is asked for again."""
    record_on_account(DeedKind.SIGN_IN_FAILED, person=person, what=f"wrong password or code {AGAIN}")


def record_too_many_tries(person: Person | None, *, seconds: int, again: bool = False) -> None:
    """A try was refused for being one too many, and nothing of it was looked at: one line for as long as the limit
    holds, which is so many ``seconds``, however many tries there are; one for all that name no account.
    """
    name = f"too-many-tries:{person.pk if person else 'nobody'}"
    if cache.add(name, "y", timeout=max(1, seconds)):
        record_on_account(DeedKind.SIGN_IN_FAILED, person=person, what=f"{TOO_MANY} {AGAIN}" if again else TOO_MANY)


def _signed_in(*, user: Person, **_: Any) -> None:
    record_on_account(DeedKind.SIGNED_IN, person=user)


def _signed_out(*, user: Person | None, **_: Any) -> None:
    if user is not None:
        record_on_account(DeedKind.SIGNED_OUT, person=user)


def _not_signed_in(*, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    """Somebody's account, or none: what was typed is not kept, since people type passwords into the wrong box."""
    person = whose(credentials.get("email") or credentials.get("username"))
    if person is not None and getattr(request, "user", None) == person:
        record_not_again(person)
    else:
        record_on_account(DeedKind.SIGN_IN_FAILED, person=person)


def _wrong_code(*, user: Person, reauthentication: bool, **_: Any) -> None:
    """The password was right, so whoever typed the code has that; or they sit where somebody is signed in."""
    if reauthentication:
        record_not_again(user)
    else:
        record_on_account(DeedKind.SIGN_IN_FAILED, person=user)


def _password_changed(*, user: Person, **_: Any) -> None:
    record_on_account(DeedKind.PASSWORD_CHANGED, person=user)


def _second_step_added(*, user: Person, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        record_on_account(DeedKind.SECOND_STEP_SET_UP, person=user)


def _second_step_removed(*, user: Person, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        record_on_account(DeedKind.SECOND_STEP_REMOVED, person=user)


def _recovery_codes_made(*, user: Person, **_: Any) -> None:
    record_on_account(DeedKind.RECOVERY_CODES_MADE, person=user)


def watch_accounts() -> None:
    """Have the framework and the sign-in library say what people do with their accounts."""
    user_logged_in.connect(_signed_in, dispatch_uid="record a sign-in")
    user_logged_out.connect(_signed_out, dispatch_uid="record a sign-out")
    user_login_failed.connect(_not_signed_in, dispatch_uid="record a failed sign-in")
    for changed in (password_changed, password_reset):
        changed.connect(_password_changed, dispatch_uid="record a new password")
    second_step.authentication_failed.connect(_wrong_code, dispatch_uid="record a wrong code")
    second_step.authenticator_added.connect(_second_step_added, dispatch_uid="record a second step")
    second_step.authenticator_removed.connect(_second_step_removed, dispatch_uid="record the end of a second step")
    second_step.authenticator_reset.connect(_recovery_codes_made, dispatch_uid="record new recovery codes")
