from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.days import record_days
from partnerships.forms.days import DaysForm
from partnerships.roles import FILL_IN
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404, section_page


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=FILL_IN)
def edit_days(request: OrganisationRequest, slug: str) -> HttpResponse:
    """Days at each level from each pool; one button saves, the other only fills empty rows with suggestions."""
    participation = participation_or_404(request, slug)
    form = DaysForm(posted(request), participation=participation)

    def save() -> None:
        version = form.cleaned_data["version"]
        record_days(participation=participation, by=request.user, estimates=form.estimates(), expected_version=version)

    if "suggest" in request.POST and form.is_valid():
        form = form.with_suggestions(participation)
    elif saved(request, form, save, lambda: DaysForm(participation=participation), done="The days are saved."):
        return redirect("partnerships:partnership", request.organisation.code, slug)
    return render(request, "partnerships/edit_days.html", section_page(participation, "days", form))
