"""What became of this promise? Its facts, and the forms that close it, move its day or hand it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.actions import close_promise, hand_over_promise, move_promise
from decisions.actions.promises import can_close
from decisions.forms import CloseForm, HandOverForm, MoveForm
from decisions.models import Promise, PromiseState
from partnerships.access import OrganisationRequest, can_decide, can_read, organisation_page
from partnerships.forms.versioned import VersionedForm
from partnerships.views.saving import saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page()
def promise_page(request: OrganisationRequest, number: int) -> HttpResponse:
    rows = request.organisation.promises.select_related(
        "organisation", "participation__partnership", "participation__organisation", "owner", "recorded_by", "closed_by"
    )
    promise: Promise = get_object_or_404(rows, pk=number)
    forms = _forms(request, promise)
    for name, form in forms.items():
        if name in request.POST and saved(request, form, *_saving(request, promise, name, form)):
            return redirect("decisions:promise", request.organisation.code, promise.pk)
    may_decide = can_decide(request.user, request.organisation)
    page = {
        "promise": promise,
        "partnership": promise.participation.partnership,
        "moves": promise.moves.select_related("moved_by"),
        "reminders": promise.reminders.select_related("to"),
        "has_left": not can_read(promise.owner, request.organisation),
        "may_close": can_close(request.user, promise, may_decide=may_decide),
        "today": timezone.localdate(),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render(request, "decisions/promise.html", page)


def _forms(request: OrganisationRequest, promise: Promise) -> dict[str, VersionedForm]:
    """By the name of the button that sends it; only that one is bound."""
    made: Mapping[str, Callable[..., VersionedForm]] = {
        "close": CloseForm.of,
        "move": MoveForm.of,
        "hand": HandOverForm.of,
    }
    return {name: of(promise, request.POST if name in request.POST else None) for name, of in made.items()}


def _saving(
    request: OrganisationRequest, promise: Promise, name: str, form: Any
) -> tuple[Callable[[], object], Callable[[], VersionedForm], str]:
    """What saves the form, what makes it from what is stored by then, and what is said when it is done."""
    stored = partial(_stored, promise, type(form))
    return partial(DEEDS[name], request, promise, form), stored, DONE[name]


def _stored(promise: Promise, kind: Any) -> VersionedForm:
    form: VersionedForm = kind.of(
        promise.organisation.promises.select_related("participation__organisation").get(pk=promise.pk)
    )
    return form


def _close(request: OrganisationRequest, promise: Promise, form: CloseForm) -> object:
    given = form.cleaned_data
    return close_promise(
        promise=promise,
        by=request.user,
        state=PromiseState(given["state"]),
        closed_on=given["closed_on"],
        evidence=given["evidence"],
        why=given["why"],
        expected_version=given["version"],
    )


def _move(request: OrganisationRequest, promise: Promise, form: MoveForm) -> object:
    given = form.cleaned_data
    return move_promise(
        promise=promise,
        by=request.user,
        due_on=given["due_on"],
        reason=given["reason"],
        expected_version=given["version"],
    )


def _hand(request: OrganisationRequest, promise: Promise, form: HandOverForm) -> object:
    owner = form.people[form.cleaned_data["owner"]]
    return hand_over_promise(
        promise=promise, by=request.user, owner=owner, expected_version=form.cleaned_data["version"]
    )


DEEDS: Mapping[str, Callable[[OrganisationRequest, Promise, Any], object]] = {
    "close": _close,
    "move": _move,
    "hand": _hand,
}
DONE = {"close": "Closed. It stays on record.", "move": "The day has moved.", "hand": "Handed over."}
