from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.grants import remove_person
from partnerships.forms.people import HandOverForm
from partnerships.models import Person
from partnerships.people import colleagues_of, partnerships_naming, person_or_404, roles_in_force
from partnerships.roles import MANAGE_PEOPLE
from partnerships.views.people import back_to_people
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=MANAGE_PEOPLE)
def remove_a_person(request: OrganisationRequest, number: int) -> HttpResponse:
    """Somebody leaves: their access ends, what they wrote stays, and their partnerships pass to somebody else."""
    organisation = request.organisation
    person = person_or_404(organisation, number)
    named = partnerships_naming(organisation, person)
    form = HandOverForm(posted(request), colleagues=colleagues_of(organisation, person)) if named else None
    if request.method == "POST" and (form is None or form.is_valid()) and _removed(request, person, form):
        return back_to_people(request)
    page = {
        "form": form,
        "person": person,
        "named": named,
        "roles": roles_in_force(organisation, person),
        "given_by_provider": organisation.access_grants.current().filter(person=person, from_claims=True).exists(),
    }
    return render(request, "partnerships/remove_person.html", page)


def _removed(request: OrganisationRequest, person: Person, form: HandOverForm | None) -> bool:
    """False where it cannot be; a message or the form then says why."""
    heir = form.chosen() if form else None
    try:
        handed = remove_person(organisation=request.organisation, person=person, by=request.user, hand_over_to=heir)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return False
    passed = f" {len(handed)} partnership{'' if len(handed) == 1 else 's'} passed to {heir}." if handed else ""
    messages.success(request, f"{person} no longer has access. What they wrote stays.{passed}")
    return True
