from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.ratings import record_ratings
from partnerships.forms.ratings import RatingsForm
from partnerships.roles import FILL_IN
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404, section_page


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=FILL_IN)
def edit_ratings(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What the partnership is claimed to add, how much, and what that rests on."""
    participation = participation_or_404(request, slug)
    form = RatingsForm(posted(request), participation=participation)

    def save() -> None:
        version = form.cleaned_data["version"]
        record_ratings(participation=participation, by=request.user, ratings=form.ratings(), expected_version=version)

    if saved(request, form, save, lambda: RatingsForm(participation=participation), done="The value is saved."):
        return redirect("partnerships:partnership", request.organisation.code, slug)
    return render(request, "partnerships/edit_ratings.html", section_page(participation, "ratings", form))
