"""Sign-in: people are added by their organisation, so nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
