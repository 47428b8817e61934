from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diagnostics.access import RespondentRequest, respondent_page
from diagnostics.models import PartnerReply, Round, Subject
from diagnostics.own_address import own_address
from diagnostics.progress import AnswersSoFar


@require_safe
@respondent_page
def welcome(request: RespondentRequest) -> HttpResponse:
    """What is asked of me, who will see it, and how long does it take?"""
    handle = request.respondent.link.handle
    so_far = AnswersSoFar.of(request.respondent, request.round)
    begun = so_far.has_begun
    context = {
        "handle": handle,
        "next": so_far.address_to_come_back_to(handle) if begun else reverse("diagnostics:place", args=[handle]),
        "round": request.round,
        "organisation": request.round.organisation,
        "works_for": request.works_for,
        "last_reply": _last_reply(request.round),
        "so_far": so_far,
        "own": own_address(request),
    }
    return render(request, "diagnostics/welcome.html", context)


def _last_reply(round_: Round) -> PartnerReply | None:
    """What partners were told last time; its own people are not asked what was done with what partners said."""
    if round_.subject != Subject.BY_PARTNERS:
        return None
    replies = PartnerReply.objects.public().filter(participation=round_.participation_id)
    return replies.order_by("-published_at", "-pk").first()
