from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.successors import check_can_record_successor, record_successor
from partnerships.forms.successor import SuccessorForm
from partnerships.models import Organisation
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def successor(request: OrganisationRequest, member: str) -> HttpResponse:
    """Who took over from an organisation that has closed? The registers do not say, so a person does."""
    closed = get_object_or_404(Organisation.objects.select_related("successor"), code=member)
    check_can_record_successor(request.user, closed)
    recorded = {"successor": closed.successor.code, "on": closed.succeeded_on} if closed.successor else None
    form = SuccessorForm(posted(request), initial=recorded)
    if request.method == "POST" and form.is_valid():
        heir = form.cleaned_data["successor"]
        try:
            record_successor(
                organisation=closed, successor=heir, on=form.day(), by=request.user, acting_for=request.organisation
            )
        except ValidationError as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"Recorded: {heir.display_name} took over from {closed.display_name}.")
            return redirect(_back(request))
    page = {"form": form, "closed": closed, "back": _back(request)}
    return render(request, "partnerships/successor.html", page)


def _back(request: OrganisationRequest) -> str:
    """The partnership the page was opened from, where that is one of ours; else the register page."""
    slug = request.GET.get("partnership", "")
    code = request.organisation.code
    if request.organisation.participations.filter(partnership__slug=slug).exists():
        return reverse("partnerships:partnership", args=[code, slug])
    return reverse("partnerships:start", args=[code])
