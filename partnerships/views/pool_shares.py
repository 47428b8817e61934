from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.pool_shares import record_share, remove_share
from partnerships.forms.pool_shares import PoolShareForm
from partnerships.numbers import row_number
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def pool_shares(request: OrganisationRequest) -> HttpResponse:
    """Which pools we share, with whom, and our share from when until when; adds one, or removes one."""
    organisation = request.organisation
    shares = organisation.pool_shares.select_related("pool", "recorded_by")
    if "remove" in request.POST:
        _remove(request)
        return redirect("partnerships:pool_shares", organisation.code)
    form = PoolShareForm(posted(request), organisation=organisation, today=timezone.localdate())
    if form.is_bound and form.is_valid() and _recorded(request, form):
        messages.success(request, "The share is saved. Enter the days of the whole pool under Capacity.")
        return redirect("partnerships:pool_shares", organisation.code)
    return render(request, "partnerships/pool_shares.html", {"form": form, "shares": shares})


def _recorded(request: OrganisationRequest, form: PoolShareForm) -> bool:
    """False where it cannot be; the form then says why."""
    try:
        record_share(organisation=request.organisation, by=request.user, **form.cleaned_data)
    except ValidationError as problem:
        form.add_problem(problem)
        return False
    return True


def _remove(request: OrganisationRequest) -> None:
    shares = request.organisation.pool_shares.select_related("pool")
    share = get_object_or_404(shares, pk=row_number(request.POST["remove"]))
    remove_share(share=share, by=request.user)
    messages.success(request, f"Removed: the share of {share.pool}.")
