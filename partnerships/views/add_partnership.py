from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.participations import add_participation
from partnerships.forms.account import AddPartnershipForm
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def add_partnership(request: OrganisationRequest) -> HttpResponse:
    """Add a partnership that no register has; it starts as a draft."""
    form = AddPartnershipForm(posted(request), organisation=request.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_participation(organisation=request.organisation, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            messages.success(request, f"{added.partnership.display_name} is added as a draft.")
            return redirect("partnerships:partnership", request.organisation.code, added.partnership.slug)
    return render(request, "partnerships/add_partnership.html", {"form": form})
