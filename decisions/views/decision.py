"""What did we decide about this one? Its decision, the form that records one, and all that was decided before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from decisions.actions import DecidedMeanwhile, undo
from decisions.basis import Basis, NothingToDecideError
from decisions.forms import DecisionForm
from decisions.merged_records import carried_over
from decisions.models import Decision, Outcome
from decisions.models.promises import PromiseQuerySet
from decisions.saying_no import kind_no_of, letter_of, packs_of, says_no, told_no
from decisions.saying_yes import together_with
from decisions.shown_by_others import with_decisions
from decisions.views.carrying_out import carried_out, to_confirm
from decisions.views.letters_on_the_way import of_others
from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.models import Participation, SharedLevel
from partnerships.numbers import row_number
from partnerships.people import who_can
from partnerships.roles import READ
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404
from scoring.situation import situation_of


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page()
def decision_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
        if "undo" in request.POST:
            return _undo(request, participation)
    page: dict[str, Any] = {
        "participation": participation,
        "partnership": participation.partnership,
        "promises": _promises(participation),
        "here": {one.pk for one in who_can(request.organisation, READ)},
        "shown": with_decisions(SharedLevel.objects.with_members(participation.partnership, but=request.organisation)),
    }
    try:
        basis = Basis.of(participation, situation_of(request.organisation))
    except NothingToDecideError as nothing:
        return render(request, "decisions/decision.html", page | _kept(participation) | {"nothing": str(nothing)})
    form = DecisionForm(posted(request), basis=basis, person=request.user)
    if request.method == "POST" and (decision := carried_out(request, form)):
        messages.success(request, recorded(decision))
        return redirect("decisions:decision", request.organisation.code, slug)
    basis = form.basis
    page |= {"basis": basis, "one": basis.advice, "form": form, "confirm": to_confirm(form)}
    return render(request, "decisions/decision.html", page | _kept(participation) | {"together": together_with(basis)})


def _promises(participation: Participation) -> PromiseQuerySet:
    """Its own, and what was promised on records that were merged into it."""
    records = participation.organisation.participations.with_merged(participation).values("pk")
    return participation.organisation.promises.filter(participation__in=records).for_list()


def recorded(decision: Decision) -> str:
    """What to say of a new decision; one that would hold today waits for a meeting that is under way."""
    said = f"Recorded: {decision.participation.partnership.display_name}, “{decision.level_name}”."
    today = timezone.localdate()
    meeting = decision.organisation.decision_meetings.held_today(today).first()
    if meeting is None or decision.applies_from is None or decision.applies_from > today:
        return said
    return f"{said} “{meeting.name}” is under way: it takes effect when that ends."


def _kept(participation: Participation) -> dict[str, Any]:
    """Every line there was, the newest first; the first of them counts, or the one that it lets stand again."""
    known = (
        "decided_by",
        "recorded_by",
        "taken_effect",
        "kind_no",
        "organisation",
        "participation__level",
        "meeting",
        "supersedes__stands_again",
        "stands_again",
    )
    rows = list(
        participation.decisions.select_related(*known).with_look_again().prefetch_related("reviews__reviewed_by")
    )
    last = rows[0] if rows else None
    counts = last.stands_again_id if last is not None and last.is_undone else last and last.pk
    current = next((one for one in rows if one.pk == counts), None)
    no_counts = current is not None and says_no(current)
    here = participation.merged_into or participation
    carried = None if here.decisions.all().current().exists() else carried_over(here).for_list().first()
    return {
        "current": current,
        "carried": carried,
        "goes_on": current is not None and (participation.merged_into is None or carried == current),
        "stands_again_since": last if current is not last else None,
        "history": [one for one in rows if one is not current],
        "says_no": no_counts,
        "told_no": None if no_counts else told_no(packs_of(participation)),
        "letters_on_the_way": of_others(participation, letter_of(kind_no_of(current)) if current else None),
        "today": timezone.localdate(),
    }


def stands_now(undone: Decision) -> str:
    """What counts after a line that undid a decision, as the end of a sentence."""
    again = undone.stands_again
    if again is None:
        return "the partnership has no decision now"
    return f"the decision of {again.decided_on:%-d %B %Y} stands again: “{again.level_name}”"


def _undo(request: OrganisationRequest, participation: Participation) -> HttpResponse:
    current = (
        participation.decisions.exclude(outcome=Outcome.UNDONE).filter(pk=row_number(request.POST["undo"])).first()
    )
    if current is None:
        messages.error(request, "That decision is not here. Load the page again.")
        return redirect("decisions:decision", request.organisation.code, participation.partnership.slug)
    try:
        undone = undo(decision=current, by=request.user)
    except DecidedMeanwhile as other:
        messages.error(request, f"{other.decision.recorded_by} decided anew meanwhile. Read that decision first.")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"Undone. It stays on record, and {stands_now(undone)}.")
    return redirect("decisions:decision", request.organisation.code, participation.partnership.slug)
