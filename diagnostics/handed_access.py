"""How somebody begins with a link that was handed out: it was shown to somebody else before it came to them.

Whoever was shown it may have kept it. So it opens no answers: it begins a survey, once, and gives the browser in which
that was done the session of another link, which nobody else is ever shown. From there on it says that it has been used.
Whoever opens it first, and is not its person, is found out by its person; whoever opens it later reads nothing.

That it has been used stands nowhere but in the response that was begun (``Response.begun_with``), which only the
survey's key finds: the invitation is not written to, so that nothing tells who began when. The response has the digest
of the form that began it, with which a button that is pressed twice leads on until something is answered. Every other
has as many digits drawn at random, and begins with a place as well: nothing in a response tells how it was begun. The
browser keeps a second cookie, under this link alone, with which it leads on again to what was begun in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from diagnostics.access import (
    LinkRefusedError,
    Refusal,
    acting_for_the_survey_of,
    check_takes_answers,
    has_answered,
    link_of,
    refuse,
    remember,
)
from diagnostics.keys import KeyMissingError, keys_of
from diagnostics.links import Link, Respondent
from diagnostics.models import EarlierLink, Invitation, Response, Round


class HandedLinkRequest(HttpRequest):
    """A request by somebody who has a link that was handed out; made so by ``handed_link_page``.

    ``own`` is the link with which somebody has begun with it in this browser, if anybody has.
    """

    htmx: HtmxDetails
    link: Link
    invitation: Invitation
    round: Round
    own: Link | None


def invitation_handed(link: Link) -> Invitation:
    """Whom this link was handed out for; their survey takes answers. Raises LinkRefusedError."""
    rows = Invitation.objects.select_related("round__organisation", "round__participation__partnership")
    found = (
        rows.filter(handed_hash=link.hash).order_by("pk").first()
        or rows.filter(pk__in=_handed_before(link)).order_by("pk").first()
    )
    if found is None or not found.is_handed_out:
        raise LinkRefusedError(Refusal.UNKNOWN)
    check_takes_answers(found.round)
    return found


def _handed_before(link: Link) -> QuerySet[Invitation]:
    """Whose it is where it was made under an earlier key of the survey, and not replaced since."""
    kept = EarlierLink.objects.filter(link_hash=link.hash, is_handed=True, link_number=F("invitation__link_number"))
    return Invitation.objects.filter(pk__in=kept.order_by().values("invitation"))


def is_handed(link: Link) -> bool:
    """Whether this is one that was handed out, and not replaced since."""
    return Invitation.objects.filter(handed_hash=link.hash).exists() or _handed_before(link).exists()


def respondent_of(invitation: Invitation) -> Respondent:
    """Who goes on from a link that was handed out, by the link that is theirs alone. Raises LinkRefusedError."""
    try:
        keys = keys_of(invitation.round)
    except KeyMissingError as lost:
        raise LinkRefusedError(Refusal.UNKNOWN) from lost
    *earlier, key = keys.response_keys_of(invitation)
    own = Link.with_secret(keys.secret_of(invitation))
    if own.hash != invitation.link_hash:  # the key was drawn anew since
        raise LinkRefusedError(Refusal.UNKNOWN)
    return Respondent(own, key, tuple(earlier))


def check_not_begun(invitation: Invitation) -> None:
    """Raise LinkRefusedError where it has begun something already, or answers are in with an earlier link."""
    respondent = respondent_of(invitation)
    states = Response.objects.states([respondent.response_key, *respondent.earlier_keys])
    if respondent.response_key in states:
        raise LinkRefusedError(Refusal.BEGUN, invitation.round)
    if has_answered(invitation, states):
        raise LinkRefusedError(Refusal.USED, invitation.round)


def digest_of(form: str) -> str:
    """What is kept of the number of a form."""
    return salted_hmac("diagnostics.handed_access.form", form, algorithm="sha256").hexdigest()


def handed_link_page(page: Callable[[HandedLinkRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """The page under ``/s/HANDLE/`` for whoever exchanged a link that was handed out for a session here."""

    @never_cache
    @wraps(page)
    def guarded(request: Any, handle: str) -> HttpResponse:
        try:
            request.link = link_of(request, handle)
            with acting_for_the_survey_of(request.link):
                request.invitation = invitation_handed(request.link)
                request.round = request.invitation.round
                request.own = _own_link(request)
                response = page(request)
        except LinkRefusedError as refused:
            return refuse(request, refused)
        remember(response, request.link, request.round)
        return response

    return guarded


def remember_begun(response: HttpResponse, handed: Link, own: Link) -> None:
    """Have this browser know what was begun in it with this link, for when the link is opened again."""
    cookie = _cookie(handed)
    response.set_signed_cookie(
        cookie,
        f"{own.hash} {own.handle}",
        salt=cookie,
        max_age=settings.SESSION_COOKIE_AGE,
        path=f"/s/{handed.handle}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _own_link(request: HandedLinkRequest) -> Link | None:
    """The link whose cookie this browser has, where it still is the one of this invitation."""
    cookie = _cookie(request.link)
    try:
        value = str(request.get_signed_cookie(cookie, salt=cookie, max_age=settings.SESSION_COOKIE_AGE))
    except (KeyError, BadSignature):
        return None
    link_hash, _, handle = value.partition(" ")
    return Link(link_hash, handle) if link_hash == request.invitation.link_hash else None


def _cookie(handed: Link) -> str:
    return f"begun-{handed.handle}"
