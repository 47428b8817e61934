"""What do we promise in this partnership, who sees to it, and by when?"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions import make_promise
from decisions.forms import PromiseForm
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import DECIDE
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def make_promise_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    form = PromiseForm(posted(request), participation=participation, person=request.user)
    if request.method == "POST" and form.is_valid():
        decision = participation.decisions.all().current().first()
        try:
            promise = make_promise(
                participation=participation, by=request.user, promised=form.promised(), decision=decision
            )
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, f"On record: due on {promise.due_on:%-d %B %Y}, {promise.owner} sees to it.")
            return redirect("decisions:decision", request.organisation.code, slug)
    page = {"form": form, "participation": participation, "partnership": participation.partnership}
    return render(request, "decisions/make_promise.html", page)
