from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.invitations import send_again, withdraw
from partnerships.roles import MANAGE_PEOPLE
from partnerships.views.invite import hand_out


@require_POST
@organisation_page(may=MANAGE_PEOPLE)
def sent_invitation(request: OrganisationRequest, number: int) -> HttpResponse:
    """The buttons beside an invitation on the page of people: send it again, or withdraw it."""
    invitation = get_object_or_404(request.organisation.access_invitations.select_related("organisation"), pk=number)
    wanted = request.POST.get("do")
    try:
        if wanted == "send_again":
            return hand_out(request, send_again(invitation=invitation, by=request.user))
        if wanted == "withdraw":
            withdraw(invitation=invitation, by=request.user)
            messages.success(request, f"The invitation of {invitation} is withdrawn. Its link no longer works.")
        else:
            messages.error(request, "Choose what to do with the buttons on this page.")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("partnerships:people", request.organisation.code)
