"""How a respondent reaches their survey: with a personal link, exchanged at once for a session of their own browser.
A link that was handed out (``diagnostics.handed_access``) and an open one (``diagnostics.open_access``) lead to one.

The session is a signed cookie for one survey, and is kept nowhere else: a table of sessions would be a place in which
the database joins an invitation to a response. Its name and its path carry the survey's handle, so that several surveys
in one browser do not mix. It lasts as long as a sign-in does, counted from the last page.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
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

from diagnostics.keys import KeyMissingError, keys_of
from diagnostics.links import Link, Respondent
from diagnostics.models import EarlierLink, Invitation, OpenLink, Response, Round
from partnerships.isolation import acting_for, acting_on_response, acting_with_link
from partnerships.models import Participation

PageArguments = ParamSpec("PageArguments")


class Refusal(enum.Enum):
    """Why a survey cannot be answered; each has a page that says what to do."""

    UNKNOWN = "unknown"
    NO_SESSION = "no_session"
    USED = "used"
    BEGUN = "begun"
    REPLACED = "replaced"
    EXPIRED = "expired"
    CLOSED = "closed"
    FULL = "full"
    NO_ORGANISATION = "no_organisation"


STATUS = {
    Refusal.UNKNOWN: 404,
    Refusal.NO_SESSION: 403,
    Refusal.USED: 410,
    Refusal.BEGUN: 410,
    Refusal.REPLACED: 410,
    Refusal.EXPIRED: 410,
    Refusal.CLOSED: 410,
    Refusal.FULL: 410,
    Refusal.NO_ORGANISATION: 403,
}


class LinkRefusedError(Exception):
    """The link leads to no survey that takes answers. ``round`` is the survey it was for, where that is known, and
    ``link`` the link with which answers that are in can be withdrawn, where there is one.
    """

    def __init__(self, refusal: Refusal, round_: Round | None = None, link: Link | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.round = round_
        self.link = link


class RespondentRequest(HttpRequest):
    """A request by somebody who can answer ``round`` now; made so by ``respondent_page``.

    ``works_for`` is the organisation that their answers will be read with, empty where there is none, or none yet.
    """

    htmx: HtmxDetails
    respondent: Respondent
    invitation: Invitation
    round: Round
    works_for: str


def respondent_with(secret: str) -> tuple[Respondent, Round]:
    """Who holds this link, and the round that takes their answers. Raises LinkRefusedError."""
    respondent, invitation = _holder(Link.with_secret(secret))
    return respondent, _round_not_answered(respondent, invitation)


def has_sent(respondent: Respondent) -> bool:
    """Whether their answers are in; needs ``acting_on_response``."""
    return Response.objects.submitted().filter(key=respondent.response_key).exists()


def has_answered(invitation: Invitation, states: Mapping[str, bool]) -> bool:
    """Whether somebody's answers are in, by what there is of theirs with any of their links.

    Who is marked, and has nothing at all, answered under a key that is gone. Who has an empty response has withdrawn
    since they were marked, and can answer anew.
    """
    return any(states.values()) or (invitation.completed and not states)


def _holder(link: Link) -> tuple[Respondent, Invitation]:
    """Who holds this link, and what they were asked; the survey takes answers. Raises LinkRefusedError."""
    invitation = Invitation.objects.with_link(link.hash)
    earlier = None if invitation else _earlier(link)
    if earlier is not None:
        invitation = earlier.invitation
    if invitation is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    check_takes_answers(invitation.round)
    try:
        keys = keys_of(invitation.round).response_keys_of(invitation)
    except KeyMissingError as lost:
        raise LinkRefusedError(Refusal.UNKNOWN) from lost
    if earlier is not None and not earlier.still_works:
        return Respondent(link, keys[earlier.link_number], is_replaced=True), invitation
    # pages stay where they are, also under an address from before the survey had its key
    present = Link(invitation.link_hash or "", link.handle, link.organisation)
    return Respondent(present, keys[-1], tuple(keys[:-1])), invitation


def _earlier(link: Link) -> EarlierLink | None:
    rows = EarlierLink.objects.select_related("invitation__round")
    return rows.filter(link_hash=link.hash, is_handed=False).order_by("pk").first()


def _round_not_answered(respondent: Respondent, invitation: Invitation) -> Round:
    check_takes_answers(invitation.round)
    states = Response.objects.states([respondent.response_key, *respondent.earlier_keys])
    if states.get(respondent.response_key):
        raise LinkRefusedError(Refusal.USED, invitation.round, respondent.link)
    if respondent.is_replaced:
        raise LinkRefusedError(Refusal.REPLACED, invitation.round)
    if has_answered(invitation, states):
        raise LinkRefusedError(Refusal.USED, invitation.round)
    return invitation.round


def _round_answered_or_not(respondent: Respondent, invitation: Invitation) -> Round:
    """Of a link that was replaced only where what was sent in with it is there."""
    if respondent.is_replaced and not Response.objects.states([respondent.response_key]).get(respondent.response_key):
        raise LinkRefusedError(Refusal.REPLACED, invitation.round)
    return invitation.round


@contextmanager
def acting_for_the_survey_of(link: Link) -> Iterator[None]:
    """Act for the organisation whose survey this link leads to. Raises LinkRefusedError where it leads to none.

    What is refused inside is of a survey whose names the page that says so still has once nobody is acted for.
    """
    owner = link.organisation or _owner_of(link)
    if owner is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    with acting_for(owner):
        try:
            yield
        except LinkRefusedError as refused:
            if refused.round is not None:
                _read_names(refused.round)
            raise


def _owner_of(link: Link) -> int | None:
    """Of a personal link, of one that was handed out or was replaced, or of an open one."""
    with acting_with_link(link.hash):
        for rows in (
            Invitation.objects.filter(link_hash=link.hash),
            Invitation.objects.filter(handed_hash=link.hash),
            EarlierLink.objects.filter(link_hash=link.hash),
            OpenLink.objects.filter(link_hash=link.hash),
        ):
            owner: int | None = rows.order_by().values_list("organisation_id", flat=True).first()
            if owner is not None:
                return owner
    return None


def check_takes_answers(round_: Round) -> None:
    today = timezone.localdate()
    if round_.is_past_its_last_day(today):
        raise LinkRefusedError(Refusal.EXPIRED, round_)
    if not round_.takes_answers_on(today):
        raise LinkRefusedError(Refusal.CLOSED, round_)


def remember(response: HttpResponse, link: Link, round_: Round) -> None:
    """Give the browser its session for this survey, or make it last anew."""
    response.set_signed_cookie(
        _cookie(link.handle),
        f"{link.hash}.{round_.organisation_id}",
        salt=_cookie(link.handle),
        max_age=settings.SESSION_COOKIE_AGE,
        path=f"/s/{link.handle}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, link: Link) -> None:
    """Take the browser's session for this survey away."""
    response.delete_cookie(_cookie(link.handle), path=f"/s/{link.handle}/", samesite="Lax")


def link_of(request: HttpRequest, handle: str) -> Link:
    """Which link this browser's session is of. Raises LinkRefusedError where it has none for this survey, or an old
    one.
    """
    cookie = _cookie(handle)
    try:
        value = request.get_signed_cookie(cookie, salt=cookie, max_age=settings.SESSION_COOKIE_AGE)
    except (KeyError, BadSignature) as problem:
        raise LinkRefusedError(Refusal.NO_SESSION) from problem
    link_hash, _, organisation = str(value).partition(".")
    return Link(link_hash, handle, int(organisation) if organisation else None)


def respondent_page(
    page: Callable[Concatenate[RespondentRequest, PageArguments], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page under ``/s/HANDLE/``: for whoever exchanged a link for a session here, while the survey takes answers."""
    return _respondent_page(page, _round_not_answered)


def page_after_sending(
    page: Callable[Concatenate[RespondentRequest, PageArguments], HttpResponse],
) -> Callable[..., HttpResponse]:
    """The same for the pages that are also there for those whose answers are in."""
    return _respondent_page(page, _round_answered_or_not)


def _respondent_page(
    page: Callable[..., HttpResponse], round_of: Callable[[Respondent, Invitation], Round]
) -> Callable[..., HttpResponse]:
    @never_cache
    @wraps(page)
    def guarded(request: Any, handle: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            link = link_of(request, handle)
            with acting_for_the_survey_of(link):
                request.respondent, request.invitation = _holder(link)
                # a deed looks itself, with the survey held, whether answers are in, and seldom has a page to name it on
                request.round = request.invitation.round
                if request.method != "POST" or request.respondent.is_replaced:
                    request.round = round_of(request.respondent, request.invitation)
                if request.method != "POST":
                    _read_names(request.round)
                with acting_on_response(request.respondent.response_key):
                    request.works_for = _read_with(request.respondent, request.invitation)
                    response = page(request, *args, **kwargs)
        except LinkRefusedError as refused:
            return refuse(request, refused)
        remember(response, link, request.round)
        return response

    return guarded


def _read_names(round_: Round) -> None:
    """What the survey is of and whose it is, in one query."""
    rows = Participation.objects.select_related("organisation", "partnership").order_by()
    round_.participation = rows.get(pk=round_.participation_id)
    round_.organisation = round_.participation.organisation


def _read_with(respondent: Respondent, invitation: Invitation) -> str:
    """The organisation that stands with somebody's invitation, or with their answers where they said it themselves."""
    if not invitation.round.names_organisations:
        return ""
    if not invitation.is_seat:
        return invitation.works_for
    said = Response.objects.filter(key=respondent.response_key).order_by().values_list("works_for", flat=True)
    return said.first() or ""


def refuse(request: Any, refused: LinkRefusedError) -> HttpResponse:
    """What to do where a survey cannot be answered: a page, or for htmx the words beside the answer."""
    template = "diagnostics/refused.html" + ("#refused-short" if request.htmx else "")
    context: dict[str, Any] = {"refusal": refused.refusal.value, "round": refused.round}
    if refused.round is not None:
        context["organisation"] = refused.round.organisation
    if refused.link is not None:
        context["handle"] = refused.link.handle
    response = render(request, template, context, status=STATUS[refused.refusal])
    if refused.link is not None and refused.round is not None:
        remember(response, refused.link, refused.round)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _cookie(handle: str) -> str:
    return f"survey-{handle}"
