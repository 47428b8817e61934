"""The library's list of where somebody is signed in, which has each session under the digest that it is kept under.

The library would write the key itself, with which anybody who reads the list could be that person.
"""

from __future__ import annotations

from typing import Any

from allauth.usersessions.apps import UserSessionsConfig


class SessionListConfig(UserSessionsConfig):  # type: ignore[misc]  # the library has no types
    """The library's app; what it would do at each sign-in is done here."""

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_set, user_logged_in

        user_logged_in.connect(_signed_in, dispatch_uid="list where somebody is signed in")
        for changed in (password_changed, password_set):
            changed.connect(_goes_on, dispatch_uid="list the session that goes on")


def _signed_in(*, request: Any, **_: Any) -> None:
    from partnerships.actions.sessions import forget_what_is_over, list_session

    forget_what_is_over(request.user)
    list_session(request)


def _goes_on(*, request: Any, **_: Any) -> None:
    """After a new password, under another key."""
    from partnerships.actions.sessions import list_session

    if request.user.is_authenticated:
        list_session(request)
