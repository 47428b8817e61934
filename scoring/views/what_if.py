"""What would happen then? One what-if: levers left, the answer right, its difference from the recommendation on top."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.views.saving import posted
from scoring.actions import delete_what_if, save_what_if, try_on_newest
from scoring.differences import Difference
from scoring.forms import CompareForm, SaveForm, WhatIfForm
from scoring.models import Run, WhatIf, WhatIfState

PAGE = "scoring/what_if.html"
ANSWER = "what-if-answer"
GONE = "scoring/what_if_gone.html"
SOON = datetime.timedelta(seconds=3)


def told_where_gone(page: Callable[[OrganisationRequest, int], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one what-if that says what to do where it is not there, or not any more."""

    @wraps(page)
    def told(request: OrganisationRequest, what_if: int) -> HttpResponse:
        try:
            return page(request, what_if)
        except WhatIf.DoesNotExist:
            if wants_part(request):  # in the place of the answer, which ends its polling
                return render(request, f"{GONE}#{ANSWER}")
            return render(request, GONE, status=404)

    return told


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page()
@told_where_gone
def what_if_page(request: OrganisationRequest, what_if: int) -> HttpResponse:
    """The answer as soon as there is one; its buttons save it, try it on the newest recommendation, or delete it."""
    one = _with_people(request).get(pk=what_if)
    name = SaveForm(initial={"name": one.name})
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
        if "again" in request.POST:
            return _try_again(request, one)
        if "delete" in request.POST:
            return _delete(request, one)
        name = SaveForm(posted(request))
        if name.is_valid() and (saved := _save(request, one, name)):
            if not wants_part(request):
                return _told_of_saving(request, saved, name)
            one = _with_people(request).get(pk=what_if)
    return answered(request, one, name)


def answered(
    request: OrganisationRequest, one: WhatIf, name: SaveForm | None = None, part: str = ANSWER
) -> HttpResponse:
    """The part with the answer for htmx, else the whole page with the levers as they were pulled."""
    now = timezone.now()
    context: dict[str, Any] = {
        "what_if": one,
        "difference": Difference.of(one) if one.state == WhatIfState.DONE else None,
        "newest": newest_run(request),
        "is_delayed": one.is_delayed(now),
        "is_late": one.is_late(now),
        "look_again_after": "3s" if one.is_delayed(now) else "1s" if now - one.requested_at > SOON else "150ms",
        "name_form": name or SaveForm(initial={"name": one.name}),
        "kept_name": _typed_in_vain(one, name),
        "may_delete": bool(one.name) and one.adopted_at is None and request.user.pk == one.saved_by_id,
    }
    if request.method == "POST" or not wants_part(request):
        context |= saved_what_ifs(request)
    if part == "what-if" or not wants_part(request):
        context["form"] = WhatIfForm(run=one.base_run, levers=one.pulled)
    if wants_part(request):
        return render(request, f"{PAGE}#{part}", {**context, "is_part": True, "is_answer": part == ANSWER})
    return render(request, PAGE, context)


def wants_part(request: OrganisationRequest) -> bool:
    """Whether htmx asks for a part; going back to a page that it no longer remembers, it wants all of it."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def newest_run(request: OrganisationRequest) -> Run | None:
    """The run of today's recommendation, without its large columns until they are read."""
    return request.organisation.runs.done().without_documents().latest_first().first()


def saved_what_ifs(request: OrganisationRequest) -> dict[str, Any]:
    """The list below the page, and the form that compares two of it."""
    rows = list(_with_people(request).saved().without_results())
    return {"saved": rows, "compare_form": CompareForm(what_ifs=rows) if len(rows) > 1 else None}


def _with_people(request: OrganisationRequest) -> Any:
    rows = request.organisation.what_ifs.select_related("base_run", "requested_by", "saved_by", "adopted_by")
    return rows.select_related("organisation", "base_run__organisation").defer("base_run__document", "base_run__result")


def _save(request: OrganisationRequest, one: WhatIf, name: SaveForm) -> WhatIf | None:
    """None where the name will not do; the form then says why."""
    try:
        return save_what_if(what_if=one, by=request.user, name=name.cleaned_data["name"])
    except ValidationError as problem:
        name.add_error("name", problem)
        return None


def _told_of_saving(request: OrganisationRequest, saved: WhatIf, name: SaveForm) -> HttpResponse:
    if typed := _typed_in_vain(saved, name):
        messages.info(request, f"It was saved as “{saved.name}” already, so it keeps that name, and not “{typed}”.")
    else:
        messages.success(request, f"Saved as “{saved.name}”.")
    return redirect("scoring:what_if", request.organisation.code, saved.pk)


def _typed_in_vain(one: WhatIf, name: SaveForm | None) -> str:
    """The name that somebody typed for a what-if which another tab had saved under another name."""
    typed = (
        " ".join(str(name.cleaned_data.get("name", "")).split()) if name and name.is_bound and name.is_valid() else ""
    )
    return typed if one.name and typed != one.name else ""


def _try_again(request: OrganisationRequest, one: WhatIf) -> HttpResponse:
    run = newest_run(request) or one.base_run
    try:
        one = try_on_newest(what_if=one, by=request.user, run=run)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
    return redirect(f"{reverse('scoring:what_if', args=[request.organisation.code, one.pk])}#what-if-answer")


def _delete(request: OrganisationRequest, one: WhatIf) -> HttpResponse:
    try:
        delete_what_if(what_if=one, by=request.user)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
        return redirect("scoring:what_if", request.organisation.code, one.pk)
    messages.success(request, f"Deleted “{one.name or 'this what-if'}”.")
    return redirect("scoring:what_ifs", request.organisation.code)
