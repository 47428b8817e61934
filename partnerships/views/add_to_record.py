from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.forms.relationship_record import FORMS
from partnerships.models.record_entries import RecordEntry
from partnerships.record_chapters import CHAPTERS
from partnerships.relationship_entries import model_of
from partnerships.roles import FILL_IN
from partnerships.views.record_saving import add_with, page_of
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=FILL_IN)
def add_to_record(request: OrganisationRequest, slug: str, kind: str) -> HttpResponse:
    """One entry more on the relationship record, of one kind."""
    participation = participation_or_404(request, slug)
    chapter = CHAPTERS.get(kind)
    if chapter is None:
        raise Http404("The record has no such chapter.")
    form = FORMS[model_of(chapter)](posted(request), chapter=chapter)

    added: list[RecordEntry] = []

    def save() -> None:
        added.append(add_with(form, participation, request.user))

    if saved(request, form, save, lambda: form, done="Added to the record."):
        return redirect(page_of(added[0], request.organisation.code, slug))
    page = {"form": form, "chapter": chapter, "partnership": participation.partnership}
    return render(request, "partnerships/record_entry.html", page)
