"""Beginning with a link that was handed out: there is no ``by``, and nothing that tells who it was."""

from __future__ import annotations

import secrets

from django.db import transaction

from diagnostics.access import LinkRefusedError, Refusal
from diagnostics.actions.answering import begin_response
from diagnostics.handed_access import check_not_begun, digest_of, invitation_handed, respondent_of
from diagnostics.links import Link, Respondent
from diagnostics.models import Invitation, Response, Round
from partnerships.isolation import acting_on_response


@transaction.atomic
def begin_with_handed_link(*, link: Link, form: str) -> Link:
    """Begin a response, and give whoever does the link that is theirs alone; the same form is given it again until
    something is answered.

    The invitation is not written to. Raises LinkRefusedError where the link does not work any more, or has been used.
    """
    invitation = _held(link)
    respondent, begun_with = respondent_of(invitation), digest_of(form or secrets.token_urlsafe())
    with acting_on_response(respondent.response_key):
        if not _has_begun(respondent, begun_with):
            check_not_begun(invitation)
            begin_response(respondent, invitation.round, begun_with=begun_with)
            if not _has_begun(respondent, begun_with):  # another browser has at the same moment
                raise LinkRefusedError(Refusal.BEGUN, invitation.round)
    return respondent.link


def _held(link: Link) -> Invitation:
    """The invitation, whose survey does not close until this transaction ends, as it is once that is held."""
    found = invitation_handed(link)
    if Round.objects.held_open(found.round_id) is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    return invitation_handed(link)


def _has_begun(respondent: Respondent, begun_with: str) -> bool:
    """With this form, and nothing has been answered since."""
    rows = Response.objects.filter(key=respondent.response_key, begun_with=begun_with)
    return rows.filter(answers__isnull=True).exists()
