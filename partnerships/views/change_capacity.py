from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.capacity import copy_last_quarter, set_capacity
from partnerships.forms.capacity import CapacityForm, quarter_named
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_capacity(request: OrganisationRequest) -> HttpResponse:
    """Days and reserve of each pool for one quarter; a second button copies the quarter before."""
    quarter = quarter_named(request.GET.get("quarter", ""), timezone.localdate())
    organisation = request.organisation
    done = redirect(f"/o/{organisation.code}/capacity/?quarter={quarter.first_day}")
    if "copy" in request.POST:
        copied = copy_last_quarter(organisation=organisation, by=request.user, quarter=quarter)
        messages.success(request, f"Copied {copied} pool{'' if copied == 1 else 's'}. Change what is different.")
        return done
    form = CapacityForm(posted(request), organisation=organisation, quarter=quarter)

    def save() -> None:
        set_capacity(
            organisation=organisation,
            by=request.user,
            quarter=quarter,
            amounts=form.amounts(),
            expected_version=form.cleaned_data["version"],
        )

    if saved(request, form, save, lambda: CapacityForm(organisation=organisation, quarter=quarter)):
        return done
    return render(request, "partnerships/change_capacity.html", {"form": form, "quarter": quarter})
