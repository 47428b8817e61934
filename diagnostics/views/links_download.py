from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from diagnostics.exports import links_file
from diagnostics.links import link_hash
from diagnostics.views.handing_out import address_of, record_links_taken
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.roles import EDIT


@require_POST
@organisation_page(may=EDIT)
def links_download(request: OrganisationRequest, pk: int) -> HttpResponse:
    """The links that the page before showed, as a file; the page sends them along, since they are kept nowhere."""
    found = get_object_or_404(request.organisation.survey_rounds, pk=pk)
    secrets = {link_hash(secret): secret for secret in request.POST.getlist("secret")}
    invitations = found.invitations.of_people().filter(handed_hash__in=secrets).order_by("name", "email")
    rows = [(one, address_of(request, secrets[one.handed_hash or ""])) for one in invitations]
    record_links_taken(request, found, rows=len(rows))
    response = HttpResponse(links_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="survey-links-{found.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response
