"""What is still to hand over? The list of a decision, its own from the day it was begun."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions.kind_noes import ItemsChanged, add_item, settle_items
from decisions.forms import ChecklistForm, ItemForm
from decisions.models import KindNo
from decisions.saying_no import kind_no_of, last_decision, says_no
from decisions.views.kind_no import nothing_to_say, page_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import Participation
from partnerships.roles import DECIDE
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def checklist_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    decision = last_decision(participation)
    if decision is None or not says_no(decision):
        return nothing_to_say(request, participation)
    kind_no = kind_no_of(decision)
    adds = "add" in request.POST
    items = list(kind_no.checklist.select_related("done_by")) if kind_no else []
    form = ChecklistForm(None if adds else posted(request), items=items)
    another = ItemForm(request.POST if adds else None)
    if request.method == "POST":
        done = _added(request, participation, another) if adds else kind_no and _settled(request, kind_no, form)
        if done:
            return redirect("decisions:checklist", request.organisation.code, slug)
    page = page_of(request, participation, decision) | {"form": form, "another": another}
    return render(request, "decisions/checklist.html", page)


def _added(request: OrganisationRequest, participation: Participation, form: ItemForm) -> bool:
    if not form.is_valid():
        return False
    try:
        add_item(participation=participation, by=request.user, words=form.cleaned_data["words"])
    except ValidationError as problem:
        form.add_problems(problem)
        return False
    messages.success(request, "Added to the list.")
    return True


def _settled(request: OrganisationRequest, kind_no: KindNo, form: ChecklistForm) -> bool:
    if not form.is_valid():
        return False
    try:
        settle_items(kind_no=kind_no, by=request.user, marks=form.marks())
    except ItemsChanged as changed:
        form.tell_of_change(changed.items)
        return False
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    messages.success(request, "The list is saved.")
    return True
