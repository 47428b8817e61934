"""How do we say no kindly? What goes with a decision to decline or step down: the letter, what else there is for the
partner, who told them and what they replied, and what is still to hand over.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.actions.kind_noes import TEXTS, write_kind_no
from decisions.forms import KindNoForm
from decisions.models import Decision, KindNo
from decisions.saying_no import kind_no_of, kind_of_no, last_decision, letter_of, promises_with, says_no
from decisions.views.letters_on_the_way import of_other_decisions
from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.models import Participation
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404

# What people type at length on the pages of a kind no.
TYPED = (*TEXTS, "subject", "body", "answer", "doing", "words")


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def kind_no_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
    decision = last_decision(participation)
    if decision is None or not says_no(decision):
        return nothing_to_say(request, participation)
    form = KindNoForm.of(decision, posted(request))

    def save() -> KindNo:
        version = form.cleaned_data["version"]
        return write_kind_no(participation=participation, by=request.user, expected_version=version, texts=form.texts())

    if saved(request, form, save, lambda: KindNoForm.of(last_decision(participation) or decision)):
        return redirect("decisions:kind_no", request.organisation.code, slug)
    return render(request, "decisions/kind_no.html", page_of(request, participation, decision) | {"form": form})


def nothing_to_say(request: OrganisationRequest, participation: Participation) -> HttpResponse:
    """Where nothing is declined or stepped down; with what was typed, should somebody have sent something."""
    page = {
        "participation": participation,
        "partnership": participation.partnership,
        "others": of_other_decisions(participation, None),
        "earlier": earlier_packs(participation, None),
        "typed": [request.POST[name] for name in TYPED if request.POST.get(name, "").strip()],
    }
    return render(request, "decisions/no_kind_no.html", page, status=409 if page["typed"] else 200)


def page_of(request: OrganisationRequest, participation: Participation, decision: Decision) -> dict[str, Any]:
    """What every page of a kind no shows of it."""
    kind_no = kind_no_of(decision)
    items = list(kind_no.checklist.select_related("done_by")) if kind_no else []
    return {
        "participation": participation,
        "partnership": participation.partnership,
        "decision": decision,
        "says_no": True,
        "kind": kind_no.kind if kind_no else kind_of_no(decision),
        "kind_no": kind_no,
        "letter": letter_of(kind_no),
        "others": of_other_decisions(participation, decision),
        "promises": promises_with(decision),
        "tellings": list(kind_no.tellings.all()) if kind_no else [],
        "replies": list(kind_no.replies.all()) if kind_no else [],
        "items": items,
        "open_items": sum(one.is_open for one in items),
        "earlier": earlier_packs(participation, kind_no),
        "today": timezone.localdate(),
    }


def earlier_packs(participation: Participation, kind_no: KindNo | None) -> list[KindNo]:
    """What was said with earlier decisions, the newest first."""
    rows = participation.kind_noes.select_related("decision", "letter").prefetch_related("tellings", "replies")
    return list(rows.exclude(pk=kind_no.pk) if kind_no else rows)
