from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diagnostics.instrument.difference import differs_beyond_words
from diagnostics.models import Subject
from diagnostics.questions import (
    OTHER_SIDE,
    as_read,
    both_wordings,
    draft_of,
    known_versions,
    lost_beside,
    questions_in_use,
    sections_of,
)
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def survey_questions(request: OrganisationRequest, subject: Subject = Subject.PARTNERSHIP) -> HttpResponse:
    """What do our surveys ask, and about what? With every version there has been."""
    organisation = request.organisation
    in_use = questions_in_use(organisation, subject)
    made = as_read(in_use, organisation, subject)
    context = {
        "subject": subject,
        "questions": made,
        "sections": sections_of(made),
        "versions": known_versions(organisation, subject),
        "draft": draft_of(organisation, subject),
    }
    if subject in OTHER_SIDE:
        other = questions_in_use(organisation, OTHER_SIDE[subject])
        context |= {"lost_beside": lost_beside(in_use, other), "asks_otherwise": differs_beyond_words(other, in_use)}
    else:
        context |= {"about_us": both_wordings(organisation)}
    return render(request, "diagnostics/survey_questions.html", context)
