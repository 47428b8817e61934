"""Letters that come back later: what a report of a mail server (RFC 3464) says of one of ours.

Anybody can write a report. So each of our letters carries a number of its own that only this service can make for its
address (``number_for``), and the report brings it back in the headings of the letter that it returns: what does not is
about no letter of ours. Whoever has had somebody's letter can forge a report about that one address, and no other.
"""

from __future__ import annotations

import email
import enum
import re
import secrets
from dataclasses import dataclass, field, replace
from email.message import Message
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

# Our letters are a few thousand bytes long, and what returns one whole is not much longer.
MOST_BYTES = 256_000
MOST_WORDS = 200
NUMBER = re.compile(r"<?(survey|letter)\.([0-9a-f]{32})\.([0-9a-f]{64})@[^\s<>@]{1,255}>?")
OF_LETTERS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
REPORTS = ("message/delivery-status", "message/global-delivery-status")
XTEXT = re.compile(r"\+([0-9A-F]{2})")


class Ours(enum.Enum):
    """What a letter of ours belongs to."""

    SURVEY = "survey"
    LETTER = "letter"


class Said(enum.Enum):
    """What a message says of a letter of ours."""

    FOR_GOOD = "for good"
    FOR_NOW = "for now"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Report:
    """``address`` is whom the letter was to, in small letters; "" where it says nothing. ``number`` is the random part
    of what it carried, and ``words`` what the mail server said of why, shortened.
    """

    said: Said
    address: str = ""
    of: Ours = Ours.SURVEY
    number: str = field(default="", compare=False)
    words: str = field(default="", compare=False)


NOTHING = Report(Said.NOTHING)


def new_number() -> str:
    """The random part of a letter's number, which says nothing of whose it is."""
    return secrets.token_hex(16)


def number_for(address: str, *, number: str = "", of: Ours = Ours.SURVEY) -> str:
    """A number for a letter to this address, as its Message-ID; a new one where none was drawn."""
    drawn = number or new_number()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{of.value}.{drawn}.{_proof(drawn, address, of)}@{domain}>"


def report_in(message: bytes) -> Report:
    """What a message says; of anything that is no report about a letter of ours nothing. Raises nothing."""
    if len(message) > MOST_BYTES:
        return NOTHING
    try:
        parts = list(email.message_from_bytes(message).walk())
        ours = _letter_of_ours(parts)
        return _worst(_blocks(parts, ours.address), ours) if ours else NOTHING
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # what no mail server writes
        return NOTHING


def _letter_of_ours(parts: list[Message]) -> Report | None:
    """To whom the letter was that the report returns, and its number, where that proves that it was ours."""
    for part in parts:
        if part.get_content_type() not in OF_LETTERS:
            continue
        content = part.get_payload()
        returned = content[0] if isinstance(content, list) and content else email.message_from_string(str(content))
        if not isinstance(returned, Message):
            continue
        address = parseaddr(str(returned.get("To", "")))[1].lower()
        found = NUMBER.fullmatch(str(returned.get("Message-ID", "")).strip())
        if address and found and constant_time_compare(found[3], _proof(found[2], address, Ours(found[1]))):
            return Report(Said.NOTHING, address, Ours(found[1]), number=found[2])
    return None


def _blocks(parts: list[Message], address: str) -> list[Message]:
    """What is said of the letter to each recipient that is this address."""
    blocks = [
        block
        for part in parts
        if part.get_content_type() in REPORTS and isinstance(part.get_payload(), list)
        for block in part.get_payload()
        if isinstance(block, Message)
    ]
    return [
        block
        for block in blocks
        if address in {_recipient(block, "Original-Recipient"), _recipient(block, "Final-Recipient")}
    ]


def _recipient(block: Message, name: str) -> str:
    """An address as RFC 3464 has it: its kind, a semicolon, and the address, perhaps as xtext (RFC 3461)."""
    said = str(block.get(name, "")).partition(";")[2].strip()
    if name == "Original-Recipient":
        said = XTEXT.sub(lambda found: chr(int(found[1], 16)), said)
    return said.strip("<>").lower()


def _worst(blocks: list[Message], ours: Report) -> Report:
    actions = [str(block.get("Action", "")).strip().lower() for block in blocks]
    # RFC 3464: nobody tries any more, whatever the status says of why: of a mailbox that stayed full it is 4.2.2.
    if "failed" in actions:
        return replace(ours, said=Said.FOR_GOOD, words=_words(blocks[actions.index("failed")]))
    return replace(ours, said=Said.FOR_NOW) if actions else NOTHING


def _words(block: Message) -> str:
    """What the mail server said of why, or its status, in one line."""
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(block.get("Status", ""))
    plain = " ".join("".join(one if one.isprintable() else " " for one in said).split())
    return plain if len(plain) <= MOST_WORDS else f"{plain[: MOST_WORDS - 1]}…"


def _proof(drawn: str, address: str, of: Ours) -> str:
    # Letters of surveys have had no other since before there were others.
    of_what = "" if of is Ours.SURVEY else f"{of.value} "
    return salted_hmac("diagnostics.bounces", f"{of_what}{drawn} {address.lower()}", algorithm="sha256").hexdigest()
