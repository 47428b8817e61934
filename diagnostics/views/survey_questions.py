from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diagnostics.questions import both_wordings, draft_of, known_versions, questions_in_use, sections_of
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def survey_questions(request: OrganisationRequest) -> HttpResponse:
    """What do our surveys ask, and about what? With every version there has been."""
    in_use = questions_in_use(request.organisation)
    context = {
        "questions": in_use,
        "sections": sections_of(in_use),
        "versions": known_versions(request.organisation),
        "draft": draft_of(request.organisation),
        "about_us": both_wordings(request.organisation),
    }
    return render(request, "diagnostics/survey_questions.html", context)
