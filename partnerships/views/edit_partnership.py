from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.participations import can_edit_shared_facts, change_account
from partnerships.forms.account import AccountForm
from partnerships.roles import EDIT, FILL_IN
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404, section_page


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=FILL_IN)
def edit_partnership(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What the organisation says of a partnership: purpose, benefit to patients, stage, people, dates, level."""
    participation = participation_or_404(request, slug)
    edits_shared = can_edit_shared_facts(participation) and EDIT.open_to(request.roles)
    form = AccountForm(posted(request), participation=participation, edits_shared=edits_shared)

    def save() -> None:
        change_account(
            participation=participation,
            by=request.user,
            account=form.account(),
            shared=form.shared(),
            expected_version=form.cleaned_data["version"],
        )

    def stored() -> AccountForm:
        return AccountForm(participation=participation_or_404(request, slug), edits_shared=edits_shared)

    if saved(request, form, save, stored):
        return redirect("partnerships:partnership", request.organisation.code, slug)
    return render(request, "partnerships/edit_partnership.html", section_page(participation, "", form))
