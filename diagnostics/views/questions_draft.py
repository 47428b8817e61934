from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import discard_draft, publish_draft
from diagnostics.forms.questions import PublishForm
from diagnostics.instrument import Instrument
from diagnostics.instrument.difference import difference
from diagnostics.models import Subject
from diagnostics.questions import (
    OTHER_SIDE,
    as_read,
    asked_before,
    draft_of,
    lost_beside,
    questions_in_use,
    questions_to_change,
    sections_of,
)
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def questions_draft(request: OrganisationRequest, subject: Subject) -> HttpResponse:
    """What would change, and why? Nobody is asked a draft: its first button publishes it, its second drops it."""
    organisation = request.organisation
    if request.POST.get("deed") == "discard":
        discard_draft(organisation=organisation, by=request.user, subject=subject)
        messages.success(request, "The new version is discarded. Your surveys ask what they asked before.")
        return redirect("diagnostics:questions_about", organisation.code, subject)
    made = questions_to_change(organisation, subject)
    form = PublishForm(posted(request), questions=made)

    def publish() -> None:
        given = form.cleaned_data
        publish_draft(
            organisation=organisation,
            note=given["note"],
            use_it=given["use_it"],
            by=request.user,
            expected_version=given["version"],
            subject=subject,
        )

    def stored() -> PublishForm:
        return PublishForm(questions=questions_to_change(organisation, subject))

    if saved(request, form, publish, stored, done="The new version is published, and stays as it is."):
        return redirect("diagnostics:questions_about", organisation.code, subject)
    return render(request, "diagnostics/questions_draft.html", {"form": form, **_page(request, subject, made)})


def _page(request: OrganisationRequest, subject: Subject, kept: Instrument) -> dict[str, Any]:
    organisation = request.organisation
    made, in_use = (as_read(one, organisation, subject) for one in (kept, questions_in_use(organisation, subject)))
    change, before = difference(in_use, made), asked_before(organisation, subject)
    other = questions_in_use(organisation, OTHER_SIDE[subject]) if subject in OTHER_SIDE else None
    return {
        "subject": subject,
        "draft": draft_of(organisation, subject),
        "questions": made,
        "sections": sections_of(made),
        "difference": change,
        "asked_again": [(item, before[item.code]) for item in change.added if item.code in before],
        "lost": lost_beside(made, in_use),
        "lost_beside": lost_beside(made, other) if other else [],
    }
