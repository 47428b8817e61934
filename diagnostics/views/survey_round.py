from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from diagnostics.across import across
from diagnostics.actions import KEY_LOST, discard_round, issue_link, issue_links, open_round
from diagnostics.behaviours import behaviours
from diagnostics.charts import characteristics_chart
from diagnostics.completion import ends_with_too_few, sent_in_now, why_it_stays_closed
from diagnostics.focus import to_work_on
from diagnostics.forms.rounds import OpenForm
from diagnostics.keys import has_keys
from diagnostics.models import Invitation, Round, RoundState
from diagnostics.open_link_offer import offer_of
from diagnostics.opening_told import opening_of
from diagnostics.over_time import since_last_time
from diagnostics.places import by_place
from diagnostics.reminded import reminders_of
from diagnostics.results import results_of
from diagnostics.taken_part import taken_part
from diagnostics.views.handing_out import hand_out
from diagnostics.views.reading_free_text import record_reading
from partnerships.access import OrganisationRequest, check_can_edit, organisation_page
from partnerships.numbers import row_number
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT

NOT_SHOWN = "No results are shown. Fewer people answered than it takes, so that nobody’s answers can be guessed."
DELETED = (
    "There are no results. Fewer people answered than it takes, so what they sent in was deleted unread as the survey "
    "closed: nobody’s answers can be guessed."
)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def survey_round(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Being prepared: who is asked. Open: how many have answered. Closed: how healthy, and how sure are we?"""
    rounds = request.organisation.survey_rounds.with_progress().select_related("participation__partnership")
    found = get_object_or_404(rounds, pk=pk)
    if request.method == "POST":
        check_can_edit(request.user, request.organisation)
        deed = DEEDS.get(request.POST.get("deed", ""), _unknown)
        try:
            return deed(request, found)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("diagnostics:round", request.organisation.code, found.pk)
    return _shown(request, found, OpenForm(can_send=can_send()))


def _shown(request: OrganisationRequest, found: Round, form: OpenForm) -> HttpResponse:
    page = _page(request, found, form)
    record_reading(request, found, page["results"])
    return render(request, "diagnostics/round.html", page)


def _page(request: OrganisationRequest, found: Round, form: OpenForm) -> dict[str, Any]:
    under_way = found.state == RoundState.OPEN
    # Who by name has answered, or waits for a letter that did not arrive, is for those who can do something about it.
    runs_it = EDIT.open_to(request.roles)
    return {
        "round": found,
        "partnership": found.participation.partnership,
        "today": timezone.localdate(),
        "form": form,
        "key_lost": KEY_LOST,
        "links_lost": found.state == RoundState.OPEN and not has_keys(found),
        "stays_closed": why_it_stays_closed(found) if found.state == RoundState.CLOSED else "",
        "people": _people(found, done_last=runs_it) if found.state != RoundState.CLOSED else [],
        "open_link": offer_of(found) if found.state != RoundState.CLOSED else None,
        "unreached": found.invitations.waiting().exclude(email_failed_on=None) if under_way and runs_it else [],
        "too_few": NOT_SHOWN if found.sent_in is not None and found.sent_in >= found.threshold else DELETED,
        "ends_with_too_few": under_way and ends_with_too_few(found),
        "taken_part": taken_part(found) if under_way else [],
        "opening": opening_of(found) if found.state != RoundState.CLOSED else None,
        "reminders": reminders_of(found) if found.state != RoundState.CLOSED else None,
        **_results(found),
    }


def _people(found: Round, *, done_last: bool) -> QuerySet[Invitation]:
    """Who is asked by name; those with an open link are counted together and have no line."""
    return found.invitations.of_people().order_by(*(["completed"] if done_last else []), "name", "email")


def _results(found: Round) -> dict[str, Any]:
    results = results_of(found)
    if results is None:
        return {"results": None, "chart": None}
    since = since_last_time(found)
    return {
        "results": results,
        "since": since,
        "to_work_on": to_work_on(found, results, since, across(found.organisation)),
        "behaviours": behaviours(results),
        "places": by_place(results),
        "organisations": results.by_organisation,
        "chart": characteristics_chart(results, since),
    }


def _open(request: OrganisationRequest, found: Round) -> HttpResponse:
    if not found.invitations.of_people().exists():
        open_round(round=found, by=request.user)
        messages.success(request, "The survey is open. Give people the open link.")
        return redirect("diagnostics:open_link", request.organisation.code, found.pk)
    form = OpenForm(request.POST, can_send=can_send())
    if not form.is_valid():
        return _shown(request, found, form)
    by_email = form.cleaned_data["delivery"] == "email"
    links = open_round(round=found, by=request.user, by_hand=not by_email)
    return hand_out(request, [found], links, by_email=by_email, new=True)


def _new_links(request: OrganisationRequest, found: Round) -> HttpResponse:
    by_email = request.POST.get("delivery") == "email" and can_send()
    links = issue_links(round=found, by=request.user, by_hand=not by_email)
    if by_email:
        # Who has answered is not all marked yet: they are written to no more, and nobody is told how many they are.
        done = sent_in_now(found, [link.invitation for link in links])
        links = [link for link in links if link.invitation.pk not in done]
    return hand_out(request, [found], links, by_email=by_email, new=not by_email)


def _new_link(request: OrganisationRequest, found: Round) -> HttpResponse:
    invitation = get_object_or_404(found.invitations.of_people(), pk=row_number(request.POST.get("invitation", "")))
    link = issue_link(invitation=invitation, by=request.user, by_hand=True)
    return hand_out(request, [found], [link], by_email=False, new=True)


def _discard(request: OrganisationRequest, found: Round) -> HttpResponse:
    discard_round(round=found, by=request.user)
    messages.success(request, "The survey is discarded. Nobody was asked anything.")
    return redirect("diagnostics:surveys", request.organisation.code)


def _unknown(request: OrganisationRequest, found: Round) -> HttpResponse:
    raise ValidationError("Choose what to do with the buttons on this page.")


DEEDS: dict[str, Callable[[OrganisationRequest, Round], HttpResponse]] = {
    "open": _open,
    "new_links": _new_links,
    "new_link": _new_link,
    "discard": _discard,
}
