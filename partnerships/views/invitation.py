"""Accepting an invitation. The link's secret is exchanged for a session at once and leaves the address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.actions.invitations import (
    InvitationRefusedError,
    accept,
    accept_with_new_account,
    check_can_be_accepted,
)
from partnerships.actor import visiting
from partnerships.addresses import is_same, person_with
from partnerships.current_organisation import remember
from partnerships.forms.invitations import NewAccountForm
from partnerships.invitation_links import IN_SESSION, link_hash
from partnerships.isolation import acting_for, acting_with_link
from partnerships.models import AccessInvitation
from partnerships.roles import ROLES_IN_WORDS
from partnerships.sign_in.at_once import sign_in_at_once

STATUS = {"unknown": 404, "no_session": 403, "another_address": 403, "sender_gone": 410}
OVER = 410


@require_safe
@never_cache
def invitation_link(request: Any, secret: str) -> HttpResponse:
    """Opening the link accepts nothing, since mail programs open links too: that takes a button on the next page.

    A link that leads to no invitation starts no session: anybody can make up as many as they like.
    """
    known = link_hash(secret)
    if _with_link(known) is None:
        return _refused(request, InvitationRefusedError("unknown"))
    request.session[IN_SESSION] = known
    return redirect("partnerships:invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: Any) -> HttpResponse:
    """Who invites me, as what, and do I accept?"""
    found: AccessInvitation | None = None
    try:
        found = _invitation_of(request)
        with acting_for(found.organisation_id):
            check_can_be_accepted(found)
            if request.user.is_authenticated:
                return _with_my_account(request, found)
            if not settings.PASSWORD_SIGN_IN or _may_know_of_an_account(found):
                return _page(request, "sign_in", found)
            return _with_a_new_account(request, found)
    except InvitationRefusedError as refused:
        return _refused(request, refused, found)


def _invitation_of(request: Any) -> AccessInvitation:
    """The invitation of the link that this session came with."""
    known = request.session.get(IN_SESSION)
    if known is None:
        raise InvitationRefusedError("no_session")
    found = _with_link(known)
    if found is None:
        raise InvitationRefusedError("unknown")
    return found


def _with_link(known: str) -> AccessInvitation | None:
    with acting_with_link(known):
        return AccessInvitation.objects.filter(link_hash=known).select_related("organisation", "invited_by").first()


def _may_know_of_an_account(found: AccessInvitation) -> bool:
    """Whether the address has an account, said only to whoever has the link from a letter to that address.

    A link that was handed over is first the administrator's, who could else ask of any address there is.
    """
    return not found.is_handed_over and person_with(found.email) is not None


def _with_my_account(request: Any, found: AccessInvitation) -> HttpResponse:
    if not is_same(request.user.email, found.email):
        raise InvitationRefusedError("another_address")
    if request.method != "POST":
        return _page(request, "accept", found)
    accept(invitation=found, by=request.user)
    return _welcome(request, found)


def _with_a_new_account(request: Any, found: AccessInvitation) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with visiting(request):
                person = accept_with_new_account(invitation=found, **form.cleaned_data)
        except ValidationError as problem:
            form.add_problem(problem)
        else:
            sign_in_at_once(request, person)
            return _welcome(request, found)
    return _page(request, "new_account", found, form=form)


def _page(request: Any, step: str, found: AccessInvitation, **more: Any) -> HttpResponse:
    roles = [one for one in ROLES_IN_WORDS if one.role in found.roles]
    page = {"step": step, "invitation": found, "inviting": found.organisation, "roles": roles, **more}
    return render(request, "partnerships/invitation.html", page)


def _refused(request: Any, refused: InvitationRefusedError, found: AccessInvitation | None = None) -> HttpResponse:
    page = {"refusal": refused.reason, "invitation": found}
    return render(request, "partnerships/invitation_refused.html", page, status=STATUS.get(refused.reason, OVER))


def _welcome(request: Any, found: AccessInvitation) -> HttpResponse:
    request.session.pop(IN_SESSION, None)
    remember(request, found.organisation.code)
    roles = " and ".join(label.lower() for label in found.role_labels)
    messages.success(request, f"Welcome. At {found.organisation.display_name} you are {roles}.")
    return redirect("partnerships:home")
