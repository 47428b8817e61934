from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.replies import publish_reply, reply_to, reply_version, withdraw_reply, write_reply
from diagnostics.forms.replies import PublishForm, ReplyForm
from diagnostics.models import PartnerReply, Round, Subject
from diagnostics.replying import address_of_reply, came_back, can_tell
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.editing import ChangedMeanwhile
from partnerships.roles import EDIT

MEANWHILE = "Somebody else changed this reply meanwhile. Look at what it says now, and try again."


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def reply(request: OrganisationRequest, pk: int) -> HttpResponse:
    """What did we hear from partners, what do we do about it, and shall they read it?"""
    found = round_replied_to(request, pk)
    form = ReplyForm(request.POST if request.POST.get("deed") == "save" else None, initial=_initial(found))
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("deed", ""))
        try:
            if deed is None:
                raise ValidationError("Choose what to do with the buttons on this page.")
            if not form.is_bound or form.is_valid():
                messages.success(request, deed(request, found, form))
                return redirect("diagnostics:reply", request.organisation.code, found.pk)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return redirect("diagnostics:reply", request.organisation.code, found.pk)
        except ChangedMeanwhile:
            messages.error(request, MEANWHILE)
            return redirect("diagnostics:reply", request.organisation.code, found.pk)
    return render(request, "diagnostics/reply.html", _page(request, found, form))


def round_replied_to(request: OrganisationRequest, pk: int) -> Round:
    """A survey of partners that shows results. Raises Http404 for any other."""
    rounds = request.organisation.survey_rounds.filter(subject=Subject.BY_PARTNERS).with_enough_answers()
    return get_object_or_404(rounds.select_related("participation__partnership"), pk=pk)


def _initial(found: Round) -> dict[str, Any]:
    written = reply_to(found)
    return {"opening": written.opening, "shows_means": written.shows_means} if written else {}


def _page(request: OrganisationRequest, found: Round, form: ReplyForm) -> dict[str, Any]:
    written = reply_to(found)
    lines = {line.characteristic: line for line in written.lines.all()} if written else {}
    return {
        "round": found,
        "partnership": found.participation.partnership,
        "reply": written,
        "form": form,
        "publish": PublishForm(),
        "version": reply_version(written),
        "parts": [(one, lines.get(one.code)) for one in found.instrument.characteristics],
        "has_lines": bool(lines),
        "address": _address(request, written),
        "tells": can_tell(),
        "came_back": came_back(written) if written else [],
    }


def _address(request: OrganisationRequest, written: PartnerReply | None) -> str:
    return request.build_absolute_uri(address_of_reply(written)) if written and written.is_public else ""


def _save(request: OrganisationRequest, found: Round, form: ReplyForm) -> str:
    write_reply(round=found, by=request.user, expected_version=_seen(request), **form.cleaned_data)
    return "Saved. Partners read it once you publish it."


def _publish(request: OrganisationRequest, found: Round, form: ReplyForm) -> str:
    tell = request.POST.get("tell") == "on"
    made = publish_reply(round=found, by=request.user, tell=tell, expected_version=_seen(request))
    return "Published." + (" Those who were asked are told by email." if made.letters_waiting else "")


def _withdraw(request: OrganisationRequest, found: Round, form: ReplyForm) -> str:
    withdraw_reply(round=found, by=request.user, expected_version=_seen(request))
    return "Withdrawn. Nobody can read it any more at its address."


def _seen(request: OrganisationRequest) -> str:
    return request.POST.get("version", "")


DEEDS: dict[str, Callable[[OrganisationRequest, Round, ReplyForm], str]] = {
    "save": _save,
    "publish": _publish,
    "withdraw": _withdraw,
}
