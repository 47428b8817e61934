"""Letting somebody start afresh with signing in, who has lost every way of it."""

from __future__ import annotations

import structlog
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from partnerships.actions.sessions import end_sessions
from partnerships.audit import record_on_account
from partnerships.models import DeedKind, Person
from partnerships.sign_in.tries import forget_tries

log = structlog.get_logger(__name__)


@transaction.atomic
def reset_sign_in(*, person: Person) -> None:
    """Take the second step away, let the account at a provider go, forget failed tries, and sign out everywhere.

    Only at the server, by somebody who has made sure who it is. The password stays.
    """
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    forget_tries(person)
    end_sessions(person)
    record_on_account(DeedKind.SIGN_IN_RESET, person=person)
    log.info("sign_in_reset", person=person.pk)
