from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import Participation, Partnership
from partnerships.numbers import row_number
from partnerships.timeline import Kind, Moment, timeline_of
from partnerships.views.sections import participation_or_404

LAST_PAGE = 10_000  # beyond it nobody reads, and the database need not count that far


@require_safe
@organisation_page()
def timeline(request: OrganisationRequest, slug: str, only: str = "") -> HttpResponse:
    """What happened, newest first; all of it or of one kind, a page at a time."""
    participation = participation_or_404(request, slug)
    if only and only not in Kind.values:
        raise Http404("The timeline has nothing of this kind.")
    kind = Kind(only) if only else None
    number = min(row_number(request.GET.get("page", "")) or 1, LAST_PAGE)
    both = {one.pk: one for one in request.organisation.participations.with_merged(participation)}
    found = timeline_of(request.organisation, both, only=kind, page=number)
    page = {
        "partnership": participation.partnership,
        "timeline": found,
        "moments": [_shown(request.organisation.code, one, both) for one in found.moments],
        "here": participation.pk,
        "only": kind,
        "kinds": list(Kind),
    }
    return render(request, "partnerships/timeline.html", page)


def _shown(code: str, one: Moment, both: Mapping[int, Participation]) -> tuple[Moment, str, Partnership]:
    """What stands there, where it leads, and in which partnership it was: another one after a merge."""
    partnership = both[one.of].partnership
    return one, one.page.address(code, partnership.slug), partnership
