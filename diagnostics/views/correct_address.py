from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from diagnostics.actions import correct_address as correct
from diagnostics.actions import issue_link
from diagnostics.forms.rounds import AddressForm
from diagnostics.models import RoundState
from diagnostics.views.handing_out import hand_out
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.outgoing_mail import can_send
from partnerships.roles import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=EDIT)
def correct_address(request: OrganisationRequest, pk: int, invitation: int) -> HttpResponse:
    """Where does this person read their mail? They are sent their link at once, or it is shown to be handed out."""
    rounds = request.organisation.survey_rounds.filter(state=RoundState.OPEN)
    found = get_object_or_404(rounds.select_related("participation__partnership"), pk=pk)
    person = get_object_or_404(found.invitations.of_people().waiting(), pk=invitation)
    form = AddressForm(request.POST or None, initial={"email": person.email})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # no address is changed for which no link is given, which is on the record
                mended = correct(invitation=person, by=request.user, **form.cleaned_data)
                link = issue_link(invitation=mended, by=request.user, by_hand=not can_send())
        except ValidationError as problem:
            form.add_error("email", problem.messages)
        else:
            return hand_out(request, [found], [link], by_email=can_send(), new=True, corrected=True)
    context = {"form": form, "round": found, "person": person, "partnership": found.participation.partnership}
    return render(request, "diagnostics/correct_address.html", context)
