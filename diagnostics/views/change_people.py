from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import change_people as change
from diagnostics.forms.rounds import PeopleForm
from diagnostics.models import RoundState
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved

OPENED = "This survey has opened, so who is asked can no longer be changed."


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_people(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Who shall be asked, as long as nobody has been?"""
    rounds = request.organisation.survey_rounds.select_related("participation__partnership")
    found = get_object_or_404(rounds, pk=pk)
    if request.method != "POST" and found.state != RoundState.DRAFT:
        messages.error(request, OPENED)
        return redirect("diagnostics:round", request.organisation.code, found.pk)
    form = PeopleForm(posted(request), round_=found)

    def save() -> None:
        given = form.cleaned_data
        change(round=found, people=given["people"], by=request.user, expected_version=given["version"])

    if saved(request, form, save, lambda: PeopleForm(round_=found), done="The list is changed."):
        return redirect("diagnostics:round", request.organisation.code, found.pk)
    context = {"form": form, "round": found, "partnership": found.participation.partnership}
    return render(request, "diagnostics/change_people.html", context)
