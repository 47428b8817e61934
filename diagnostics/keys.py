"""The keys of open surveys: a file each in a folder that is no part of the database, gone when the survey closes.

A survey has two keys, drawn when it opens. Under the one each invitation has its link, under the other the key of its
response. Whoever holds the database has invitations on one side and responses on the other, and needs this file to join
them; once it is destroyed nobody can, with any backup of the database and with a link in hand.

Every process of the application reads the same folder (``SURVEY_KEYS``). It is not to be backed up: a lost key ends a
survey before its day, a kept one breaks the promise.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from diagnostics.models import Invitation, Round

KEY_BYTES = 32
A_DAY = 24 * 60 * 60
NAME = re.compile(r"(?P<organisation>[0-9]+)-(?P<round>[0-9]+)\.key")


class KeyMissingError(LookupError):
    """The survey has no key here: it is not open, or the folder of keys was lost."""


@dataclass(frozen=True)
class RoundKeys:
    """Two keys of 32 bytes each."""

    links: bytes
    responses: bytes

    def secret_of(self, invitation: Invitation) -> str:
        """What the personal link of an invitation carries: 256 bits, the same each time until it gets a new link."""
        return _in_address(_hmac(self.links, f"{invitation.pk}.{invitation.link_number}"))

    def handed_secret_of(self, invitation: Invitation) -> str:
        """What the link carries that somebody is shown to hand out: its person begins with it, once."""
        return _in_address(_hmac(self.links, f"handed.{invitation.pk}.{invitation.link_number}"))

    def secret_to_give(self, invitation: Invitation) -> str:
        """What the link carries that an invitation's person is given: once handed out, no letter has their own."""
        return self.handed_secret_of(invitation) if invitation.is_handed_out else self.secret_of(invitation)

    def secret_of_open_link(self, number: int) -> str:
        """What the open link carries that has been replaced so many times."""
        return _in_address(_hmac(self.links, f"open.{number}"))

    def place_of(self, seat: Invitation) -> bytes:
        """Where a seat stands among those of its batch: in an order that nobody without the key can tell."""
        return _hmac(self.links, f"seat.{seat.pk}")

    def response_key_of(self, invitation: Invitation) -> str:
        """The key of what is answered with the link that an invitation has now, as 64 hexadecimal digits.

        Another link leads to another response: who gets one, or is shown it, reads nothing of what was begun before.
        """
        return self.response_keys_of(invitation)[-1]

    def response_keys_of(self, invitation: Invitation) -> list[str]:
        """The same for every link that an invitation has had, the newest last."""
        numbers = range(invitation.link_number + 1)
        return [_hmac(self.responses, f"{invitation.pk}.{number}").hex() for number in numbers]


def draw_keys(round: Round) -> RoundKeys:
    """New keys for a survey that opens, in place of any that were left. Held safe on the disk when this returns."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drawn = secrets.token_bytes(2 * KEY_BYTES)
    beside = folder / f"{secrets.token_hex(8)}.new"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(drawn)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(_file(round.organisation_id, round.pk))
    return RoundKeys(drawn[:KEY_BYTES], drawn[KEY_BYTES:])


def keys_of(round: Round) -> RoundKeys:
    """Raises KeyMissingError."""
    try:
        kept = _file(round.organisation_id, round.pk).read_bytes()
    except FileNotFoundError:
        kept = b""
    if len(kept) != 2 * KEY_BYTES:
        raise KeyMissingError(f"There is no key for the survey {round.pk}.")
    return RoundKeys(kept[:KEY_BYTES], kept[KEY_BYTES:])


def has_keys(round: Round) -> bool:
    try:
        keys_of(round)
    except KeyMissingError:
        return False
    return True


def destroy_keys(organisation_id: int, round_id: int) -> None:
    """Write over the file and remove it; nothing where there is none."""
    file = _file(organisation_id, round_id)
    try:
        with file.open("r+b") as opened:
            opened.write(bytes(2 * KEY_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()
    except FileNotFoundError:
        return


def are_old(organisation_id: int, round_id: int) -> bool:
    """Whether these were drawn more than a day ago: no transaction that opens their survey is still under way."""
    try:
        return time.time() - _file(organisation_id, round_id).stat().st_mtime > A_DAY
    except FileNotFoundError:
        return False


def kept_keys() -> Iterator[tuple[int, int]]:
    """Of which surveys there are keys here, as the numbers of their organisation and of themselves."""
    folder = _folder()
    names = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        if match := NAME.fullmatch(name):
            yield int(match["organisation"]), int(match["round"])


def _folder() -> Path:
    return Path(settings.SURVEY_KEYS)


def _file(organisation_id: int, round_id: int) -> Path:
    return _folder() / f"{int(organisation_id)}-{int(round_id)}.key"


def _in_address(made: bytes) -> str:
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), "sha256")
