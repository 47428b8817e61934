"""The letter of a kind no: writing it, sending it, taking it back while it waits, and an organisation's own templates.

A letter that was sent leaves some minutes later (``decisions.sending``). Until it is taken for sending it can be taken
back: both are conditional UPDATEs of one row, so that exactly one of the two happens.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.actions.kind_noes import begun
from decisions.letter_facts import facts_of, in_a_sentence, to_be_asked
from decisions.letter_fields import check_template, left_open, says
from decisions.models import KindNo, KindOfLetter, KindOfNo, Letter, LetterState, LetterTemplate, WhyHeld
from decisions.recipients import left_on
from decisions.saying_no import (
    ToBeSaid,
    first_words,
    last_decision,
    letter_of,
    said_in,
    says_no,
    template_of,
    to_be_said,
)
from partnerships.access import check_can_decide, check_can_edit
from partnerships.actions.organisations import hold
from partnerships.actions.participations import locked
from partnerships.editing import check_version, version_of
from partnerships.models import Organisation, Participation, Person
from partnerships.outgoing_mail import can_send
from partnerships.saving import save_checked

WAITS = "This letter is on its way and cannot be changed. Take it back first, then write in it."
NO_NO_COUNTS = (
    "This letter says no, and what is decided now does not. Take it back. Where the partner knows of the no already, "
    "tell them what has changed."
)
A_NO_COUNTS = "This letter says that you have changed your mind, and what is decided now says no again. Take it back."
# What a draft says of the way that it has not gone yet.
NOT_ON_ITS_WAY: dict[str, Any] = {
    "asked_by": None,
    "asked_at": None,
    "send_after": None,
    "taken_at": None,
    "sent_at": None,
    "returned_at": None,
    "server_said": "",
    "mail_number": "",
    "held_because": "",
    "trouble": "",
    "last_word": None,
    "although_left": False,
}


@dataclass(frozen=True)
class Words:
    """What a letter says, and to whom; ``recipient`` is the number of a member, None for nobody in particular."""

    recipient: int | None
    recipient_name: str
    email: str
    address: str
    subject: str
    body: str

    @classmethod
    def of(cls, letter: Letter) -> Words:
        return cls(
            letter.recipient_id,
            letter.recipient_name,
            letter.email,
            letter.address,
            letter.subject,
            letter.body,
        )


def letter_version(said: ToBeSaid) -> str:
    """A short name for exactly what the letter says that is to be written now, and where it stands."""
    letter = said.letter
    return version_of([said.decision.pk, said.kind, *([letter.state, *astuple(Words.of(letter))] if letter else [])])


def hold_to_be_said(participation: Participation) -> ToBeSaid:
    """What there is to write about, held until the transaction ends. Raises ValidationError where there is nothing."""
    said = to_be_said(locked(participation))
    if said is None:
        raise ValidationError(
            "The decision has changed: it does not decline or step down any more, and nobody was told so. Copy what "
            "you typed if you need it, then read the decision."
        )
    return said


def _held(letter: Letter) -> Letter:
    """As it is stored now, until the transaction ends."""
    known = ("recipient", "participation__partnership", "kind_no")
    return Letter.objects.select_for_update(of=("self",)).select_related(*known).get(pk=letter.pk)


@transaction.atomic
def write_letter(
    *,
    participation: Participation,
    by: Person,
    expected_version: str,
    words: Words,
    filled_from: Mapping[str, str] | None = None,
) -> Letter:
    """Write the letter of the decision that counts, or the one that says that it is a no no more. Exactly the same once
    more changes nothing. ``filled_from`` are the facts that the words were written from (``facts_of``), where they are
    others than before or today's. Raises ValidationError where it is on its way, and ChangedMeanwhile.
    """
    check_can_decide(by, participation.organisation)
    said = hold_to_be_said(participation)
    letter = _held(said.letter) if said.letter else None
    if letter is not None and Words.of(letter) == words:
        return letter
    if letter is not None:
        _check_can_be_written(letter)
    check_version(expected_version, letter_version(said))
    pack = said.pack or begun(said.decision, by)
    letter = letter or _new(pack, said.kind, facts_of(replace(said, pack=pack)))
    if filled_from is not None:
        letter.filled_from = dict(filled_from)
    letter.recipient_id = words.recipient
    for name in ("recipient_name", "email", "address", "subject", "body"):
        setattr(letter, name, getattr(words, name))
    save_checked(letter)
    return letter


def _new(pack: KindNo, kind: KindOfLetter, filled_from: Mapping[str, str]) -> Letter:
    """One that follows the last of its pack."""
    return Letter(
        organisation=pack.organisation,
        participation=pack.participation,
        kind_no=pack,
        kind=kind,
        follows=letter_of(pack),
        filled_from=dict(filled_from),
    )


@transaction.atomic
def begin_correction(*, participation: Participation, by: Person, letter: Letter) -> Letter:
    """Begin a further letter that names the one that was sent, to the same person. Where one has been begun it is that
    one. Raises ValidationError.
    """
    check_can_decide(by, participation.organisation)
    said = hold_to_be_said(participation)
    if said.letter is not None and said.letter.follows_id == letter.pk:
        return said.letter
    if said.letter is None or said.letter.pk != letter.pk or said.letter.state != LetterState.SENT or not said.pack:
        raise ValidationError("Only a letter that was sent last can be followed by another. Read where it stands.")
    before, kind = said.letter, KindOfLetter.CORRECTED
    further = _new(said.pack, kind, facts_of(said))
    for name in ("recipient", "recipient_name", "email", "address"):
        setattr(further, name, getattr(before, name))
    name = before.recipient_name
    further.subject, further.body = first_words(said, name=name, signatory=by, kind=kind, after=before)
    save_checked(further)
    return further


@transaction.atomic
def drop_draft(*, letter: Letter, by: Person) -> None:
    """Take away a further letter that nobody has sent; the record keeps what it said. Raises ValidationError."""
    check_can_decide(by, letter.organisation)
    current = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk).first()
    if current is None:
        return
    if current.state != LetterState.DRAFT or current.follows_id is None:
        raise ValidationError("Only a further letter that is still a draft can be taken away.")
    current.delete()


@transaction.atomic
def send_letter(
    *,
    participation: Participation,
    by: Person,
    words: Words,
    although_left: bool = False,
    without_reason: bool = False,
    without_continues: bool = False,
    as_it_is: bool = False,
) -> Letter:
    """Have the letter leave once it has been held. It has to say what was read: ``words``. One that waits already stays
    so. Raises ValidationError with what to do, also where it says no and nothing of why, a smaller part and nothing of
    what continues, or what has changed since it was written, unless that is meant.
    """
    check_can_decide(by, participation.organisation)
    said = hold_to_be_said(participation)
    if said.letter is None:
        raise ValidationError("The letter is not there any more. Load the page again.")
    letter = _held(said.letter)
    if letter.state in {LetterState.WAITING, LetterState.TAKEN, LetterState.SENT} and Words.of(letter) == words:
        return letter
    _check_can_be_written(letter)
    if Words.of(letter) != words:
        raise ValidationError("Somebody else changed the letter just now. Read it, then send it.")
    meant = {
        name
        for name, is_meant in (
            ("although_left", although_left),
            ("without_reason", without_reason),
            ("without_continues", without_continues),
            ("as_it_is", as_it_is),
        )
        if is_meant
    }
    _check_can_leave(letter, meant)
    now = timezone.now()
    Letter.objects.all().move(
        letter.pk,
        LetterState.WAITING,
        since=LetterState.DRAFT,
        asked_by=by,
        asked_at=now,
        send_after=now + held_for(),
        last_word=participation.decisions.all().last_words().get(),
        although_left=although_left and bool(left_on(letter, timezone.localdate(now))),
        filled_from=facts_of(said),
    )
    letter.refresh_from_db()
    return letter


def _check_can_be_written(letter: Letter) -> None:
    if letter.state in {LetterState.SENT, LetterState.TAKEN}:
        raise ValidationError("This letter has left and stays as it was sent. Copy what you typed if you need it.")
    if not letter.can_be_written:
        raise ValidationError(WAITS)


def held_for() -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.LETTER_HOLD_MINUTES)


def _check_can_leave(letter: Letter, meant: Collection[str]) -> None:
    """``meant`` names what somebody has ticked."""
    errors: dict[str, str] = {}
    for name, words in (
        ("recipient_name", "Enter whom the letter is for."),
        ("email", "Enter the e-mail address that it goes to, or download it and send it on paper."),
        ("subject", "Enter a subject."),
        ("body", "Write the letter."),
    ):
        if not getattr(letter, name).strip():
            errors[name] = words
    for name in ("subject", "body"):
        if still := left_open(getattr(letter, name)):
            errors.setdefault(name, f"Put words in the place of {', '.join(still)}, or take it out.")
    left = left_on(letter, timezone.localdate())
    if left and "although_left" not in meant:
        errors["although_left"] = f"{left} Choose somebody else, or tick that they are to have the letter all the same."
    for name, lacks in (
        ("without_reason", lacks_reason(letter)),
        ("without_continues", lacks_continues(letter)),
        ("as_it_is", in_a_sentence(to_be_asked(letter))),
    ):
        if lacks and name not in meant:
            errors[name] = f"{lacks} Write it, or tick that the letter is to leave as it is."
    if errors:
        raise ValidationError(errors)
    if not can_send():
        raise ValidationError(
            "This service has not been set up to send e-mail. The letter is saved: download it, send it yourself, then "
            "record who told them."
        )


def lacks_reason(letter: Letter) -> str:
    """That a letter that says no does not say why, as a sentence; empty where it does, or says something else."""
    if letter.kind not in KindOfNo.values or says(letter.body, letter.kind_no.reason):
        return ""
    if letter.kind_no.reason.strip():
        return "The letter does not have the words that say why, as they stand with the decision."
    return "The letter does not say why: no reason is written down in words that the partner may read."


def lacks_continues(letter: Letter) -> str:
    """That a letter about a smaller part leaves open what is left for the partner; empty where it does not."""
    if letter.kind != KindOfNo.STEP_DOWN or letter.kind_no.continues.strip():
        return ""
    return "The letter does not say what continues: nothing is written down that the partner can still count on."


@transaction.atomic
def take_back(*, letter: Letter, by: Person) -> Letter:
    """Make it a draft again: one that waits, is held, was refused or came back. One that is a draft already stays so.
    Raises ValidationError where it has left.
    """
    check_can_decide(by, letter.organisation)
    letters = Letter.objects.filter(followed_by__isnull=True)
    for state in (LetterState.WAITING, LetterState.HELD, LetterState.REFUSED, LetterState.RETURNED):
        if letters.move(letter.pk, LetterState.DRAFT, since=state, **NOT_ON_ITS_WAY):
            break
    letter.refresh_from_db()
    if letter.state != LetterState.DRAFT:
        raise ValidationError(
            "It was too late to take the letter back: it had been handed to the mail server. If something in it was "
            "wrong, tell the partner yourself, and record that here."
        )
    return letter


@transaction.atomic
def send_all_the_same(*, letter: Letter, by: Person) -> Letter:
    """Send one that is held, although what it is held for stands; it waits again before it leaves. Raises
    ValidationError where nobody holds it any more, and where it says no and what is decided now does not.
    """
    check_can_decide(by, letter.organisation)
    participation = locked(letter.participation)
    current = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if current.state == LetterState.WAITING:
        return current
    now = timezone.now()
    accepted = _accepted(current, participation)
    facts = {"asked_by": by, "asked_at": now, "send_after": now + held_for(), "held_because": "", **accepted}
    if not Letter.objects.all().move(current.pk, LetterState.WAITING, since=LetterState.HELD, **facts):
        raise ValidationError("This letter is not held any more. Read where it stands.")
    current.refresh_from_db()
    return current


def _accepted(letter: Letter, participation: Participation) -> dict[str, Any]:
    """What somebody accepts who sends it all the same, by why it is held: a new decision is accepted as it stands now,
    and none after it; so are facts that have changed.
    """
    if letter.held_because == WhyHeld.PARTNER_LEFT:
        return {"although_left": True}
    if letter.held_because == WhyHeld.FACTS_CHANGED:
        return {"filled_from": facts_of(said_in(letter))}
    if letter.held_because != WhyHeld.DECIDED_ANEW:
        return {}
    decision = last_decision(participation)
    counts = decision is not None and says_no(decision)
    if counts != letter.says_no_in(letter.kind_no.letters.all()):
        raise ValidationError(A_NO_COUNTS if counts else NO_NO_COUNTS)
    return {
        "last_word": participation.decisions.all().last_words().get(),
        "filled_from": facts_of(said_in(letter)),  # its page says what of it has changed, too
    }


@transaction.atomic
def settle_doubt(*, letter: Letter, by: Person, arrived: bool) -> Letter:
    """Say of a letter in doubt whether the partner has it; where not, it is a draft again. Raises ValidationError."""
    check_can_decide(by, letter.organisation)
    to = LetterState.SENT if arrived else LetterState.DRAFT
    facts: dict[str, Any] = {"sent_at": letter.taken_at} if arrived else NOT_ON_ITS_WAY
    moved = Letter.objects.all().move(letter.pk, to, since=LetterState.IN_DOUBT, **facts)
    letter.refresh_from_db()
    if not moved and letter.state != to:
        raise ValidationError("Nobody has a doubt about this letter any more. Read where it stands.")
    return letter


def template_version(organisation: Organisation, kind: KindOfLetter) -> str:
    return version_of(template_of(organisation, kind))


@transaction.atomic
def write_template(
    *, organisation: Organisation, by: Person, kind: KindOfLetter, expected_version: str, subject: str, body: str
) -> LetterTemplate:
    """Write an organisation's own template. Raises ValidationError naming a field that there is not, and
    ChangedMeanwhile.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    _check_fields(subject, body)
    own = LetterTemplate.objects.filter(organisation=organisation, kind=kind).first()
    if own is not None and (own.subject, own.body) == (subject, body):
        return own
    check_version(expected_version, template_version(organisation, kind))
    own = own or LetterTemplate(organisation=organisation, kind=kind)
    own.subject, own.body, own.changed_by, own.changed_at = subject, body, by, timezone.now()
    save_checked(own)
    return own


def _check_fields(subject: str, body: str) -> None:
    errors: dict[str, Any] = {}
    for name, text in (("subject", subject), ("body", body)):
        try:
            check_template(text)
        except ValidationError as problem:
            errors[name] = problem
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def restore_template(*, organisation: Organisation, by: Person, kind: KindOfLetter) -> None:
    """Go back to the words that come with the service; the record keeps the organisation's own."""
    check_can_edit(by, organisation)
    LetterTemplate.objects.filter(organisation=organisation, kind=kind).delete()
