from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions.replies import remove_line, reply_to, reply_version, write_line
from diagnostics.forms.replies import LineForm
from diagnostics.models import Progress
from diagnostics.views.reply import MEANWHILE, round_replied_to
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.editing import ChangedMeanwhile
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def reply_line(request: OrganisationRequest, pk: int, characteristic: str) -> HttpResponse:
    """What did we hear of this one, and what do we do about it?"""
    found = round_replied_to(request, pk)
    named = next((one for one in found.instrument.characteristics if one.code == characteristic), None)
    if named is None:
        raise Http404("There is no such characteristic.")
    written = reply_to(found)
    line = written.lines.filter(characteristic=characteristic).first() if written else None
    removes = request.POST.get("deed") == "remove"
    initial = {name: getattr(line, name) for name in LineForm.base_fields} if line else {"progress": Progress.PLANNED}
    form = LineForm(request.POST if request.method == "POST" and not removes else None, initial=initial)
    if request.method == "POST" and (removes or form.is_valid()):
        change: dict[str, Any] = {"round": found, "characteristic": characteristic, "by": request.user}
        seen = request.POST.get("version", "")
        try:
            if removes:
                remove_line(expected_version=seen, **change)
            else:
                write_line(expected_version=seen, **change, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        except ChangedMeanwhile:
            form.add_error(None, MEANWHILE) if form.is_bound else messages.error(request, MEANWHILE)
        else:
            messages.success(request, "Removed." if removes else "Saved. Partners read it once you publish it.")
        if not form.is_bound or form.is_valid():
            return redirect("diagnostics:reply", request.organisation.code, found.pk)
    context = {
        "round": found,
        "partnership": found.participation.partnership,
        "characteristic": named,
        "line": line,
        "form": form,
        "version": reply_version(written),
    }
    return render(request, "diagnostics/reply_line.html", context)
