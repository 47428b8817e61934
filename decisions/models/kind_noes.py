"""Saying no kindly: what goes with a decision to decline or to step down, so that nobody is left with a bare no.

One pack a decision. What is decided anew has a pack of its own, which begins with what the one before said.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.models.decisions import Decision
from partnerships.models import Participation
from partnerships.models.ownership import OwnedModel
from partnerships.recording import recorded


class KindOfNo(models.TextChoices):
    DECLINE = "decline", "Decline an invitation"
    LEAVE = "leave", "Leave"
    STEP_DOWN = "step-down", "Step down"


@recorded(
    "kind no",
    added="began",
    partnership="participation",
    about=("kind",),
    leave_out=("decision", "kind", "begun_by", "begun_at"),
)
class KindNo(OwnedModel):
    """Why, in words that the partner may read, what continues, what else there is for them, and what harm was
    considered. ``kind`` is of that day: a ladder may be edited later.
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="kind_noes")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="kind_noes")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="kind_no")
    kind = models.CharField(max_length=9, choices=KindOfNo.choices)
    reason = models.TextField("why, in words the partner may read", blank=True)
    continues = models.TextField("what continues", blank=True)
    who_else = models.TextField("who else might help", blank=True)
    what_would_change = models.TextField("what would change our mind", blank=True)
    stay_in_touch = models.TextField("how we stay in touch", blank=True)
    harm = models.TextField("the harm considered", blank=True)
    begun_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="kind_no_kind_is_known",
                condition=Q(kind__in=KindOfNo.values),
                violation_error_message="A kind no declines, leaves or steps down.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.participation_id}"

    @property
    def has_alternatives(self) -> bool:
        return bool(self.who_else or self.what_would_change or self.stay_in_touch)


class HowTold(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    CALL = "call", "By telephone or video"
    LETTER = "letter", "By a letter on paper"
    EMAIL = "email", "By e-mail"


class ToldOf(models.TextChoices):
    NO = "no", "Our no"
    CHANGED = "changed", "That we have changed our mind"


class Heard(models.TextChoices):
    """What a partner has heard with one pack, by a letter that was sent or by somebody."""

    NOTHING = "nothing", "Nobody has told the partner"
    NO = "no", "The partner holds our no"
    CHANGED = "changed", "The partner knows that it counts no more"


# From which to which, said once: what a partner has heard is not taken back, and a new no has a pack of its own.
HEARD_TRANSITIONS: dict[Heard, frozenset[Heard]] = {
    Heard.NOTHING: frozenset({Heard.NO, Heard.CHANGED}),
    Heard.NO: frozenset({Heard.CHANGED}),
    Heard.CHANGED: frozenset(),
}


@recorded("telling", partnership="participation", about=("whom",))
class Telling(OwnedModel):
    """Who told whom of the decision, or that it has changed, how and on which day."""

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="tellings")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="tellings")
    kind_no = models.ForeignKey(KindNo, on_delete=models.PROTECT, related_name="tellings")
    who = models.CharField("who told them", max_length=120)
    whom = models.CharField("whom they told", max_length=120)
    how = models.CharField("how", max_length=9, choices=HowTold.choices)
    told_on = models.DateField("when they were told")
    told_of = models.CharField("what they were told", max_length=7, choices=ToldOf.choices, default=ToldOf.NO)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["told_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="telling_names_both",
                condition=Q(who__regex=r"\S", whom__regex=r"\S"),
                violation_error_message="Enter who told them, and whom they told.",
            ),
            models.CheckConstraint(
                name="telling_how_is_known",
                condition=Q(how__in=HowTold.values),
                violation_error_message="Choose how they were told.",
            ),
            models.CheckConstraint(
                name="telling_of_what_is_known",
                condition=Q(told_of__in=ToldOf.values),
                violation_error_message="Choose what they were told.",
            ),
            models.UniqueConstraint(
                name="telling_once",
                fields=["kind_no", "who", "whom", "how", "told_on", "told_of"],
                violation_error_message="This is recorded already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} told {self.whom}"


@recorded("reply of a partner", partnership="participation", about=("who",))
class LetterReply(OwnedModel):
    """What a partner answered, and what we do about it."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="letter_replies"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="letter_replies")
    kind_no = models.ForeignKey(KindNo, on_delete=models.PROTECT, related_name="replies")
    who = models.CharField("who replied", max_length=120)
    replied_on = models.DateField("when they replied")
    answer = models.TextField("what they said")
    doing = models.TextField("what we do about it", blank=True)
    recorded_by = models.ForeignKey("partnerships.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["replied_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_reply_says_who_and_what",
                condition=Q(who__regex=r"\S", answer__regex=r"\S"),
                violation_error_message="Enter who replied, and what they said.",
            ),
            models.UniqueConstraint(
                name="letter_reply_once",
                fields=["kind_no", "who", "replied_on", "answer"],
                violation_error_message="This reply is recorded already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}, {self.replied_on:%-d %B %Y}"


class ItemState(models.TextChoices):
    OPEN = "open", "To see to"
    DONE = "done", "Done"
    NOT_NEEDED = "not_needed", "Not needed"


# From which to which, said once: a mark is set otherwise, or taken away.
ITEM_TRANSITIONS: dict[ItemState, frozenset[ItemState]] = {
    ItemState.OPEN: frozenset({ItemState.DONE, ItemState.NOT_NEEDED}),
    ItemState.DONE: frozenset({ItemState.OPEN, ItemState.NOT_NEEDED}),
    ItemState.NOT_NEEDED: frozenset({ItemState.OPEN, ItemState.DONE}),
}


@recorded("hand-over item", partnership="participation", about=("words",), leave_out=("position", "done_at"))
class ChecklistItem(OwnedModel):
    """One thing to see to before we leave or hand over: open, done by somebody, or not needed and why."""

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="checklist_items"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="checklist_items")
    kind_no = models.ForeignKey(KindNo, on_delete=models.PROTECT, related_name="checklist")
    position = models.PositiveSmallIntegerField()
    words = models.CharField("what to see to", max_length=200)
    done_by = models.ForeignKey(
        "partnerships.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    not_needed_because = models.CharField("why it is not needed", max_length=200, blank=True)

    class Meta:
        ordering = ["kind_no", "position"]
        constraints = [
            models.UniqueConstraint(
                name="checklist_item_once",
                fields=["kind_no", "words"],
                violation_error_message="This is on the list already.",
            ),
            models.UniqueConstraint(
                name="checklist_place_once",
                fields=["kind_no", "position"],
                violation_error_message="Somebody else added something just now. Send yours again.",
            ),
            models.CheckConstraint(
                name="checklist_item_says_what",
                condition=Q(words__regex=r"\S"),
                violation_error_message="Enter what to see to.",
            ),
            models.CheckConstraint(
                name="checklist_done_by_and_at",
                condition=Q(done_by__isnull=True, done_at__isnull=True)
                | Q(done_by__isnull=False, done_at__isnull=False),
                violation_error_message="Record both who did it and when, or neither.",
            ),
            models.CheckConstraint(
                name="checklist_done_or_not_needed",
                condition=Q(done_at__isnull=True) | Q(not_needed_because=""),
                violation_error_message="Tick it as done, or say why it is not needed, not both.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def state(self) -> ItemState:
        if self.done_at is not None:
            return ItemState.DONE
        return ItemState.NOT_NEEDED if self.not_needed_because else ItemState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state is ItemState.OPEN
