from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.criteria import set_ranking
from partnerships.forms.criteria import RankingForm
from partnerships.roles import DECIDE
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def set_my_ranking(request: OrganisationRequest) -> HttpResponse:
    """The signed-in decision maker's own ranking, to be kept as it is or to give points in that order."""
    organisation = request.organisation
    form = RankingForm(posted(request), organisation=organisation, person=request.user)
    if "points" in request.POST and form.is_valid():
        order, way_order = (",".join(map(str, ids)) for ids in (form.order(), form.way_order()))
        asked = f"order={order}&ways={way_order}"
        return redirect(f"{reverse('partnerships:set_weights', args=[organisation.code])}?{asked}")

    def save() -> None:
        set_ranking(
            organisation=organisation,
            by=request.user,
            objective_places=form.objective_places(),
            way_places=form.way_places(),
            expected_version=form.cleaned_data["version"],
        )

    def stored() -> RankingForm:
        return RankingForm(organisation=organisation, person=request.user)

    if saved(request, form, save, stored, done="Your ranking is saved."):
        return redirect("partnerships:criteria", organisation.code)
    return render(request, "partnerships/set_ranking.html", {"form": form})
