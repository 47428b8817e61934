from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.participations import set_duty
from partnerships.forms.duty import DutyForm
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404, section_page


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def edit_duty(request: OrganisationRequest, slug: str) -> HttpResponse:
    """The least level that a duty requires and where it is written; the harm of leaving, reviewed by a person."""
    participation = participation_or_404(request, slug)
    form = DutyForm(posted(request), participation=participation)

    def save() -> None:
        facts = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        version = form.cleaned_data["version"]
        set_duty(participation=participation, by=request.user, expected_version=version, **facts)

    def stored() -> DutyForm:
        return DutyForm(participation=participation_or_404(request, slug))

    if saved(request, form, save, stored, done="The duty and the harm of leaving are saved."):
        return redirect("partnerships:partnership", request.organisation.code, slug)
    return render(request, "partnerships/edit_duty.html", section_page(participation, "duty", form))
