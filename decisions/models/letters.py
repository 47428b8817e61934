"""The letter of a kind no: written, held for some minutes so that it can be taken back, then sent at most once.

A letter that was handed to the mail server without an answer is in doubt, and is not sent again by itself (ADR 25).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from decisions.models.decisions import Decision
from decisions.models.kind_noes import KindNo, KindOfNo
from partnerships.models import Organisation, Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class LetterState(models.TextChoices):
    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waiting to leave"
    HELD = "held", "Held back"
    TAKEN = "taken", "Being sent"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Not taken by the mail server"
    IN_DOUBT = "in_doubt", "In doubt whether it left"
    RETURNED = "returned", "Came back"


# From which state to which, said once; each move is one conditional UPDATE (``LetterQuerySet.move``).
TRANSITIONS: dict[LetterState, frozenset[LetterState]] = {
    LetterState.DRAFT: frozenset({LetterState.WAITING}),
    LetterState.WAITING: frozenset({LetterState.DRAFT, LetterState.HELD, LetterState.TAKEN}),
    LetterState.HELD: frozenset({LetterState.DRAFT, LetterState.WAITING}),
    LetterState.TAKEN: frozenset({LetterState.SENT, LetterState.WAITING, LetterState.REFUSED, LetterState.IN_DOUBT}),
    LetterState.REFUSED: frozenset({LetterState.DRAFT}),
    LetterState.IN_DOUBT: frozenset({LetterState.SENT, LetterState.DRAFT, LetterState.RETURNED}),
    LetterState.SENT: frozenset({LetterState.RETURNED}),
    LetterState.RETURNED: frozenset({LetterState.DRAFT}),
}


class KindOfLetter(models.TextChoices):
    """The first three say a kind of no."""

    DECLINE = KindOfNo.DECLINE.value, KindOfNo.DECLINE.label
    LEAVE = KindOfNo.LEAVE.value, KindOfNo.LEAVE.label
    STEP_DOWN = KindOfNo.STEP_DOWN.value, KindOfNo.STEP_DOWN.label
    CORRECTED = "corrected", "Correct a letter that was sent"
    CHANGED = "changed", "Say that we have changed our mind"


class WhyHeld(models.TextChoices):
    DECIDED_ANEW = "decided_anew", "What was decided has changed since the letter was written."
    PARTNER_LEFT = "partner_left", "The organisation that it is for has left the partnership."
    FACTS_CHANGED = "facts", "Something that it says has changed since it was written."
    SENDER_GONE = "sender_gone", "Whoever sent it may not decide here any more."


class Trouble(models.TextChoices):
    PUT_OFF = "put_off", "The mail server did not take it yet. It is tried again every few minutes."
    REFUSED = "refused", "The mail server does not know this address, or takes nothing for it."
    GIVEN_UP = "given_up", "The mail server has not taken it for three days, so it is not tried any more."


NO_ANSWER = "It was handed to the mail server, which did not answer. Nobody can tell whether it left."
CAME_BACK = "It left, and came back later: nobody has read it."


# What the further letter says nobody has to say again.
CAME_BACK_AND_WAS_FOLLOWED = Q(state=LetterState.RETURNED, followed_by__isnull=False)


class LetterQuerySet(models.QuerySet["Letter"]):
    def move(self, pk: int, to: LetterState, *, since: LetterState, **facts: object) -> bool:
        """Move one letter on, where it is still in the state that it was ``since``; of two who try, one does.

        What must hold besides is filtered before. Raises ValueError for a move that there is none of.
        """
        if to not in TRANSITIONS[since]:
            raise ValueError(f"No letter goes from {since} to {to}.")
        return self.filter(pk=pk, state=since).update(state=to, **facts) == 1

    def due(self, now: datetime.datetime) -> LetterQuerySet:
        return self.filter(state=LetterState.WAITING, send_after__lte=now)

    def left_behind(self, before: datetime.datetime) -> LetterQuerySet:
        """Those that a worker took and, killed or cut off, never said what became of."""
        return self.filter(state=LetterState.TAKEN, taken_at__lt=before)

    def on_the_way(self) -> LetterQuerySet:
        """Those that somebody wants to know about whichever decision counts: waiting, held, in doubt, not taken,
        come back.
        """
        return self.exclude(state__in=(LetterState.DRAFT, LetterState.SENT)).exclude(CAME_BACK_AND_WAS_FOLLOWED)

    def needing_somebody(self) -> LetterQuerySet:
        """Those that reach nobody before somebody sees to them: held, refused, in doubt, come back."""
        return self.on_the_way().exclude(state__in=(LetterState.WAITING, LetterState.TAKEN))

    def for_list(self) -> LetterQuerySet:
        """Everything a row of a list needs, in one query; those that were sent first come first."""
        return self.select_related("participation__partnership", "asked_by").order_by("send_after", "pk")


@recorded(
    "letter",
    added="wrote",
    partnership="participation",
    about=("recipient_name",),
    leave_out=(
        "kind_no",
        "follows",
        "mail_number",
        "filled_from",
        "last_word",
        "asked_at",
        "taken_at",
        "sent_at",
        "returned_at",
        "send_after",
    ),
)
class Letter(OwnedModel):
    """``recipient`` is the member that it is for, where it is for one; ``asked_by`` has the answers sent to them.

    A pack has one letter, and where more is to be said further ones, each of which ``follows`` the one before.
    ``mail_number`` is what its e-mail carries, by which a report of a mail server finds it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="letters")
    kind_no = models.ForeignKey(KindNo, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=9, choices=KindOfLetter.choices)
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    state = models.CharField(max_length=8, choices=LetterState.choices, default=LetterState.DRAFT)
    recipient = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recipient_name = models.CharField("whom it is for", max_length=120, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    address = models.TextField("postal address", blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField("text of the letter", blank=True)

    filled_from = models.JSONField(
        "what it was filled from",
        default=dict,
        blank=True,
        help_text="The facts that its words were written from, in words, so that what has changed since is noticed.",
    )

    asked_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    send_after = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    mail_number = models.CharField(max_length=32, blank=True)
    returned_at = models.DateTimeField("came back", null=True, blank=True)
    server_said = models.CharField("what the mail server said", max_length=200, blank=True)
    held_because = models.CharField("why it is held", max_length=12, choices=WhyHeld.choices, blank=True)
    trouble = models.CharField(max_length=8, choices=Trouble.choices, blank=True)
    last_word = models.ForeignKey(
        Decision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What was decided last when somebody sent it: it leaves while that still is the last word.",
    )
    although_left = models.BooleanField("sent although they left", default=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_state_is_known",
                condition=Q(state__in=LetterState.values),
                violation_error_message="A letter is a draft, waits, is held, is sent or was refused.",
            ),
            models.CheckConstraint(
                name="letter_to_leave_is_whole",
                condition=Q(state=LetterState.DRAFT)
                | Q(recipient_name__regex=r"\S", subject__regex=r"\S", body__regex=r"\S") & ~Q(email=""),
                violation_error_message="Enter whom the letter is for, their e-mail address, a subject and the text.",
            ),
            models.CheckConstraint(
                name="letter_asked_by_and_at",
                condition=Q(asked_by__isnull=True, asked_at__isnull=True)
                | Q(asked_by__isnull=False, asked_at__isnull=False),
                violation_error_message="Record both who sends the letter and when they did, or neither.",
            ),
            models.CheckConstraint(
                name="letter_leaves_when_somebody_sent_it",
                condition=Q(state=LetterState.DRAFT, asked_at__isnull=True, send_after__isnull=True)
                | ~Q(state=LetterState.DRAFT)
                & Q(asked_at__isnull=False, send_after__isnull=False, send_after__gte=F("asked_at")),
                violation_error_message="A letter leaves after somebody has sent it, and a draft does not.",
            ),
            models.CheckConstraint(
                name="letter_held_says_why",
                condition=Q(state=LetterState.HELD) & ~Q(held_because="")
                | ~Q(state=LetterState.HELD) & Q(held_because=""),
                violation_error_message="A letter that is held says why, and no other does.",
            ),
            models.CheckConstraint(
                name="letter_leaves_under_a_decision",
                condition=~Q(state=LetterState.DRAFT) | Q(last_word__isnull=True),
                violation_error_message="A draft has not been sent yet, whatever is decided.",
            ),
            models.CheckConstraint(
                name="letter_taken_once",
                condition=Q(
                    state__in=(
                        LetterState.TAKEN,
                        LetterState.SENT,
                        LetterState.IN_DOUBT,
                        LetterState.REFUSED,
                        LetterState.RETURNED,
                    ),
                    taken_at__isnull=False,
                )
                | Q(state__in=(LetterState.DRAFT, LetterState.WAITING, LetterState.HELD), taken_at__isnull=True),
                violation_error_message="A letter is sent by whoever took it, and one that waits is taken by nobody.",
            ),
            models.CheckConstraint(
                name="letter_sent_has_a_time",
                condition=Q(state__in=(LetterState.SENT, LetterState.RETURNED), sent_at__isnull=False)
                | ~Q(state__in=(LetterState.SENT, LetterState.RETURNED)) & Q(sent_at__isnull=True),
                violation_error_message="A letter that was sent says when, and no other does.",
            ),
            models.CheckConstraint(
                name="letter_came_back_says_when",
                condition=Q(state=LetterState.RETURNED, returned_at__isnull=False)
                | ~Q(state=LetterState.RETURNED) & Q(returned_at__isnull=True),
                violation_error_message="A letter that came back says when, and no other does.",
            ),
            models.CheckConstraint(
                name="letter_kind_is_known",
                condition=Q(kind__in=KindOfLetter.values),
                violation_error_message="A letter says no, corrects a letter, or says what has changed.",
            ),
            models.CheckConstraint(
                name="letter_corrects_another",
                condition=~Q(kind=KindOfLetter.CORRECTED) | Q(follows__isnull=False),
                violation_error_message="A letter that corrects another follows it.",
            ),
            models.UniqueConstraint(
                name="letter_first_once",
                fields=["kind_no"],
                condition=Q(follows__isnull=True),
                violation_error_message="Somebody else has begun this letter just now. Load the page again.",
            ),
            models.UniqueConstraint(
                name="letter_number_once",
                fields=["mail_number"],
                condition=~Q(mail_number=""),
                violation_error_message="Another letter carries this number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.subject}"

    def says_no_in(self, letters: Iterable[Letter]) -> bool:
        """Whether it says no, or corrects one of these that does; else it is about what has changed."""
        by_number, one = {each.pk: each for each in letters}, self
        while one.kind == KindOfLetter.CORRECTED and one.follows_id in by_number:
            one = by_number[one.follows_id]
        return one.kind != KindOfLetter.CHANGED

    @property
    def what_is_wrong(self) -> str:
        """Why it reaches nobody, as a sentence; empty where nothing is known to be."""
        if self.state == LetterState.HELD:
            return str(self.get_held_because_display())
        if self.state == LetterState.REFUSED:
            return str(self.get_trouble_display())
        return {LetterState.IN_DOUBT: NO_ANSWER, LetterState.RETURNED: CAME_BACK}.get(LetterState(self.state), "")

    @property
    def stands_so_since(self) -> datetime.datetime | None:
        """When what became of it happened, as near as is known; None of a draft."""
        return self.returned_at or self.taken_at or self.send_after

    @property
    def can_be_written(self) -> bool:
        return self.state == LetterState.DRAFT

    @property
    def is_on_hold(self) -> bool:
        """Whether it has not left yet, and somebody may still see to it."""
        return self.state in {LetterState.WAITING, LetterState.HELD}

    @property
    def can_be_taken_back(self) -> bool:
        return self.state in {LetterState.WAITING, LetterState.HELD, LetterState.REFUSED, LetterState.RETURNED}


@recorded("letter template", added="wrote", about=("kind",), leave_out=("changed_by", "changed_at"))
class LetterTemplate(OwnedModel):
    """An organisation's own words for one kind of letter; where it has none, those that come with the service."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letter_templates")
    kind = models.CharField(max_length=9, choices=KindOfLetter.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField("text of the letter")
    changed_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["organisation", "kind"]
        constraints = [
            models.UniqueConstraint(
                name="letter_template_once",
                fields=["organisation", "kind"],
                violation_error_message="Somebody else wrote this template just now. Load the page again.",
            ),
            models.CheckConstraint(
                name="letter_template_kind_is_known",
                condition=Q(kind__in=KindOfLetter.values),
                violation_error_message="Choose a letter from the list.",
            ),
            models.CheckConstraint(
                name="letter_template_is_whole",
                condition=Q(subject__regex=r"\S", body__regex=r"\S"),
                violation_error_message="Enter a subject and the text of the letter.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
