from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.register_drafts import add_drafts_from_register
from partnerships.forms.start import StartForm
from partnerships.models import Partnership
from partnerships.register_choices import register_choices
from partnerships.roles import EDIT

TEMPLATE = "partnerships/start.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page(may=EDIT)
def start(request: OrganisationRequest) -> HttpResponse:
    """Which partnerships do the public registers already show for us? Those ticked become drafts.

    Looking for a network is a post too, so that nothing ticked is lost: htmx gets the list alone, a plain form is sent
    on to an address that says what is ticked.
    """
    today = timezone.localdate()
    choices = register_choices(request.organisation, today)
    form = StartForm(request, choices)
    if request.method == "POST" and "look" in request.POST:
        if request.htmx:
            return render(request, f"{TEMPLATE}#near-networks", {"form": form})
        return redirect(f"{reverse('partnerships:start', args=[request.organisation.code])}?{form.query()}#near")
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return redirect("partnerships:portfolio", request.organisation.code)
    gone = request.organisation.gone_since()
    page = {
        "form": form,
        "choices": choices,
        "gone_since": gone if gone and gone <= today else None,
        "successor_is_yours": gone is not None and request.organisation.successor in request.user.organisations,
        "has_registers": bool(choices) or Partnership.objects.of_registers().exists(),
    }
    return render(request, TEMPLATE, page)


def _added(request: OrganisationRequest, form: StartForm) -> bool:
    try:
        added = add_drafts_from_register(organisation=request.organisation, partnerships=form.chosen, by=request.user)
    except ValidationError as problem:
        for text in problem.messages:
            form.add_error(text)
        return False
    if added:
        number = "1 partnership is" if len(added) == 1 else f"{len(added)} partnerships are"
        messages.success(
            request, f"{number} added in draft. Next, say of each what it is for and how patients benefit."
        )
    else:
        messages.info(request, "All of these were in your portfolio already.")
    return True
