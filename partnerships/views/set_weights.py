from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.criteria import set_weights
from partnerships.forms.criteria import WeightsForm
from partnerships.numbers import row_number
from partnerships.roles import DECIDE
from partnerships.views.saving import posted, saved


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def set_my_weights(request: OrganisationRequest) -> HttpResponse:
    """The signed-in decision maker's own points, read back as a question on each list before they are saved."""
    organisation = request.organisation
    order, way_order = (_ids(request.GET.get(name, "")) for name in ("order", "ways"))
    asked: dict[str, Any] = {
        "organisation": organisation,
        "person": request.user,
        "order": order,
        "way_order": way_order,
    }
    form = WeightsForm(posted(request), **asked)
    answer = request.POST.get("answer", "")
    if not answer and form.is_bound and form.is_valid() and (questions := form.questions()):
        return render(request, "partnerships/confirm_weights.html", {"form": form, "questions": questions})

    def save() -> None:
        set_weights(
            organisation=organisation,
            by=request.user,
            objective_points=form.objective_points(),
            way_points=form.way_points(),
            expected_version=form.cleaned_data["version"],
        )

    def stored() -> WeightsForm:
        return WeightsForm(**asked)

    if answer != "no" and saved(request, form, save, stored, done=form.done()):
        return redirect("partnerships:criteria", organisation.code)
    return render(request, "partnerships/set_weights.html", {"form": form})


def _ids(text: str) -> list[int]:
    """The order in which to ask, as far as the address names one."""
    return [number for part in text.split(",") if (number := row_number(part))]
