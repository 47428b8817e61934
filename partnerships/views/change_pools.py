from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.capacity import change_pools
from partnerships.forms.capacity import PoolsForm
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_capacity_pools(request: OrganisationRequest) -> HttpResponse:
    """Rename, add and remove pools."""
    form = PoolsForm(posted(request), organisation=request.organisation)

    def save() -> None:
        change_pools(organisation=request.organisation, by=request.user, **form.for_action())

    if saved(request, form, save, lambda: PoolsForm(organisation=request.organisation)):
        return redirect("partnerships:capacity", request.organisation.code)
    return render(request, "partnerships/change_pools.html", {"form": form})
