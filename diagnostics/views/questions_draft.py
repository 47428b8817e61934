from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import discard_draft, publish_draft
from diagnostics.forms.questions import PublishForm
from diagnostics.instrument import Instrument
from diagnostics.instrument.comparable import common_ground
from diagnostics.instrument.difference import difference
from diagnostics.questions import asked_before, draft_of, questions_in_use, questions_to_change, sections_of
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def questions_draft(request: OrganisationRequest) -> HttpResponse:
    """What would change, and why? Nobody is asked a draft: its first button publishes it, its second drops it."""
    organisation = request.organisation
    if request.POST.get("deed") == "discard":
        discard_draft(organisation=organisation, by=request.user)
        messages.success(request, "The new version is discarded. Your surveys ask what they asked before.")
        return redirect("diagnostics:survey_questions", organisation.code)
    made = questions_to_change(organisation)
    form = PublishForm(posted(request), questions=made)

    def publish() -> None:
        given = form.cleaned_data
        publish_draft(
            organisation=organisation,
            note=given["note"],
            use_it=given["use_it"],
            by=request.user,
            expected_version=given["version"],
        )

    def stored() -> PublishForm:
        return PublishForm(questions=questions_to_change(organisation))

    if saved(request, form, publish, stored, done="The new version is published, and stays as it is."):
        return redirect("diagnostics:survey_questions", organisation.code)
    return render(request, "diagnostics/questions_draft.html", {"form": form, **_page(request, made)})


def _page(request: OrganisationRequest, made: Instrument) -> dict[str, Any]:
    in_use = questions_in_use(request.organisation)
    change, before = difference(in_use, made), asked_before(request.organisation)
    draft = draft_of(request.organisation)
    lost = common_ground([made, in_use]).standings[in_use.version].not_comparable() if draft else {}
    return {
        "draft": draft,
        "questions": made,
        "sections": sections_of(made),
        "difference": change,
        "asked_again": [(item, before[item.code]) for item in change.added if item.code in before],
        "lost": [(one.name, lost[one.code]) for one in made.characteristics if one.code in lost],
    }
