from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import add_item
from diagnostics.forms.questions import AddItemForm
from diagnostics.instrument.definition import MOST_ITEMS
from diagnostics.models import Subject
from diagnostics.questions import asked_on_the_other_side_alone, questions_to_change
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import Organisation
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def add_question(request: OrganisationRequest, subject: Subject) -> HttpResponse:
    """What else should be asked, and about what?"""
    organisation = request.organisation
    made = questions_to_change(organisation, subject)
    form = AddItemForm(posted(request), **_offered(organisation, subject))

    def save() -> None:
        given = form.cleaned_data
        add_item(
            organisation=organisation,
            about=given["about"],
            text=given["text"],
            by=request.user,
            expected_version=given["version"],
            subject=subject,
            same_as=given.get("same_as", ""),
        )

    def stored() -> AddItemForm:
        return AddItemForm(**_offered(organisation, subject))

    if saved(request, form, save, stored, done="Added to the new version. Nobody is asked it until you publish it."):
        return redirect("diagnostics:questions_draft", organisation.code, subject)
    context = {"form": form, "subject": subject, "asked": len(made.items), "most": MOST_ITEMS}
    return render(request, "diagnostics/add_question.html", context)


def _offered(organisation: Organisation, subject: Subject) -> dict[str, Any]:
    made = questions_to_change(organisation, subject)
    return {"questions": made, "elsewhere": asked_on_the_other_side_alone(organisation, subject, made)}
