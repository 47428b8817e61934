from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.rules import add_rule
from partnerships.forms.rules import RuleForm
from partnerships.models import RuleKind
from partnerships.roles import EDIT
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def add_a_rule(request: OrganisationRequest, kind: str) -> HttpResponse:
    """A new rule of one kind."""
    if kind not in RuleKind.values:
        raise Http404("There is no such kind of rule.")
    form = RuleForm(posted(request), organisation=request.organisation, kind=RuleKind(kind))

    def save() -> None:
        add_rule(organisation=request.organisation, by=request.user, facts=form.facts())

    if saved(request, form, save, lambda: form, done="The rule is saved."):
        return redirect("partnerships:rules", request.organisation.code)
    return render(request, "partnerships/edit_rule.html", {"form": form, "kind": RuleKind(kind)})
