from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.sharing import set_sharing
from partnerships.forms.sharing import SharingForm
from partnerships.roles import SHARE
from partnerships.views.saving import posted, saved

NEWEST_WITHDRAWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=SHARE)
def sharing(request: OrganisationRequest) -> HttpResponse:
    """What do we show to others, and to whom? A table to tick; nothing is shared until it is."""
    organisation = request.organisation
    form = SharingForm(posted(request), organisation=organisation)

    def save() -> None:
        version = form.cleaned_data["version"]
        set_sharing(
            organisation=organisation,
            by=request.user,
            wanted=form.wanted(),
            decisions=form.decisions(),
            expected_version=version,
        )

    if saved(request, form, save, lambda: SharingForm(organisation=organisation), done="What you share is saved."):
        return redirect("partnerships:sharing", organisation.code)
    withdrawn = organisation.sharings.withdrawn().select_related("participation__partnership", "system", "withdrawn_by")
    page = {"form": form, "withdrawn": withdrawn[:NEWEST_WITHDRAWN]}
    return render(request, "partnerships/sharing.html", page)
