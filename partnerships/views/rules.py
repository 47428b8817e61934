from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.rules import broken_demand
from partnerships.models import RuleKind
from partnerships.rule_reach import reached_rules

WHAT_FOR = {
    RuleKind.AT_LEAST: "Keep at least so many of these partnerships, for example at least one provider collaborative.",
    RuleKind.NEEDS: "One partnership needs another: without the second the first cannot work at that level.",
    RuleKind.NOT_BOTH: "Two partnerships cannot both be held at a level, for example because they compete.",
    RuleKind.SYNERGY: "Two partnerships together add more than each by itself.",
}


@require_safe
@organisation_page()
def rules(request: OrganisationRequest) -> HttpResponse:
    """What ties partnerships together? Each rule in words and why; which do not count now; what was before."""
    reached = reached_rules(request.organisation)
    page = {
        "rules": reached,
        "broken": broken_demand(request.organisation, reached),
        "past": request.organisation.past_rules.select_related("recorded_by", "ended_by"),
        "kinds": [(kind, WHAT_FOR[kind]) for kind in RuleKind],
    }
    return render(request, "partnerships/rules.html", page)
