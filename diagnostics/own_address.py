"""The address of somebody who started with an open link, or with one that was handed out, to go on with later or
elsewhere: for themselves alone.

It follows from the survey's key and is kept nowhere; it stands on their own pages while the survey is open.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from design.qr_codes import QrCode, qr_code
from diagnostics.access import RespondentRequest
from diagnostics.keys import keys_of
from diagnostics.links import link_hash


@dataclass(frozen=True)
class OwnAddress:
    address: str
    code: QrCode


def own_address(request: RespondentRequest) -> OwnAddress | None:
    """None for who has it in a letter, and where a new key of the survey or a new link leads elsewhere."""
    if request.respondent.is_replaced or not (request.invitation.is_seat or request.invitation.is_handed_out):
        return None
    secret = keys_of(request.round).secret_of(request.invitation)
    if link_hash(secret) != request.invitation.link_hash:
        return None
    address = request.build_absolute_uri(reverse("diagnostics:personal_link", args=[secret]))
    return OwnAddress(address, qr_code(address))
