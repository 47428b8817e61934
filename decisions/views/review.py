"""What has changed since we decided, and does it stay? Then and now beside each other, and the form of a review."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.actions import ReviewedMeanwhile, last_review, record_review
from decisions.forms import ReviewForm
from decisions.merged_records import carried_over
from decisions.models import Decision, Review
from decisions.since import since
from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.models import Participation
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404
from scoring.situation import situation_of


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def review_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    decision = _current(participation)
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
    if decision is None:
        messages.info(request, "Nothing is decided here, so there is nothing to look at again.")
        return redirect("decisions:decision", request.organisation.code, slug)
    form = ReviewForm(posted(request), last=last_review(decision))
    if request.method == "POST" and form.is_valid() and (review := _recorded(request, decision, form)):
        messages.success(request, _said(review))
        return redirect("decisions:decision", request.organisation.code, slug)
    page = {
        "participation": participation,
        "partnership": participation.partnership,
        "decision": _current(participation),
        "since": since(decision, decision.goes_on_at, situation_of(request.organisation).shown),
        "form": form,
        "unsure": decision.reminders.filter(sent=False).select_related("to"),
        "today": timezone.localdate(),
    }
    return render(request, "decisions/review.html", page)


def _current(participation: Participation) -> Decision | None:
    """What counts here: its own decision, or else that of a record that was merged into it."""
    own = participation.decisions.all().current()
    rows = (own if own.exists() else carried_over(participation)).with_look_again()
    known = ("organisation", "participation__merged_into", "decided_by", "recorded_by", "run", "meeting")
    return rows.select_related(*known).prefetch_related("reviews__reviewed_by").first()


def _recorded(request: OrganisationRequest, decision: Decision, form: ReviewForm) -> Review | None:
    try:
        return record_review(decision=decision, by=request.user, found=form.result(), seen=form.cleaned_data["seen"])
    except ReviewedMeanwhile as other:
        form.tell_of(other)
    except ValidationError as problem:
        form.add_error(None, problem)
    return None


def _said(review: Review) -> str:
    if review.review_on is None:
        return "Recorded. It stays due until it is decided again, below."
    return f"Recorded. The decision stays, to be looked at again on {review.review_on:%-d %B %Y}."
