from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import change_item, leave_item_out
from diagnostics.forms.questions import SAME, ChangeItemForm
from diagnostics.instrument import Item
from diagnostics.models import Subject
from diagnostics.questions import as_read, questions_to_change
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.editing import ChangedMeanwhile
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved

MEANWHILE = "Somebody else changed the questions meanwhile. Look at them again."


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_question(request: OrganisationRequest, subject: Subject, item: str) -> HttpResponse:
    """How should this statement read, and is it still the same question? A second button stops asking it."""
    organisation = request.organisation
    made = questions_to_change(organisation, subject)
    found = as_read(made, organisation, subject).item_by_code.get(item)
    if found is None:
        if request.method != "POST":
            raise Http404("There is no such statement among the questions.")
        messages.error(request, MEANWHILE)
        return redirect("diagnostics:questions_draft", organisation.code, subject)
    if request.POST.get("deed") == "leave_out":
        return _leave_out(request, subject, found)
    form = ChangeItemForm(posted(request), questions=made, item=found)

    def save() -> None:
        given = form.cleaned_data
        change_item(
            organisation=organisation,
            code=found.code,
            text=given["text"],
            same_question=given["same"] == SAME,
            by=request.user,
            expected_version=given["version"],
            subject=subject,
        )

    def stored() -> ChangeItemForm:
        now = questions_to_change(organisation, subject)
        read = as_read(now, organisation, subject)
        return ChangeItemForm(questions=now, item=read.item_by_code.get(item, found))

    if saved(request, form, save, stored, done="Changed in the new version. Nobody is asked it until you publish it."):
        return redirect("diagnostics:questions_draft", organisation.code, subject)
    context = {"form": form, "item": found, "subject": subject}
    return render(request, "diagnostics/change_question.html", context)


def _leave_out(request: OrganisationRequest, subject: Subject, item: Item) -> HttpResponse:
    code = request.organisation.code
    try:
        leave_item_out(
            organisation=request.organisation,
            code=item.code,
            by=request.user,
            expected_version=request.POST.get("version", ""),
            subject=subject,
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("diagnostics:change_question", code, subject, item.code)
    except ChangedMeanwhile:
        messages.error(request, MEANWHILE)
    else:
        messages.success(request, "The new version no longer asks it.")
    return redirect("diagnostics:questions_draft", code, subject)
