from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.criteria import set_weights
from partnerships.forms.criteria import WeightsForm
from partnerships.models.people import MAY_DECIDE
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=MAY_DECIDE)
def set_my_weights(request: OrganisationRequest) -> HttpResponse:
    """The signed-in decision maker's own points."""
    form = WeightsForm(posted(request), organisation=request.organisation, person=request.user)

    def save() -> None:
        set_weights(
            organisation=request.organisation,
            by=request.user,
            objective_points=form.objective_points(),
            way_points=form.way_points(),
            expected_version=form.cleaned_data["version"],
        )

    def stored() -> WeightsForm:
        return WeightsForm(organisation=request.organisation, person=request.user)

    if saved(request, form, save, stored, done="Your weights are saved."):
        return redirect("partnerships:criteria", request.organisation.code)
    return render(request, "partnerships/set_weights.html", {"form": form})
