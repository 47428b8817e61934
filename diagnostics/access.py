"""How a respondent reaches their survey: with a personal link, exchanged at once for a session of their own browser.

The session is a signed cookie for one survey, and is kept nowhere else: a table of sessions would be a place in which
the database joins an invitation to a response. Its name and its path carry the survey's handle, so that several surveys
in one browser do not mix. It lasts as long as a sign-in does, counted from the last page.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from diagnostics.links import Respondent
from diagnostics.models import Invitation, Response, Round
from partnerships.isolation import acting_for, acting_with_link

PageArguments = ParamSpec("PageArguments")


class Refusal(enum.Enum):
    """Why a survey cannot be answered; each has a page that says what to do."""

    UNKNOWN = "unknown"
    NO_SESSION = "no_session"
    USED = "used"
    EXPIRED = "expired"
    CLOSED = "closed"


STATUS = {
    Refusal.UNKNOWN: 404,
    Refusal.NO_SESSION: 403,
    Refusal.USED: 410,
    Refusal.EXPIRED: 410,
    Refusal.CLOSED: 410,
}


class LinkRefusedError(Exception):
    """The link leads to no survey that takes answers. ``round`` is the survey it was for, where that is known."""

    def __init__(self, refusal: Refusal, round_: Round | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.round = round_


class RespondentRequest(HttpRequest):
    """A request by somebody who can answer ``round`` now; made so by ``respondent_page``."""

    htmx: HtmxDetails
    respondent: Respondent
    round: Round


def respondent_with(secret: str) -> tuple[Respondent, Round]:
    """Who holds this link, and the round that takes their answers. Raises LinkRefusedError."""
    respondent = Respondent.with_secret(secret)
    return respondent, round_for(respondent)


def round_for(respondent: Respondent) -> Round:
    """The round in which this respondent can answer now. Raises LinkRefusedError."""
    invitation = (
        Invitation.objects.filter(link_hash=respondent.link_hash)
        .select_related("round__organisation", "round__participation__partnership")
        .first()
    )
    if invitation is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    check_takes_answers(invitation.round)
    if _has_sent(respondent, invitation):
        raise LinkRefusedError(Refusal.USED, invitation.round)
    return invitation.round


def _has_sent(respondent: Respondent, invitation: Invitation) -> bool:
    """Whether the answers are in. A survey that closed and was opened again knows it by the invitation alone."""
    begun = list(Response.objects.filter(key=respondent.response_key).values_list("submitted_on", flat=True))
    return begun[0] is not None if begun else invitation.completed


@contextmanager
def acting_for_the_survey_of(respondent: Respondent) -> Iterator[None]:
    """Act for the organisation whose survey this link leads to. Raises LinkRefusedError where it leads to none."""
    with acting_with_link(respondent.link_hash):
        invitation = Invitation.objects.filter(link_hash=respondent.link_hash).order_by()
        owner = invitation.values_list("organisation_id", flat=True).first()
    if owner is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    with acting_for(owner):
        yield


def check_takes_answers(round_: Round) -> None:
    today = timezone.localdate()
    if round_.is_past_its_last_day(today):
        raise LinkRefusedError(Refusal.EXPIRED, round_)
    if not round_.takes_answers_on(today):
        raise LinkRefusedError(Refusal.CLOSED, round_)


def remember(response: HttpResponse, respondent: Respondent) -> None:
    """Give the browser its session for this survey, or make it last anew."""
    response.set_signed_cookie(
        _cookie(respondent.handle),
        f"{respondent.link_hash}.{respondent.response_key}",
        salt=_cookie(respondent.handle),
        max_age=settings.SESSION_COOKIE_AGE,
        path=f"/s/{respondent.handle}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def respondent_of(request: HttpRequest, handle: str) -> Respondent:
    """Who this browser's session is of. Raises LinkRefusedError where it has none for this survey, or an old one."""
    cookie = _cookie(handle)
    try:
        value = request.get_signed_cookie(cookie, salt=cookie, max_age=settings.SESSION_COOKIE_AGE)
        link_hash, response_key = str(value).split(".")
    except (KeyError, BadSignature) as problem:
        raise LinkRefusedError(Refusal.NO_SESSION) from problem
    return Respondent(link_hash, response_key, handle)


def respondent_page(
    page: Callable[Concatenate[RespondentRequest, PageArguments], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page under ``/s/HANDLE/``: for whoever exchanged a link for a session here, while the survey takes answers."""

    @never_cache
    @wraps(page)
    def guarded(request: Any, handle: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.respondent = respondent_of(request, handle)
            with acting_for_the_survey_of(request.respondent):
                request.round = round_for(request.respondent)
                response = page(request, *args, **kwargs)
        except LinkRefusedError as refused:
            return refuse(request, refused)
        remember(response, request.respondent)
        return response

    return guarded


def refuse(request: Any, refused: LinkRefusedError) -> HttpResponse:
    """What to do where a survey cannot be answered: a page, or for htmx the words beside the answer."""
    template = "diagnostics/refused.html" + ("#refused-short" if request.htmx else "")
    context: dict[str, Any] = {"refusal": refused.refusal.value, "round": refused.round}
    if refused.round is not None:
        context["organisation"] = refused.round.organisation
    response = render(request, template, context, status=STATUS[refused.refusal])
    patch_vary_headers(response, ["HX-Request"])
    return response


def _cookie(handle: str) -> str:
    return f"survey-{handle}"
