"""Where am I signed in? One or all others can be ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.actions.sessions import end_session, end_sessions, list_session, where_signed_in
from partnerships.audit import record_on_account
from partnerships.models import DeedKind
from partnerships.sign_in.known_browsers import becomes_known


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sessions(request: Any) -> HttpResponse:
    if request.method == "POST":
        number = request.POST.get("session", "")
        if number.isascii() and number.isdecimal() and len(number) < 19:
            if end_session(by=request.user, number=int(number)):
                record_on_account(DeedKind.SESSIONS_ENDED, person=request.user)
            messages.success(request, "That browser is signed out.")
        elif "others" in request.POST:
            end_sessions(request.user)
            record_on_account(DeedKind.SESSIONS_ENDED, person=request.user)
            _stay_signed_in(request)
            messages.success(request, "You are signed out everywhere else.")
        return redirect("account_sessions")
    found = where_signed_in(person=request.user, this_session=request.session.session_key or "")
    return render(request, "account/sessions.html", {"sessions": found, "others": len(found) > 1})


def _stay_signed_in(request: Any) -> None:
    """This browser goes on, in a session with a new key, and stays one that is known."""
    update_session_auth_hash(request, request.user)
    becomes_known(request, request.user)
    request.session.save()
    list_session(request)
