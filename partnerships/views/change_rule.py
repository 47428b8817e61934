from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.rules import change_rule, remove_rule
from partnerships.forms.rules import RuleForm
from partnerships.models import RuleKind
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def change_a_rule(request: OrganisationRequest, number: int) -> HttpResponse:
    """Change one rule; a second button removes it."""
    organisation = request.organisation
    rule = get_object_or_404(organisation.rules.in_full(), pk=number)
    kind = RuleKind(rule.kind)
    if "remove" in request.POST:
        if remove_rule(rule=rule, by=request.user):
            messages.success(request, f"Removed: {rule.in_words()}. It stays on record under removed rules.")
        return redirect("partnerships:rules", organisation.code)
    form = RuleForm(posted(request), organisation=organisation, kind=kind, rule=rule)

    def save() -> None:
        change_rule(rule=rule, by=request.user, facts=form.facts(), expected_version=form.cleaned_data["version"])

    def stored() -> RuleForm:
        return RuleForm(organisation=organisation, kind=kind, rule=organisation.rules.get(pk=number))

    if saved(request, form, save, stored, done="The rule is saved."):
        return redirect("partnerships:rules", organisation.code)
    return render(request, "partnerships/edit_rule.html", {"form": form, "kind": kind, "rule": rule})
