"""How somebody reaches a survey by its open link: exchanged at once for a session, as a personal link is.

With it they see one page, on which they start. From there on they have a personal link, of which this browser keeps a
second cookie beside the session: so that whoever opens the open link again goes on where they were, and whoever has had
a personal link by email is led back to it. It is signed, tells nothing, and lasts as long as a session does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from diagnostics.access import (
    LinkRefusedError,
    Refusal,
    acting_for_the_survey_of,
    check_takes_answers,
    forget,
    link_of,
    refuse,
    remember,
)
from diagnostics.links import Link
from diagnostics.models import OpenLink, Round

PATH = "/s/"


class OpenLinkRequest(HttpRequest):
    """A request by somebody who has the open link of ``round``; made so by ``open_link_page``.

    ``own`` is the personal link with which somebody has begun in this browser, if anybody has.
    """

    htmx: HtmxDetails
    link: Link
    open_link: OpenLink
    round: Round
    own: Link | None


def open_link_with(link: Link) -> OpenLink:
    """The open link that takes answers. Raises LinkRefusedError."""
    rows = OpenLink.objects.select_related("round__organisation", "round__participation__partnership")
    found = rows.filter(link_hash=link.hash).first()
    if found is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    check_takes_answers(found.round)
    return found


def open_link_page(page: Callable[[OpenLinkRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """The page under ``/s/HANDLE/`` for whoever exchanged an open link for a session here."""

    @never_cache
    @wraps(page)
    def guarded(request: Any, handle: str) -> HttpResponse:
        try:
            request.link = link_of(request, handle)
            with acting_for_the_survey_of(request.link):
                request.open_link = open_link_with(request.link)
                request.round = request.open_link.round
                request.own = _own_link(request, request.round)
                response = page(request)
        except LinkRefusedError as refused:
            return refuse(request, refused)
        remember(response, request.link, request.round)
        return response

    return guarded


def remember_here(response: HttpResponse, round_: Round, own: Link) -> None:
    """Have this browser know with which personal link somebody has begun here, for when they open the open link."""
    cookie = _cookie(round_)
    value = f"{own.hash} {own.handle}"
    age, secure = settings.SESSION_COOKIE_AGE, settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        cookie, value, salt=cookie, max_age=age, path=PATH, secure=secure, httponly=True, samesite="Lax"
    )


def forget_here(response: HttpResponse, round_: Round, own: Link) -> None:
    """Let somebody else begin in this browser, who then finds nothing of whoever began before."""
    response.delete_cookie(_cookie(round_), path=PATH, samesite="Lax")
    forget(response, own)


def _own_link(request: HttpRequest, round_: Round) -> Link | None:
    """The link whose cookie this browser has, where it still leads to this survey."""
    cookie = _cookie(round_)
    try:
        value = str(request.get_signed_cookie(cookie, salt=cookie, max_age=settings.SESSION_COOKIE_AGE))
    except (KeyError, BadSignature):
        return None
    link_hash, _, handle = value.partition(" ")
    own = Link(link_hash, handle)
    return own if round_.invitations.filter(link_hash=own.hash).exists() else None


def _cookie(round_: Round) -> str:
    return "begun-" + salted_hmac("diagnostics.open_access", str(round_.pk), algorithm="sha256").hexdigest()[:16]
