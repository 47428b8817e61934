from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerships.access import OrganisationRequest, organisation_page
from partnerships.actions.invitations import InvitationLink, invite, note_handed_over
from partnerships.forms.invitations import InviteForm
from partnerships.invitation_mail import send_invitation
from partnerships.outgoing_mail import can_send
from partnerships.roles import MANAGE_PEOPLE
from partnerships.views.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=MANAGE_PEOPLE)
def invite_somebody(request: OrganisationRequest) -> HttpResponse:
    """Ask somebody to act for this organisation."""
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            link = invite(
                organisation=request.organisation,
                email=form.cleaned_data["email"],
                roles=form.roles(),
                last_day=form.cleaned_data["last_day"],
                by=request.user,
            )
        except ValidationError as problem:
            form.add_problem(problem)
        else:
            return hand_out(request, link)
    return render(request, "partnerships/invite.html", {"form": form})


def hand_out(request: OrganisationRequest, link: InvitationLink) -> HttpResponse:
    """Send the link, or show it: in the answer to this very request, since it is kept nowhere."""
    address = request.build_absolute_uri(reverse("partnerships:invitation_link", args=[link.secret]))
    by_mail = can_send()
    if by_mail and send_invitation(link, address=address):
        messages.success(request, f"The invitation is on its way to {link.invitation}.")
        return redirect("partnerships:people", request.organisation.code)
    note_handed_over(invitation=link.invitation, by=request.user)
    page = {"invitation": link.invitation, "address": address, "by_mail": by_mail}
    return render(request, "partnerships/invitation_to_hand_over.html", page)
