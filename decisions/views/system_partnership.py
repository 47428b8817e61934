from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.shown_by_others import with_decisions
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import SharedLevel
from partnerships.roles import READ_SYSTEM
from partnerships.sharing import system_rows


@require_safe
@organisation_page(may=READ_SYSTEM)
def system_partnership(request: OrganisationRequest, slug: str) -> HttpResponse:
    """Who holds this partnership at which level and what did they decide, as far as they show it; 404 until somebody
    shares it.
    """
    shared = SharedLevel.objects.with_system(request.organisation).filter(partnership__slug=slug)
    row = next(iter(system_rows(shared)), None)
    if row is None:
        raise Http404("Nobody has shared this partnership with this system.")
    page = {
        "row": row,
        "partnership": row.partnership,
        "shown": with_decisions(row.levels),
        "today": timezone.localdate(),
    }
    return render(request, "decisions/system_partnership.html", page)
