"""Giving people their links, once they are issued: by email, or on a page to hand them out."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from diagnostics.actions import PersonalLink, RoundRefusedError, hand_out_instead
from diagnostics.mailing import send_links
from diagnostics.models import Round
from partnerships.access import OrganisationRequest
from partnerships.audit import record_deed
from partnerships.models import DeedKind

NAMED_AT_MOST = 10
# Without a number, which would say how many have answered at this moment.
AGAIN = "Their link is on its way again to whoever has not answered."


def hand_out(
    request: OrganisationRequest,
    rounds: Sequence[Round],
    links: Sequence[PersonalLink],
    *,
    by_email: bool,
    new: bool,
    corrected: bool = False,
) -> HttpResponse:
    """Send the links of these surveys, or show them: in the answer to this very request, for they are kept nowhere.

    Links that people may have begun to answer with are never shown, nor replaced because a letter did not leave: unless
    they are ``new``, those that cannot be sent stay as they are, and it is said whose they are; where they are, others
    take their place, which begin a survey once (``diagnostics.handed_access``). What is sent to a
    ``corrected`` address is on the record, for whoever corrects it may write their own.
    """
    unsent = list(links)
    again = by_email and not new
    if not links:
        messages.success(request, AGAIN if again else _sent(rounds, links))
        return redirect(_afterwards(request, rounds))
    if by_email:
        unsent = send_links(links=links, address_of=lambda secret: address_of(request, secret))
        if not unsent:
            if corrected:
                for one in rounds:
                    record_links_taken(request, one, rows=len(links), how="sent to a corrected address, ")
            messages.success(request, AGAIN if again else _sent(rounds, links))
            return redirect(_afterwards(request, rounds))
        if not new:
            _say_what_failed(request, unsent)
            return redirect(_afterwards(request, rounds))
        try:
            unsent = _to_hand_out(request, rounds, unsent)
        except RoundRefusedError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect(_afterwards(request, rounds))
    handed = {
        one: [(link, address_of(request, link.secret)) for link in unsent if link.invitation.round_id == one.pk]
        for one in rounds
    }
    for one, theirs in handed.items():
        record_links_taken(request, one, rows=len(theirs))
    context = {
        "back": _afterwards(request, rounds),
        "handed": [(one, theirs) for one, theirs in handed.items() if theirs],
        "several": len(rounds) > 1,
        "links": [pair for theirs in handed.values() for pair in theirs],
        "sent": len(links) - len(unsent),
        "by_email": by_email,
    }
    return render(request, "diagnostics/links.html", context)


def _to_hand_out(
    request: OrganisationRequest, rounds: Sequence[Round], unsent: Sequence[PersonalLink]
) -> list[PersonalLink]:
    """Links to be handed out, for those whose letter did not leave."""
    by_round = [[link for link in unsent if link.invitation.round_id == one.pk] for one in rounds]
    return [made for theirs in by_round if theirs for made in hand_out_instead(links=theirs, by=request.user)]


def address_of(request: OrganisationRequest, secret: str) -> str:
    return request.build_absolute_uri(reverse("diagnostics:personal_link", args=[secret]))


def record_links_taken(request: OrganisationRequest, found: Round, *, rows: int, how: str = "") -> None:
    """Whoever has a personal link could answer in somebody's place, so it is on the record who had them."""
    record_deed(
        DeedKind.TOOK_LINKS,
        organisation=request.organisation,
        by=request.user,
        what=f"{how}of the survey of {found.participation.partnership.display_name}",
        rows=rows,
        participation=found.participation,
    )


def _sent(rounds: Sequence[Round], links: Sequence[PersonalLink]) -> str:
    people = {link.invitation.email for link in links}
    opened = "The survey is open." if len(rounds) == 1 else f"{len(rounds)} surveys are open."
    if not people:
        return f"{opened} Nobody is asked by name."
    if len(people) == 1:
        return f"{opened} A link is on its way to {people.pop()}."
    return f"{opened} Links are on their way to {len(people)} people."


def _say_what_failed(request: OrganisationRequest, unsent: Sequence[PersonalLink]) -> None:
    """Whose link did not leave, and what can be done: nothing that anybody has begun is lost meanwhile."""
    left = sorted({link.invitation.email for link in unsent})
    named = ", ".join(left[:NAMED_AT_MOST])
    if len(left) > NAMED_AT_MOST:
        named += f" and {len(left) - NAMED_AT_MOST} more"
    messages.warning(
        request,
        f"The email could not be sent to {named}. The links that people "
        "have still work, and what they have begun is kept. Try again later.",
    )


def _afterwards(request: OrganisationRequest, rounds: Sequence[Round]) -> str:
    if len(rounds) == 1:
        return reverse("diagnostics:round", args=[request.organisation.code, rounds[0].pk])
    return reverse("diagnostics:surveys", args=[request.organisation.code])
