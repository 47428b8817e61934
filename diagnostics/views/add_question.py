from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import add_item
from diagnostics.forms.questions import AddItemForm
from diagnostics.instrument.definition import MOST_ITEMS
from diagnostics.questions import questions_to_change
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def add_question(request: OrganisationRequest) -> HttpResponse:
    """What else should be asked, and about what?"""
    organisation = request.organisation
    made = questions_to_change(organisation)
    form = AddItemForm(posted(request), questions=made)

    def save() -> None:
        given = form.cleaned_data
        add_item(
            organisation=organisation,
            about=given["about"],
            text=given["text"],
            by=request.user,
            expected_version=given["version"],
        )

    def stored() -> AddItemForm:
        return AddItemForm(questions=questions_to_change(organisation))

    if saved(request, form, save, stored, done="Added to the new version. Nobody is asked it until you publish it."):
        return redirect("diagnostics:questions_draft", organisation.code)
    context = {"form": form, "asked": len(made.items), "most": MOST_ITEMS}
    return render(request, "diagnostics/add_question.html", context)
