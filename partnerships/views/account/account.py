"""The account page: who am I here, how do I sign in, and where?"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.models import AccessGrant, Organisation, Person
from partnerships.sign_in.second_step import must_have
from partnerships.standing import Standing


@require_safe
@never_cache
@login_required
def account(request: Any) -> HttpResponse:
    person = request.user
    codes = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    page = {
        "places": _places(person),
        "uses_password": settings.PASSWORD_SIGN_IN and person.has_usable_password(),
        "second_step": Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first(),
        "second_step_needed": must_have(person),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }
    return render(request, "account/account.html", page)


def _places(person: Person) -> list[tuple[str, Organisation, list[AccessGrant]]]:
    """Each organisation of theirs with the address where they start there, and their roles."""
    held = person.access_grants.current().select_related("organisation").order_by("organisation__name", "role")
    by_organisation = [(one, list(grants)) for one, grants in groupby(held, key=lambda grant: grant.organisation)]
    return [(Standing(one, {grant.role for grant in grants}).home, one, grants) for one, grants in by_organisation]
