"""How far is this action of the plan, what does it take, and what has moved since it began?"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.actions import change_action, move_action
from decisions.actions.plan import can_move
from decisions.effect import effects_of, name_of
from decisions.forms import ActionForm, HowFarForm
from decisions.models import PlanAction, PlanState
from decisions.plan_page import action_row
from partnerships.access import OrganisationRequest, can_decide, can_read, organisation_page
from partnerships.forms.versioned import VersionedForm
from partnerships.views.saving import saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def plan_action_page(request: OrganisationRequest, number: int) -> HttpResponse:
    rows = request.organisation.plan_actions.for_list().select_related("organisation", "recorded_by", "closed_by")
    action: PlanAction = get_object_or_404(rows, pk=number)
    far = HowFarForm.of(action, request.user, request.POST if "far" in request.POST else None)
    change = ActionForm.of(action, request.user, request.POST if "change" in request.POST else None)
    if _moved(request, action, far) or _changed(request, action, change):
        return redirect("decisions:plan_action", request.organisation.code, action.pk)
    may_decide = can_decide(request.user, request.organisation)
    page = {
        "row": action_row(action, effects_of(request.organisation, [action])[action.pk], timezone.localdate()),
        "action": action,
        "characteristic": name_of(action.characteristic),
        "far_form": far,
        "change_form": change,
        "may_move": can_move(request.user, action, may_decide=may_decide),
        "reminders": action.reminders.select_related("to"),
        "has_left": not can_read(action.owner, request.organisation),
    }
    return render(request, "decisions/plan_action.html", page)


def _moved(request: OrganisationRequest, action: PlanAction, form: HowFarForm) -> bool:
    def save() -> None:
        given = form.cleaned_data
        move_action(
            action=action,
            by=request.user,
            state=PlanState(given["state"]),
            came_of_it=given["came_of_it"],
            expected_version=given["version"],
        )

    return "far" in request.POST and saved(request, form, save, partial(_stored, request, action, HowFarForm))


def _changed(request: OrganisationRequest, action: PlanAction, form: ActionForm) -> bool:
    def save() -> None:
        version = form.cleaned_data["version"]
        change_action(action=action, by=request.user, planned=form.planned(), expected_version=version)

    return "change" in request.POST and saved(request, form, save, partial(_stored, request, action, ActionForm))


def _stored(request: OrganisationRequest, action: PlanAction, kind: Any) -> VersionedForm:
    form: VersionedForm = kind.of(request.organisation.plan_actions.for_list().get(pk=action.pk), request.user)
    return form
