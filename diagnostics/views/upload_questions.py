from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.questions import draft_from_file
from diagnostics.forms.questions import QuestionsFileForm
from diagnostics.models import Subject
from diagnostics.questions import version_in_use
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def upload_questions(request: OrganisationRequest, subject: Subject) -> HttpResponse:
    """Can I bring questions as a file? It becomes a draft, which shows what would change before anybody is asked."""
    organisation = request.organisation
    form = QuestionsFileForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft_from_file(organisation=organisation, made=form.cleaned_data["file"], by=request.user, subject=subject)
        except ValidationError as problem:
            form.add_error("file", problem.messages)
        else:
            messages.success(request, "The file can be used. Look through what would change.")
            return redirect("diagnostics:questions_draft", organisation.code, subject)
    context = {"form": form, "subject": subject, "in_use": version_in_use(organisation, subject)}
    return render(request, "diagnostics/upload_questions.html", context)
