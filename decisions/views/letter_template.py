"""Which words do our letters begin with? One kind of letter: the organisation's own template, or the service's."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from decisions.actions.letters import restore_template, write_template
from decisions.forms import LetterTemplateForm
from decisions.letter_fields import sounds_like_scores
from decisions.models import KindOfLetter, LetterTemplate
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def letter_template(request: OrganisationRequest, kind: str) -> HttpResponse:
    if kind not in KindOfLetter.values:
        raise Http404("There is no letter of this kind.")
    chosen, organisation = KindOfLetter(kind), request.organisation
    if "restore" in request.POST:
        restore_template(organisation=organisation, by=request.user, kind=chosen)
        messages.success(request, "The letter begins with the words of the service again.")
        return redirect("decisions:letter_template", organisation.code, kind)
    form = LetterTemplateForm.of(organisation, chosen, posted(request))

    def save() -> LetterTemplate:
        facts = {"expected_version": form.cleaned_data["version"], "kind": chosen}
        words = {"subject": form.cleaned_data["subject"], "body": form.cleaned_data["body"]}
        return write_template(organisation=organisation, by=request.user, **facts, **words)

    if saved(request, form, save, lambda: LetterTemplateForm.of(organisation, chosen), "The template is saved."):
        return redirect("decisions:letter_template", organisation.code, kind)
    own = {one.kind: one for one in LetterTemplate.objects.filter(organisation=organisation)}
    page = {
        "form": form,
        "kind": chosen,
        "kinds": KindOfLetter,
        "own": own.get(chosen),
        "shares_own": chosen == KindOfLetter.LEAVE and KindOfLetter.DECLINE in own,
        "sounds": sounds_like_scores(str(form["body"].value() or "")),
    }
    return render(request, "decisions/letter_template.html", page)
