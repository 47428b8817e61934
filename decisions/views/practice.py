"""What do we do that could stop? A new practice to remove; and one of them, with what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions import change_practice, close_practice, propose_practice
from decisions.forms import PracticeEndForm, PracticeForm
from decisions.models import Practice, PracticeState
from decisions.plan_page import days_in_words
from decisions.worth import at_the_price
from partnerships.access import OrganisationRequest, can_read, organisation_page
from partnerships.forms.versioned import VersionedForm
from partnerships.roles import DECIDE
from partnerships.views.saving import posted, saved
from scoring.findings import Findings
from scoring.situation import situation_of


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def propose_practice_page(request: OrganisationRequest) -> HttpResponse:
    form = PracticeForm(posted(request), organisation=request.organisation, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            propose_practice(organisation=request.organisation, by=request.user, proposed=form.proposed())
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, "On the list. Its days count once it has stopped.")
            return redirect("decisions:plan", request.organisation.code)
    return render(request, "decisions/practice_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def practice_page(request: OrganisationRequest, number: int) -> HttpResponse:
    rows = request.organisation.practices.for_list().select_related("organisation", "recorded_by", "closed_by")
    practice: Practice = get_object_or_404(rows, pk=number)
    end = PracticeEndForm.of(practice, request.user, request.POST if "end" in request.POST else None)
    change = PracticeForm.of(practice, request.user, request.POST if "change" in request.POST else None)
    if _ended(request, practice, end) or _changed(request, practice, change):
        return redirect("decisions:practice", request.organisation.code, practice.pk)
    run = situation_of(request.organisation).shown
    page = {
        "practice": practice,
        "days": days_in_words(practice.adjustment),
        "worth": at_the_price(practice.adjustment, Findings.of(run) if run else None),
        "run": run,
        "end_form": end,
        "change_form": change,
        "reminders": practice.reminders.select_related("to"),
        "has_left": not can_read(practice.owner, request.organisation),
    }
    return render(request, "decisions/practice.html", page)


def _ended(request: OrganisationRequest, practice: Practice, form: PracticeEndForm) -> bool:
    def save() -> None:
        given = form.cleaned_data
        close_practice(
            practice=practice,
            by=request.user,
            state=PracticeState(given["state"]),
            came_of_it=given["came_of_it"],
            expected_version=given["version"],
        )

    return "end" in request.POST and saved(request, form, save, partial(_stored, request, practice, PracticeEndForm))


def _changed(request: OrganisationRequest, practice: Practice, form: PracticeForm) -> bool:
    def save() -> None:
        version = form.cleaned_data["version"]
        change_practice(practice=practice, by=request.user, proposed=form.proposed(), expected_version=version)

    return "change" in request.POST and saved(request, form, save, partial(_stored, request, practice, PracticeForm))


def _stored(request: OrganisationRequest, practice: Practice, kind: Any) -> VersionedForm:
    form: VersionedForm = kind.of(request.organisation.practices.for_list().get(pk=practice.pk), request.user)
    return form
