"""Where somebody is signed in, and ending that: here, elsewhere, everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, QuerySet

from partnerships.models import Person
from partnerships.sign_in.devices import device_name
from partnerships.sign_in.session_store import kept_as, said_in


@dataclass(frozen=True)
class SignedIn:
    """One browser in which somebody is signed in."""

    number: int
    device: str
    address: str
    since: datetime
    last_used: datetime
    is_this: bool


def where_signed_in(*, person: Person, this_session: str) -> list[SignedIn]:
    """The person's living sessions, the one in use first, then the latest used.

    Every request saves its session with a new end, so that its end says when it was last used.
    """
    known = {session.session_key: session for session in UserSession.objects.filter(user=person)}
    living = [session for session in Session.objects.filter(session_key__in=known) if session.expire_date]
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = [
        SignedIn(
            number=known[session.session_key].pk,
            device=device_name(known[session.session_key].user_agent),
            address=known[session.session_key].ip,
            since=known[session.session_key].created_at,
            last_used=session.expire_date - idle,
            is_this=session.session_key == kept_as(this_session),
        )
        for session in living
    ]
    found.sort(key=lambda session: (session.is_this, session.last_used), reverse=True)
    return found


def list_session(request: Any) -> None:
    """Put the session of this request on the list of its person, under the digest that it is kept under."""
    if not request.session.session_key:
        request.session.save()
    longest = UserSession._meta.get_field("user_agent").max_length
    UserSession.objects.update_or_create(
        session_key=kept_as(request.session.session_key),
        defaults={
            "user": request.user,
            "ip": get_adapter().get_client_ip(request),
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:longest],
        },
    )


def forget_what_is_over(person: Person) -> None:
    """Take off somebody's list what has ended, or was ended by a new password."""
    listed = UserSession.objects.filter(user=person)
    good = {person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()}
    living = [
        session.session_key
        for session in Session.objects.filter(session_key__in=listed.values("session_key"))
        if said_in(session).get(HASH_SESSION_KEY) in good
    ]
    listed.exclude(session_key__in=living).delete()


@transaction.atomic
def end_session(*, by: Person, number: int) -> bool:
    """End one of one's own sessions; False where it is over already, or is another's, which is left as it is."""
    return _end(UserSession.objects.filter(user=by, pk=number))


@transaction.atomic
def end_sessions(person: Person) -> None:
    """Sign somebody out everywhere, also where no list knows that they are signed in.

    Whoever calls this has checked that it may be done. The person's ``sessions_ended`` is part of what every session
    must match, so one that is being used at this very moment ends with its next request.
    """
    Person.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    person.refresh_from_db(fields=["sessions_ended"])
    _end(UserSession.objects.filter(user=person))


def _end(sessions: QuerySet[UserSession]) -> bool:
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    ended, _ = sessions.delete()
    return ended > 0
