import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from diagnostics.models import PartnerReply
from diagnostics.models.replies import token_hash
from partnerships.isolation import acting_for, acting_with_link


@require_safe
@never_cache
def reply_page(request: Any, token: str) -> HttpResponse:
    """What was done with what partners said? For whoever holds the address, without an account; what is withdrawn, or
    was never published, is not there.
    """
    known = token_hash(token)
    with acting_with_link(known):
        owner = (
            PartnerReply.objects.filter(link_hash=known).order_by().values_list("organisation_id", flat=True).first()
        )
    if owner is None:
        raise Http404("There is no such page.")
    with acting_for(owner):
        replies = PartnerReply.objects.public().select_related("organisation", "participation__partnership")
        found = replies.filter(link_hash=known).first()
        if found is None:
            raise Http404("There is no such page.")
        response = render(request, "diagnostics/reply_page.html", _page(found))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(found: PartnerReply) -> dict[str, Any]:
    """Only the copy that was published, and nothing of what has been written since."""
    copy: dict[str, Any] = found.published or {}
    lines = [one | {"on_day": one["on_day"] and datetime.date.fromisoformat(one["on_day"])} for one in copy["lines"]]
    return {
        "reply": found,
        "organisation": found.organisation,
        "partnership": found.participation.partnership,
        "opening": copy["opening"],
        "lines": lines,
        "means": copy["means"],
        "answered": copy["answered"],
    }
