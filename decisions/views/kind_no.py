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
from decisions.letter_words import reason_words
from decisions.models import Decision, KindNo
from decisions.saying_no import (
    kind_no_of,
    kind_of_no,
    last_decision,
    letter_of,
    packs_of,
    promises_with,
    says_no,
    told_no,
)
from decisions.views.letters_on_the_way import of_others
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
    if "start_from" in request.POST:
        form.start_from(dict(reason_words()).get(request.POST["start_from"], ""))
        return render(request, "decisions/kind_no.html", page_of(request, participation, decision) | {"form": form})

    def save() -> KindNo:
        version = form.cleaned_data["version"]
        return write_kind_no(participation=participation, by=request.user, expected_version=version, texts=form.texts())

    if saved(request, form, save, lambda: KindNoForm.of(last_decision(participation) or decision)):
        return redirect("decisions:kind_no", request.organisation.code, slug)
    return render(request, "decisions/kind_no.html", page_of(request, participation, decision) | {"form": form})


def nothing_to_say(request: OrganisationRequest, participation: Participation) -> HttpResponse:
    """Where nothing is declined or stepped down; with what was typed, should somebody have sent something."""
    packs = packs_of(participation)
    page = {
        "participation": participation,
        "partnership": participation.partnership,
        "says_no": False,
        "others": of_others(participation, None),
        "told_no": told_no(packs),
        "earlier": packs,
        "typed": [request.POST[name] for name in TYPED if request.POST.get(name, "").strip()],
    }
    return render(request, "decisions/no_kind_no.html", page, status=409 if page["typed"] else 200)


def page_of(request: OrganisationRequest, participation: Participation, decision: Decision) -> dict[str, Any]:
    """What every page of a kind no shows of it."""
    kind_no = kind_no_of(decision)
    letter = letter_of(kind_no)
    items = list(kind_no.checklist.select_related("done_by")) if kind_no else []
    return {
        "participation": participation,
        "partnership": participation.partnership,
        "decision": decision,
        "says_no": True,
        "kind": kind_no.kind if kind_no else kind_of_no(decision),
        "kind_no": kind_no,
        "letter": letter,
        "letters_before": [one for one in kind_no.letters.all() if one != letter] if kind_no else [],
        "others": of_others(participation, letter),
        "promises": promises_with(decision),
        "tellings": list(kind_no.tellings.all()) if kind_no else [],
        "replies": list(kind_no.replies.all()) if kind_no else [],
        "items": items,
        "open_items": sum(one.is_open for one in items),
        "earlier": [one for one in packs_of(participation) if one != kind_no],
        "reasons": reason_words(),
        "today": timezone.localdate(),
    }
