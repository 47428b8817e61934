from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import choose_version
from diagnostics.instrument import Instrument
from diagnostics.instrument.difference import difference
from diagnostics.models import Subject
from diagnostics.models.instrument_versions import instrument_of
from diagnostics.questions import KnownVersion, as_read, known_versions, questions_in_use, sections_of
from partnerships.access import OrganisationRequest, check_can_edit, organisation_page


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def questions_version(request: OrganisationRequest, subject: Subject, version: str) -> HttpResponse:
    """One version: what it asks, why it was made, and what it asks otherwise. Its button has new surveys ask it."""
    known, kept = known_version(request, subject, version)
    if request.method == "POST":
        check_can_edit(request.user, request.organisation)
        try:
            choose_version(organisation=request.organisation, version=version, by=request.user, subject=subject)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        else:
            messages.success(request, "New surveys ask this version.")
        return redirect("diagnostics:questions_about", request.organisation.code, subject)
    made, in_use = (
        as_read(one, request.organisation, subject) for one in (kept, questions_in_use(request.organisation, subject))
    )
    context = {
        "subject": subject,
        "known": known,
        "questions": made,
        "sections": sections_of(made),
        "difference": difference(in_use, made),
    }
    return render(request, "diagnostics/questions_version.html", context)


def known_version(request: OrganisationRequest, subject: Subject, version: str) -> tuple[KnownVersion, Instrument]:
    """A version that is published here about this subject, as it is kept. Raises Http404 for any other, such as a
    draft.
    """
    known = next((one for one in known_versions(request.organisation, subject) if one.version == version), None)
    if known is None:
        raise Http404("There is no such version of the questions here.")
    return known, instrument_of(request.organisation.pk, version)
