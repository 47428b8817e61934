from django.http import HttpResponse
from django.views.decorators.http import require_safe

from diagnostics.instrument import as_text
from diagnostics.models import Subject
from diagnostics.views.questions_version import known_version
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.audit import record_deed
from partnerships.models import DeedKind


@require_safe
@organisation_page()
def questions_file(request: OrganisationRequest, subject: Subject, version: str) -> HttpResponse:
    """One version as a file, which can be changed and sent back, or used elsewhere. One of ours is nobody's own."""
    known, made = known_version(request, subject, version)
    if known.published_at is not None:
        what = f"version {made.version} of the survey’s questions"
        record_deed(DeedKind.EXPORTED, organisation=request.organisation, by=request.user, what=what)
    response = HttpResponse(as_text(made), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="survey-questions-{made.version}.json"'
    return response
