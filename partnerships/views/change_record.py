from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.relationship_record import GONE, remove_entry
from partnerships.editing import ChangedMeanwhile, entry_version
from partnerships.forms.relationship_record import FORMS, RecordForm
from partnerships.models import Difference, MeasurePoint, Participation
from partnerships.models.record_entries import RecordEntry
from partnerships.relationship_entries import NOUNS, chapter_of, chapter_of_removed, entries_of
from partnerships.roles import FILL_IN
from partnerships.views.record_saving import change_with, page_of
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404

CHANGED_FIRST = "Somebody changed this since you opened it, so it is not removed. Read it again first."


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=FILL_IN)
def change_record(request: OrganisationRequest, slug: str, noun: str, number: int) -> HttpResponse:
    """Change one entry of the relationship record; a second button removes it."""
    participation = participation_or_404(request, slug)
    entry = entries_of(participation, NOUNS[noun]).filter(pk=number).first()
    if entry is None:
        return _gone(request, participation, noun, number)
    chapter = chapter_of(entry, noun)
    if "remove" in request.POST:
        return _remove(request, entry, slug)
    form = FORMS[NOUNS[noun]](posted(request), chapter=chapter, entry=entry)

    def save() -> None:
        change_with(form, entry, request.user)

    def stored() -> RecordForm:
        return FORMS[NOUNS[noun]](chapter=chapter, entry=entries_of(participation, NOUNS[noun]).get(pk=number))

    if saved(request, form, save, stored):
        return redirect(page_of(entry, request.organisation.code, slug))
    return _page(request, participation, form, entry)


def _page(
    request: OrganisationRequest, participation: Participation, form: RecordForm, entry: RecordEntry | None
) -> HttpResponse:
    page = {
        "form": form,
        "chapter": form.chapter,
        "partnership": participation.partnership,
        "entry": entry,
        "version": entry_version(entry) if entry else "",
        "steps": entry.changes.select_related("changed_by") if isinstance(entry, Difference) else (),
    }
    return render(request, "partnerships/record_entry.html", page)


def _remove(request: OrganisationRequest, entry: RecordEntry, slug: str) -> HttpResponse:
    try:
        remove_entry(entry=entry, by=request.user, expected_version=request.POST.get("version", ""))
    except ChangedMeanwhile:
        messages.error(request, CHANGED_FIRST)
        return redirect(request.path)
    messages.success(request, "Removed from the record.")
    if isinstance(entry, MeasurePoint):
        return redirect(page_of(entry, request.organisation.code, slug))
    return redirect("partnerships:record", request.organisation.code, slug)


def _gone(request: OrganisationRequest, participation: Participation, noun: str, number: int) -> HttpResponse:
    """Somebody else removed it: whoever was typing keeps their words, and whoever removes it once more is content."""
    chapter = chapter_of_removed(participation, noun, number)
    if chapter is None or request.method != "POST":
        raise Http404("There is no such entry on this record.")
    if "remove" in request.POST:
        return redirect("partnerships:record", request.organisation.code, participation.partnership.slug)
    form = FORMS[NOUNS[noun]](request.POST, chapter=chapter)
    form.add_error(None, GONE)
    return _page(request, participation, form, None)
