from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from diagnostics.access import (
    LinkRefusedError,
    Refusal,
    acting_for_the_survey_of,
    refuse,
    remember,
    respondent_with,
)
from diagnostics.handed_access import invitation_handed, is_handed
from diagnostics.links import Link, Respondent
from diagnostics.models import OpenLink, Round
from diagnostics.open_access import open_link_with, remember_here
from diagnostics.progress import AnswersSoFar
from partnerships.isolation import acting_on_response


@require_safe
@never_cache
def personal_link(request: Any, secret: str) -> HttpResponseBase:
    """Exchange a link for a session and leave its address at once, for the page where the respondent was; an open link,
    or one that was handed out, for the page on which they start.
    """
    link = Link.with_secret(secret)
    try:
        with acting_for_the_survey_of(link):
            response = _exchanged(secret, link)
    except LinkRefusedError as refused:
        return refuse(request, refused)
    return response


def _exchanged(secret: str, link: Link) -> HttpResponse:
    response: HttpResponse
    try:
        respondent, round_ = respondent_with(secret)
    except LinkRefusedError as refused:
        if refused.refusal is not Refusal.UNKNOWN:
            raise
        return _to_their_start(link)
    with acting_on_response(respondent.response_key):
        response = _where_they_were(respondent, round_)
    if OpenLink.objects.filter(round=round_).exists():
        remember_here(response, round_, respondent.link)
    remember(response, link, round_)
    return response


def _to_their_start(link: Link) -> HttpResponse:
    """For a link with which one starts and does not answer."""
    response: HttpResponse
    if is_handed(link):
        round_, response = invitation_handed(link).round, redirect("diagnostics:begin", link.handle)
    else:
        round_, response = open_link_with(link).round, redirect("diagnostics:open_start", link.handle)
    remember(response, link, round_)
    return response


def _where_they_were(respondent: Respondent, round_: Round) -> HttpResponse:
    so_far = AnswersSoFar.of(respondent, round_)
    if so_far.response is None or not so_far.has_begun:
        return redirect("diagnostics:welcome", respondent.link.handle)
    return redirect(so_far.address_to_come_back_to(respondent.link.handle))
