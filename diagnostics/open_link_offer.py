"""What is said of a survey's open link: how many have it, have started and have answered, all of them together.

How many have started is said at once: it tells of nobody what they answered, or that they did. Who has answered is
found out as of everybody else, for several people at once (``diagnostics.completion``).
"""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.keys import KeyMissingError, keys_of
from diagnostics.models import OpenLink, Round, RoundState, Subject
from partnerships.models import Participation


@dataclass(frozen=True)
class Offer:
    """``secret`` is what the link carries; empty while it leads nowhere."""

    link: OpenLink
    asked: int
    answered: int
    secret: str

    @property
    def is_offered(self) -> bool:
        return not self.link.is_withdrawn


def offer_of(round_: Round) -> Offer | None:
    """None where no open link was offered, or was withdrawn before anybody had started."""
    link = OpenLink.objects.filter(round=round_).first()
    if link is None:
        return None
    seats = round_.invitations.seats().order_by()
    asked = seats.count()
    if link.is_withdrawn and not asked:
        return None
    return Offer(link, asked, seats.filter(completed=True).count(), _secret(round_, link))


def offered_last_time(participation: Participation, subject: Subject = Subject.PARTNERSHIP) -> int | None:
    """How many had the open link of a partnership's last closed survey of this subject; None where there was none."""
    last = participation.survey_rounds.filter(subject=subject).closed().order_by("-closed_at", "-pk").first()
    link = OpenLink.objects.filter(round=last, is_withdrawn=False).first() if last else None
    return link.seats if link else None


def _secret(round_: Round, link: OpenLink) -> str:
    if round_.state != RoundState.OPEN or link.link_hash is None:
        return ""
    try:
        return keys_of(round_).secret_of_open_link(link.link_number)
    except KeyMissingError:
        return ""
