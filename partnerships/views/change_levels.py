from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.levels import change_levels
from partnerships.forms.capacity import LevelsForm
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_engagement_levels(request: OrganisationRequest) -> HttpResponse:
    """What each level of engagement obtains, takes and adds to the load."""
    form = LevelsForm(posted(request), organisation=request.organisation)

    def save() -> None:
        change_levels(organisation=request.organisation, by=request.user, **form.for_action())

    if saved(request, form, save, lambda: LevelsForm(organisation=request.organisation)):
        return redirect("partnerships:change_levels", request.organisation.code)
    return render(request, "partnerships/change_levels.html", {"form": form})
