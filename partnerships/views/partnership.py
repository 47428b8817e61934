from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, check_can_edit, organisation_page
from partnerships.actions.participations import can_edit_shared_facts, change_state
from partnerships.completeness import what_is_missing
from partnerships.estimates import recorded_estimates, with_suggestions
from partnerships.models import Participation, ParticipationState, SharedLevel
from partnerships.portfolio import days_today

DONE = {
    ParticipationState.ACTIVE: "{name} is active. It counts in the next recommendation.",
    ParticipationState.ENDED: "Your part in {name} has ended. Its record is kept.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def partnership(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What is this partnership, and what is it worth to us? Its buttons move it between draft, active and ended."""
    participation = get_object_or_404(request.organisation.participations.for_list(), partnership__slug=slug)
    if request.method == "POST":
        check_can_edit(request.user, request.organisation)
        _change_state(request, participation)
        return redirect("partnerships:partnership", request.organisation.code, slug)
    return render(request, "partnerships/partnership.html", _page(participation))


def _change_state(request: OrganisationRequest, participation: Participation) -> None:
    wanted = request.POST.get("state", "")
    if wanted not in DONE:
        messages.error(request, "Choose what to do with the buttons on this page.")
        return
    try:
        change_state(participation=participation, by=request.user, to=ParticipationState(wanted))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        name = participation.partnership.display_name
        messages.success(request, DONE[ParticipationState(wanted)].format(name=name))


def _page(participation: Participation) -> dict[str, Any]:
    organisation, today = participation.organisation, timezone.localdate()
    levels, pools = list(organisation.engagement_levels.all()), list(organisation.capacity_pools.all())
    memberships = participation.partnership.memberships.current_on(today)
    missing = what_is_missing(participation)
    ratings = participation.value_ratings.select_related("objective", "way", "rated_by")
    rated = sorted((one for one in ratings if one.likely is not None), key=lambda one: one.likely or 0, reverse=True)
    return {
        "participation": participation,
        "partnership": participation.partnership,
        "edits_shared": can_edit_shared_facts(participation),
        "missing": missing,
        "needed": [one for one in missing if one.needed_to_be_active],
        "memberships": memberships.select_related("organisation").order_by("-is_lead", "organisation__name"),
        "gone_memberships": participation.partnership.memberships.of_gone_organisations(today),
        "shown_by_others": SharedLevel.objects.with_members(participation.partnership, but=organisation),
        "days_today": days_today(participation, levels, pools),
        "days": _days_table(participation, levels, pools),
        "pools": pools,
        "ratings": ratings,
        "strongest": rated[0] if rated else None,
        "rated": len(rated),
        "merged": organisation.participations.with_merged(participation).exclude(pk=participation.pk),
        "rules": organisation.rules.in_full().naming(participation),
    }


def _days_table(participation: Participation, levels: list[Any], pools: list[Any]) -> list[dict[str, Any]]:
    """A row for each level, highest first, with one estimate a pool; empty where nothing is recorded at all."""
    recorded = recorded_estimates(participation.days_needed.all())
    grid = with_suggestions(recorded, levels, pools) if recorded else {}
    return [
        {"level": level, "estimates": [(pool, grid[level.pk, pool.pk]) for pool in pools]}
        for level in reversed(levels)
        if grid
    ]
