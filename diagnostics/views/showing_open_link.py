"""What the pages and files of an open link show: its address and its QR code, while it works."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from design.qr_codes import qr_code
from diagnostics.models import Round
from diagnostics.open_link_offer import offer_of
from diagnostics.views.handing_out import address_of
from partnerships.access import OrganisationRequest


def round_of(request: OrganisationRequest, pk: int) -> Round:
    """A survey of the organisation. Raises Http404."""
    return get_object_or_404(request.organisation.survey_rounds.select_related("participation__partnership"), pk=pk)


def shown(request: OrganisationRequest, found: Round) -> dict[str, Any]:
    """The offer, and its ``address`` and ``code``: "" and None while it leads nowhere."""
    offer = offer_of(found)
    address = address_of(request, offer.secret) if offer and offer.secret else ""
    return {
        "round": found,
        "partnership": found.participation.partnership,
        "offer": offer,
        "address": address,
        "code": qr_code(address) if address else None,
    }
