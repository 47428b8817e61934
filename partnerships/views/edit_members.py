from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.members import add_member, choose_lead, remove_member
from partnerships.actions.participations import can_edit_shared_facts
from partnerships.forms.members import AddMemberForm, RemoveMemberForm, SearchForm, organisations_matching
from partnerships.models import Participation
from partnerships.roles import EDIT
from partnerships.views.sections import participation_or_404, section_page

TEMPLATE = "partnerships/edit_members.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page(may=EDIT)
def edit_members(request: OrganisationRequest, slug: str) -> HttpResponse:
    """Who is in it and who leads; htmx asks for the organisations found alone."""
    participation = participation_or_404(request, slug)
    page = _page(request, participation)
    if request.method == "POST" and _act(request, participation, page):
        return redirect("partnerships:edit_members", request.organisation.code, slug)
    return render(request, f"{TEMPLATE}#found" if request.htmx else TEMPLATE, page)


def _page(request: OrganisationRequest, participation: Participation) -> dict[str, Any]:
    today = timezone.localdate()
    words = (request.POST if request.method == "POST" else request.GET).get("search", "")
    found = organisations_matching(words, today)
    memberships = participation.partnership.memberships.current_on(today).select_related("organisation")
    leaving = request.GET.get("remove", "")
    return section_page(participation, "members") | {
        "edits_shared": can_edit_shared_facts(participation),
        "memberships": memberships.order_by("-is_lead", "organisation__name"),
        "search": SearchForm(initial={"search": words}),
        "words": words,
        "add": AddMemberForm(found=found) if found else None,
        "leaving": next((one.organisation for one in memberships if one.organisation.code == leaving), None),
        "remove": RemoveMemberForm(today=today) if leaving else None,
    }


def _act(request: OrganisationRequest, participation: Participation, page: dict[str, Any]) -> bool:
    """Do what the pressed button asks; False where the page is to be shown again with what is wrong."""
    wanted = request.POST.get("do", "")
    try:
        if wanted == "add":
            return _add(request, participation, page)
        if wanted == "remove":
            return _remove(request, participation, page)
        if wanted == "lead":
            code = request.POST.get("organisation", "")
            lead = next((one.organisation for one in page["memberships"] if one.organisation.code == code), None)
            choose_lead(participation=participation, by=request.user, organisation=lead)
            messages.success(request, f"{lead} is the lead." if lead else "Nobody is the lead.")
            return True
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return True
    messages.error(request, "Choose what to do with the buttons on this page.")
    return True


def _add(request: OrganisationRequest, participation: Participation, page: dict[str, Any]) -> bool:
    found = organisations_matching(page["words"], timezone.localdate())
    form = page["add"] = page["form"] = AddMemberForm(request.POST, found=found)
    if not form.is_valid():
        return False
    member = next(one for one in found if one.code == form.cleaned_data["organisation"])
    add_member(
        participation=participation, by=request.user, organisation=member, joined_on=form.cleaned_data["joined_on"]
    )
    messages.success(request, f"{member} is a member.")
    return True


def _remove(request: OrganisationRequest, participation: Participation, page: dict[str, Any]) -> bool:
    form = page["remove"] = page["form"] = RemoveMemberForm(request.POST, today=timezone.localdate())
    leaving = page["leaving"]
    if leaving is None:
        messages.error(request, "This organisation is not a member any more.")
        return True
    if not form.is_valid():
        return False
    left_on = form.cleaned_data["left_on"]
    try:
        remove_member(participation=participation, by=request.user, organisation=leaving, left_on=left_on)
    except ValidationError as problem:
        form.add_error("left_on", problem.messages)
        return False
    messages.success(request, f"{leaving} is not a member any more.")
    return True
