"""What if we had more, less, other priorities? The levers as the recommendation found them, and what was saved."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.numbers import row_number
from partnerships.views.saving import posted
from scoring.actions import try_what_if
from scoring.forms import WhatIfForm
from scoring.models import Run
from scoring.views.what_if import PAGE, answered, newest_run, saved_what_ifs, wants_part


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page()
def what_ifs(request: OrganisationRequest) -> HttpResponse:
    """The form; posted, it becomes a what-if with an address of its own."""
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
    run = _run(request)
    if run is None:
        return render(request, PAGE, {"form": None})
    form = WhatIfForm(posted(request), run=run)
    if request.method == "POST" and form.is_valid():
        return _try(request, form)
    context = {"form": form, "newest": newest_run(request), **saved_what_ifs(request)}
    if not wants_part(request):
        return render(request, PAGE, context)
    return on_the_whole_page(render(request, f"{PAGE}#what-if", {**context, "is_part": True}))


def on_the_whole_page(response: HttpResponse) -> HttpResponse:
    """Have htmx put a part in the place of the levers and the answer together."""
    response["HX-Retarget"], response["HX-Reswap"] = "#what-if", "outerHTML show:top"
    return response


def _run(request: OrganisationRequest) -> Run | None:
    """The run that the form was filled from, also where a newer one has replaced it; else the newest."""
    done = request.organisation.runs.done()
    named = done.filter(pk=row_number(request.POST.get("base", ""))).first()
    return named or done.latest_first().first()


def _try(request: OrganisationRequest, form: WhatIfForm) -> HttpResponse:
    what_if = try_what_if(organisation=request.organisation, by=request.user, run=form.run, levers=form.levers())
    what_if.refresh_from_db(fields=["sent_at"])  # the broker took it on commit
    address = reverse("scoring:what_if", args=[request.organisation.code, what_if.pk])
    if not wants_part(request):
        return redirect(f"{address}#what-if-answer")
    if "mended" in request.POST:  # the page still shows what was wrong: all of it is drawn anew
        response = on_the_whole_page(answered(request, what_if, part="what-if"))
    else:
        response = answered(request, what_if)
    response["HX-Push-Url"] = address
    return response
