from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.participations import can_edit_shared_facts, change_account
from partnerships.editing import ChangedMeanwhile
from partnerships.forms.account import AccountForm
from partnerships.models.people import MAY_EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=MAY_EDIT)
def edit_partnership(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What the organisation says of a partnership: purpose, benefit to patients, stage, people, dates, level."""
    participations = request.organisation.participations.select_related("partnership__kind")
    participation = get_object_or_404(participations, partnership__slug=slug)
    edits_shared = can_edit_shared_facts(participation)
    form = AccountForm(request.POST or None, participation=participation, edits_shared=edits_shared)
    if request.method == "POST" and form.is_valid():
        try:
            change_account(
                participation=participation,
                by=request.user,
                account=form.account(),
                shared=form.shared(),
                expected_version=form.cleaned_data["version"],
            )
        except ChangedMeanwhile:
            form.tell_of_change(AccountForm(participation=participation, edits_shared=edits_shared))
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, "Saved.")
            return redirect("partnerships:partnership", request.organisation.code, slug)
    page = {"form": form, "participation": participation, "partnership": participation.partnership, "section": ""}
    return render(request, "partnerships/edit_partnership.html", page)
