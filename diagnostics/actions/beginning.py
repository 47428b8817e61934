"""Beginning with a link that was handed out: there is no ``by``, and nothing that tells who it was."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import QuerySet

from diagnostics.access import LinkRefusedError, Refusal
from diagnostics.actions.answering import begin_response, check_place
from diagnostics.handed_access import check_not_begun, digest_of, invitation_handed, respondent_of
from diagnostics.links import Link, Respondent
from diagnostics.models import Invitation, Response, Round
from partnerships.isolation import acting_on_response


@transaction.atomic
def begin_with_handed_link(*, link: Link, form: str, place: str) -> Link:
    """Begin a response where somebody works, and give whoever does the link that is theirs alone; the same form is
    given it again until something is answered, also where it comes with another place: the last one counts.

    The response begins as that of somebody who has a letter does: with their place. The invitation is not written to.
    Raises LinkRefusedError where the link does not work any more, or has been used, and ValidationError for an unknown
    place.
    """
    invitation = _held(link)
    check_place(invitation.round, place)
    respondent, begun_with = respondent_of(invitation), digest_of(form or secrets.token_urlsafe())
    with acting_on_response(respondent.response_key):
        if not _has_begun(respondent, begun_with):
            _check_not_begun_otherwise(invitation, respondent, begun_with)
            begin_response(respondent, invitation.round, begun_with=begun_with)
            Response.objects.filter(key=respondent.response_key, begun_with=begun_with, place="").update(place=place)
            if not _has_begun(respondent, begun_with):  # another browser has at the same moment
                raise LinkRefusedError(Refusal.BEGUN, invitation.round)
        _begun(respondent, begun_with).update(place=place)
    return respondent.link


def _held(link: Link) -> Invitation:
    """The invitation, whose survey does not close until this transaction ends, as it is once that is held."""
    found = invitation_handed(link)
    if Round.objects.held_open(found.round_id) is None:
        raise LinkRefusedError(Refusal.UNKNOWN)
    return invitation_handed(link)


def _check_not_begun_otherwise(invitation: Invitation, respondent: Respondent, begun_with: str) -> None:
    """Raise LinkRefusedError where it has been begun with another form; the same one may be sent at this moment."""
    try:
        check_not_begun(invitation)
    except LinkRefusedError:
        if not _has_begun(respondent, begun_with):
            raise


def _has_begun(respondent: Respondent, begun_with: str) -> bool:
    return _begun(respondent, begun_with).exists()


def _begun(respondent: Respondent, begun_with: str) -> QuerySet[Response]:
    """What was begun with this form, where nothing has been answered, or withdrawn, since."""
    rows = Response.objects.filter(key=respondent.response_key, begun_with=begun_with).exclude(place="")
    return rows.filter(answers__isnull=True)
