from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.models import LedgerEntry, LedgerKind, Participation, RecordNote, Side
from partnerships.record_chapters import CHAPTERS, DIFFERENCE, LEDGER, LINK, MEASURE, NOTES, Chapter
from partnerships.roles import FILL_IN
from partnerships.timeline import stages_of, ways_of
from partnerships.views.sections import participation_or_404


@require_safe
@organisation_page()
def record(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What do we know about working together? What waits for somebody first, then chapter by chapter."""
    participation = participation_or_404(request, slug)
    return render(request, "partnerships/record.html", _page(participation))


@require_safe
@organisation_page(may=FILL_IN)
def record_choices(request: OrganisationRequest, slug: str) -> HttpResponse:
    """What can be added to the record, and what each is for."""
    partnership = participation_or_404(request, slug).partnership
    return render(request, "partnerships/record_choices.html", {"partnership": partnership, "chapters": CHAPTERS})


def _page(participation: Participation) -> dict[str, Any]:
    notes = list(participation.record_notes.select_related("recorded_by"))
    differences = list(participation.differences.for_page())
    ledger = list(participation.ledger.select_related("recorded_by"))
    return {
        "participation": participation,
        "partnership": participation.partnership,
        "today": timezone.localdate(),
        "notes": [(chapter, _of(chapter, notes)) for chapter in NOTES.values()],
        "difference": DIFFERENCE,
        "differences": differences,
        "unsettled": [one for one in differences if one.state != "settled"],
        "ledger_chapter": LEDGER,
        "ledger": ledger,
        "open_losses": [one for one in reversed(ledger) if one.is_open_loss],
        "balance": _balance(ledger),
        "measure": MEASURE,
        "measures": participation.outcome_measures.with_latest(),
        "stages": stages_of(participation.organisation, [participation.pk]),
        "ways": ways_of(participation.organisation, [participation.pk]),
        "link": LINK,
        "links": participation.record_links.select_related("recorded_by"),
    }


def _of(chapter: Chapter, notes: list[RecordNote]) -> list[RecordNote]:
    return [one for one in notes if one.kind == chapter.kind]


def _balance(ledger: list[LedgerEntry]) -> list[tuple[str, int, int]]:
    """How often each was so: of us and of partners, in the order of the kinds; without those that never were."""
    counted = []
    for kind in LedgerKind:
        of_kind = [one.side for one in ledger if one.kind == kind]
        if of_kind:
            counted.append((str(kind.label), of_kind.count(Side.US), of_kind.count(Side.PARTNER)))
    return counted
