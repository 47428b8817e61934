"""What did the partner reply, and what do we do about it?"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions.kind_noes import last_pack, record_reply
from decisions.forms import ReplyForm
from decisions.saying_no import last_decision, says_no
from decisions.views.kind_no import nothing_to_say
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import DECIDE
from partnerships.views.saving import posted
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def reply_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    decision = last_decision(participation)
    no_counts = decision is not None and says_no(decision)
    if not no_counts and last_pack(participation) is None:
        return nothing_to_say(request, participation)
    form = ReplyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            record_reply(participation=participation, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_problems(problem)
        else:
            messages.success(request, "The reply is recorded.")
            return redirect("decisions:kind_no", request.organisation.code, slug)
    about = {"participation": participation, "partnership": participation.partnership}
    context = about | {"form": form, "heading": "What they replied"}
    return render(request, "decisions/record_of_a_no.html", context)
