from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.cost_of_change import set_cost_of_change
from partnerships.forms.cost_of_change import CostOfChangeForm
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def cost_of_change(request: OrganisationRequest) -> HttpResponse:
    """How much a change of level costs in itself."""
    organisation = request.organisation
    form = CostOfChangeForm(posted(request), organisation=organisation)

    def save() -> None:
        points = {name: form.cleaned_data[name] for name in ("up", "down")}
        version = form.cleaned_data["version"]
        set_cost_of_change(organisation=organisation, by=request.user, expected_version=version, **points)

    if saved(request, form, save, lambda: CostOfChangeForm(organisation=organisation)):
        return redirect("partnerships:criteria", organisation.code)
    return render(request, "partnerships/cost_of_change.html", {"form": form})
