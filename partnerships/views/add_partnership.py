from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.participations import add_participation
from partnerships.actions.register_drafts import use_registered
from partnerships.duplicates import Alike
from partnerships.forms.account import AddPartnershipForm
from partnerships.models import Participation, Partnership
from partnerships.numbers import row_number
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def add_partnership(request: OrganisationRequest) -> HttpResponse:
    """Add a partnership that no register has, as a draft; what may be the same one is shown first."""
    form = AddPartnershipForm(posted(request), organisation=request.organisation)
    alike = None
    if request.method == "POST" and form.is_valid():
        alike = Alike(request.organisation, form.cleaned_data["name"], form.cleaned_data["kind"])
        chosen = alike.of_register(row_number(request.POST.get("use", "")))
        seen = not alike.partnerships or request.POST.get("another") == alike.fingerprint
        try:
            added = _add(request, form, chosen) if chosen or seen else None
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            if added:
                messages.success(request, f"{added.partnership.display_name} is added as a draft.")
                return redirect("partnerships:partnership", request.organisation.code, added.partnership.slug)
    return render(request, "partnerships/add_partnership.html", {"form": form, "alike": alike})


def _add(request: OrganisationRequest, form: AddPartnershipForm, chosen: Partnership | None) -> Participation:
    """What was typed, as a partnership of its own or as what we say of one that a register has."""
    if chosen is None:
        return add_participation(organisation=request.organisation, by=request.user, **form.cleaned_data)
    said = {name: value for name, value in form.cleaned_data.items() if name not in ("name", "kind") and value}
    return use_registered(organisation=request.organisation, by=request.user, partnership=chosen, account=said)
