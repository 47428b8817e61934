from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.grants import change_roles
from partnerships.forms.people import RolesForm
from partnerships.people import person_or_404
from partnerships.roles import MANAGE_PEOPLE
from partnerships.views.people import back_to_people
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=MANAGE_PEOPLE)
def change_person(request: OrganisationRequest, number: int) -> HttpResponse:
    """What one person may do here, and until when."""
    organisation = request.organisation
    person = person_or_404(organisation, number)
    form = RolesForm(posted(request), organisation=organisation, person=person)

    def save() -> None:
        change_roles(
            organisation=organisation,
            person=person,
            roles=form.roles(),
            by=request.user,
            expected_version=form.cleaned_data["version"],
        )

    def stored() -> RolesForm:
        return RolesForm(organisation=organisation, person=person)

    if saved(request, form, save, stored, done=f"Saved. {person}’s access has changed, from their next click."):
        return back_to_people(request)
    return render(request, "partnerships/change_person.html", {"form": form, "person": person})
