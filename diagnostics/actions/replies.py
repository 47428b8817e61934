"""Replying to partners: what was heard, what is done about it, publishing that, and taking it back."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from diagnostics import tasks
from diagnostics.actions.issuing import RoundRefusedError
from diagnostics.models import PartnerReply, Progress, ReplyLine, Round, Subject
from diagnostics.models.replies import new_token, token_hash
from diagnostics.replying import can_tell
from diagnostics.results import RoundResults, results_of
from partnerships.access import check_can_edit
from partnerships.editing import check_version, version_of
from partnerships.models import Person
from partnerships.saving import save_checked


def reply_to(round_: Round) -> PartnerReply | None:
    """What is written, or was published, about a survey of partners."""
    return PartnerReply.objects.filter(round=round_).first()


def reply_version(reply: PartnerReply | None) -> str:
    """A short name for exactly what is written now, which tells whether somebody changed it meanwhile."""
    if reply is None:
        return version_of([])
    lines = reply.lines.values_list("characteristic", "heard", "doing", "progress", "on_day")
    return version_of([reply.opening, reply.shows_means, reply.publishing, reply.withdrawn_at, *lines])


@transaction.atomic
def write_reply(*, round: Round, opening: str, shows_means: bool, by: Person, expected_version: str) -> PartnerReply:
    """Say what comes first in the reply, and whether partners’ means are shown. Nobody outside reads it yet.

    Raises RoundRefusedError where no results of partners are shown, ValidationError, or ChangedMeanwhile.
    """
    reply = _held(round, by, expected_version)
    reply.opening, reply.shows_means = opening, shows_means
    save_checked(reply)
    return reply


@transaction.atomic
def write_line(
    *,
    round: Round,
    characteristic: str,
    heard: str,
    doing: str,
    progress: Progress,
    on_day: datetime.date | None,
    by: Person,
    expected_version: str,
) -> ReplyLine:
    """Say of one characteristic what was heard and what is done about it. Raises as ``write_reply`` does."""
    reply = _held(round, by, expected_version)
    if characteristic not in {one.code for one in round.instrument.characteristics}:
        raise ValidationError("Choose one of the eight characteristics.")
    line = reply.lines.filter(characteristic=characteristic).first() or ReplyLine(
        organisation_id=reply.organisation_id, reply=reply, characteristic=characteristic
    )
    line.heard, line.doing, line.progress, line.on_day = heard, doing, progress, on_day
    save_checked(line)
    return line


@transaction.atomic
def remove_line(*, round: Round, characteristic: str, by: Person, expected_version: str) -> None:
    """Say nothing of this characteristic any more. Raises as ``write_reply`` does."""
    _held(round, by, expected_version).lines.filter(characteristic=characteristic).delete()


@transaction.atomic
def publish_reply(*, round: Round, by: Person, tell: bool, expected_version: str) -> PartnerReply:
    """Have partners read what is written now; ``tell`` writes to those who were asked, once each.

    The first time everybody is told. One that was withdrawn gets a new address, so that the old one stays dead.
    Raises ValidationError where nothing is said, and as ``write_reply`` does.
    """
    reply = _held(round, by, expected_version)
    copy = _copy(reply, round, results_of(round))
    if not copy["lines"]:
        raise ValidationError("Say of at least one characteristic what you heard and what you do about it.")
    if reply.withdrawn_at is not None:
        reply.token = new_token()
        reply.link_hash = token_hash(reply.token)
        reply.withdrawn_at = reply.withdrawn_by = None
    reply.published, reply.published_at, reply.published_by = copy, timezone.now(), by
    reply.publishing += 1
    reply.letters_waiting = can_tell() and (tell or reply.publishing == 1)
    save_checked(reply)
    if reply.letters_waiting:
        transaction.on_commit(partial(tasks.have_replies_sent, reply.organisation_id))
    return reply


@transaction.atomic
def withdraw_reply(*, round: Round, by: Person, expected_version: str) -> PartnerReply:
    """Have nobody read it any more, and write to nobody about it. Raises as ``write_reply`` does."""
    reply = _held(round, by, expected_version)
    if not reply.is_public:
        raise ValidationError("This reply is not published, so there is nothing to withdraw.")
    reply.withdrawn_at, reply.withdrawn_by, reply.letters_waiting = timezone.now(), by, False
    save_checked(reply)
    return reply


def _held(round_: Round, by: Person, expected_version: str) -> PartnerReply:
    """The reply to this survey, begun where there is none, kept as it is until this transaction ends."""
    check_can_edit(by, round_.organisation)
    locked = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if locked.subject != Subject.BY_PARTNERS or not locked.shows_results:
        raise RoundRefusedError("A reply is to a survey of partners that has closed with enough answers.")
    reply = PartnerReply.objects.select_for_update(of=("self",)).filter(round=locked).first()
    check_version(expected_version, reply_version(reply))
    if reply is None:
        token = new_token()
        reply = PartnerReply(
            organisation_id=locked.organisation_id,
            participation_id=locked.participation_id,
            round=locked,
            token=token,
            link_hash=token_hash(token),
            created_by=by,
        )
        save_checked(reply)
    return reply


def _copy(reply: PartnerReply, round_: Round, results: RoundResults | None) -> dict[str, Any]:
    """What partners will read: of the means only what the results themselves show."""
    written = {line.characteristic: line for line in reply.lines.all()}
    shown = results.characteristics if results and reply.shows_means else []
    return {
        "opening": reply.opening,
        "lines": [
            {
                "name": one.name,
                "heard": written[one.code].heard,
                "doing": written[one.code].doing,
                "progress": Progress(written[one.code].progress).label,
                "on_day": _as_text(written[one.code].on_day),
            }
            for one in round_.instrument.characteristics
            if one.code in written
        ],
        "means": [[line.name, f"{line.estimate.mean:.1f}"] for line in shown if line.estimate],
        "answered": [results.answered, results.invited] if results and reply.shows_means else [],
    }


def _as_text(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
