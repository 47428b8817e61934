"""What the sign-in library asks this service about accounts."""

from __future__ import annotations

import ipaddress
import smtplib
import time
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from partnerships.addresses import whose
from partnerships.audit import record_too_many_tries
from partnerships.outgoing_mail import can_send
from partnerships.sign_in import tries
from partnerships.sign_in.second_step import came_through_provider

log = structlog.get_logger(__name__)

# Where an address of IPv6 is one of IPv4 in its last 32 bits: mapped, translated (RFC 6052), and of the old form.
IPV4_WITHIN = [ipaddress.ip_network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96", "::/96")]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right. Check both, then try again.",
        "too_many_login_attempts": "There were too many wrong tries. Wait five minutes, then try again.",
        "rate_limited": "There were too many wrong tries. Wait five minutes, then try again.",
        "enter_current_password": "Enter the password that you sign in with now.",
        "incorrect_password": "This is not your password. Check it, then try again.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address also where a proxy writes it as IPv6: tries are counted by the first half of such addresses,
        and all of those have the same.
        """
        said: str = super().get_client_ip(request)
        try:
            address = ipaddress.ip_address(said)
        except ValueError:
            return said
        within = any(address in network for network in IPV4_WITHIN)
        return str(ipaddress.IPv4Address(address.packed[-4:])) if within and not address.is_loopback else said

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "partnerships.sign_in.second_step.SecondStepStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return tries.account_key(request, credentials.get("email", ""))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """After a new password: the library would forget the tries of the address as well, so that a mailbox of one's
        own would let one guess at everybody else's password.
        """
        tries.forget(self._get_login_attempts_cache_key(request, **credentials))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try. Where it is one too many, not even the right password is looked at."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            wait = max(1, tries.seconds_until_next_try(request, key))
            log.warning("sign_in_refused", reason="too many tries", seconds=wait)
            person = whose(credentials.get("email"))
            again = person is not None and getattr(request, "user", None) == person
            record_too_many_tries(person, seconds=wait, again=again)
            raise ImmediateHttpResponse(tries.too_many_tries(request, wait)) from None

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Whether to ask again who it is before a change of how they sign in: not within minutes of signing in."""
        latest = [record["at"] for record in get_authentication_records(self.request, self.request.user)]
        return not latest or time.time() - latest[-1] > REAUTHENTICATION_TIMEOUT

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came through the provider is told that they may still be signed in there."""
        return "/accounts/signed-out/" if came_through_provider(request, request.user) else "/"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell somebody what changed about their sign-in; a mail server that is gone undoes no change."""
        if not can_send():
            return
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("notification_not_sent", error=type(error).__name__)
