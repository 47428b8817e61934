"""The letter as a document that can be edited and printed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.exports.letters import DOCX, letter_document
from decisions.saying_no import to_be_said
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.models import DeedKind
from partnerships.roles import EXPORT
from partnerships.views.sections import participation_or_404


@require_safe
@organisation_page(may=EXPORT)
def letter_docx(request: OrganisationRequest, slug: str) -> HttpResponse:
    """The letter that is written now or was sent last, with the day on which it was sent or else today's. 404 without
    one.
    """
    participation = participation_or_404(request, slug)
    said = to_be_said(participation)
    letter = said.letter if said else None
    if letter is None:
        raise Http404("No letter has been written yet.")
    day = timezone.localdate(letter.sent_at) if letter.sent_at else timezone.localdate()
    name = participation.partnership.display_name
    what = f"the letter about {name} as a document"
    told: dict[str, Any] = {"organisation": request.organisation, "by": request.user, "participation": participation}
    record_deed(DeedKind.EXPORTED, what=what, **told)
    response = HttpResponse(letter_document(letter, day=day, writer=letter.asked_by or request.user), content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="letter-{participation.partnership.slug}-{day}.docx"'
    return response
