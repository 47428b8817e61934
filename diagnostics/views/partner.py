from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from design.charts import Chart
from diagnostics.partner_charts import partner_chart
from diagnostics.partner_picture import PartnerPicture, partner_picture
from partnerships.access import OrganisationRequest, organisation_page


@require_safe
@organisation_page()
def partner(request: OrganisationRequest) -> HttpResponse:
    """How good a partner are we, over all our partnerships?"""
    picture = partner_picture(request.organisation)
    under_way = request.organisation.survey_rounds.about_us().current().for_list()
    context = {"picture": picture, "chart": _chart(picture), "under_way": under_way}
    return render(request, "diagnostics/partner.html", context)


def _chart(picture: PartnerPicture) -> Chart | None:
    note = "Each partnership counts once. Of a single partnership no range is known, so its line is the whole scale."
    return partner_chart(picture.eight, finding=picture.finding, counted="partnerships", note=note)
