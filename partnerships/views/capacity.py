from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.balance import pool_balances
from partnerships.forms.capacity import quarter_named


@require_safe
@organisation_page()
def capacity(request: OrganisationRequest) -> HttpResponse:
    """How many days have we to give? Each pool with what is asked of it, what it has and what it keeps back."""
    quarter = quarter_named(request.GET.get("quarter", ""), timezone.localdate())
    balances = pool_balances(request.organisation, quarter)
    page = {
        "quarter": quarter,
        "earlier": quarter.previous(),
        "later": quarter.next(),
        "balances": balances,
        "is_recorded": any(balance.days is not None for balance in balances),
        "has_adjustments": any(balance.adjusted.rows for balance in balances),
        "not_counted": request.organisation.participations.active().without_days().count(),
        "can_copy": request.organisation.capacity_quarters.filter(quarter__lt=quarter.first_day).exists(),
    }
    return render(request, "partnerships/capacity.html", page)
