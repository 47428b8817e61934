"""Deciding about one partnership: on a page of its own, or in a meeting, which says itself who decides and when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from decisions.actions.deciding import Wanted, wrong_days
from decisions.basis import Basis
from decisions.models import Draft, Meeting
from decisions.notice import fair_start, gives_less, is_short_notice
from decisions.saying_yes import YesOverCapacity
from design.fields import DayMonthYearField, DayMonthYearWidget, LongTextField
from design.messages import PlainMessages
from partnerships.models import Person
from partnerships.people import who_can
from partnerships.roles import DECIDE
from scoring.advice import LevelOutlook
from scoring.engine.wording import SMALL
from scoring.words import count_of, exact, in_sentence, listing, number

A_MEETING = "meeting"
DAYS = ("applies_from", "review_on")  # the fields that stand folded away in a meeting
REVIEW_AFTER = datetime.timedelta(days=182)
REVIEW_SOON_AFTER = datetime.timedelta(days=91)
MAY_BE_READ = (
    "The partner, or anybody under freedom of information, may come to read it. "
    "Do not enter patient or personal details."
)


class DecisionForm(PlainMessages, forms.Form):
    """``seen`` names the last word that the form was filled beside, ``confirmed`` the level whose cost was read."""

    level = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect(attrs={"legend_size": "m"}),
        error_messages={"required": "Choose one of the levels."},
    )
    reason = LongTextField(
        label="Why",
        required=False,
        help_text=f"Needed where you decide otherwise than recommended. {MAY_BE_READ}",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "optional": "unsaid"}),
    )
    decided_by = forms.ChoiceField(label="Who decided", widget=forms.Select())
    decided_in = forms.CharField(
        label="Which meeting",
        required=False,
        help_text="If a meeting decided, for example Trust board.",
        max_length=120,
        widget=forms.TextInput(attrs={"optional": "unsaid"}),
    )
    decided_on = DayMonthYearField(label="When it was decided")
    applies_from = DayMonthYearField(label="From when the level holds")
    review_on = DayMonthYearField(label="When to look again")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    run = forms.IntegerField(widget=forms.HiddenInput)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)  # sent by the button that says yes
    asked_from = forms.DateField(required=False, widget=forms.HiddenInput)  # the day that the question was about
    moved_for = forms.CharField(required=False, widget=forms.HiddenInput)  # the level for which days were moved

    is_asked = False
    was_put_off = False

    def __init__(self, *args: Any, basis: Basis, person: Person, **kwargs: Any) -> None:
        self.basis = basis
        self.offered_start = self.usual_start(basis.advice.recommended.code)
        initial = {
            "seen": basis.seen,
            "run": basis.run.pk,
            "decided_by": str(person.pk),
            "decided_on": timezone.localdate(),
            "applies_from": self.offered_start,
            "review_on": self._usual_review(self.offered_start),
        }
        super().__init__(*args, initial=initial, **kwargs)
        level: Any = self.fields["level"]
        level.choices = [(one.code, _name(one)) for one in basis.choices]
        level.choice_hints = {one.code: hint_of(one, basis) for one in basis.choices}
        if basis.duty:
            level.error_messages["invalid_choice"] = basis.duty
        self._offer_people()
        if basis.out_of_date:
            self.fields["anyway"] = forms.BooleanField(
                label="Decide on this recommendation all the same",
                error_messages={"required": "Score again first, or tick that you decide all the same."},
            )
        self.speak_plainly()

    def _offer_people(self) -> None:
        people = {str(one.pk): str(one) for one in who_can(self.basis.participation.organisation, DECIDE)}
        who: Any = self.fields["decided_by"]
        who.choices = [*people.items(), (A_MEETING, "A meeting, named below")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decided_by") == A_MEETING and not cleaned.get("decided_in"):
            self.add_error("decided_in", "Enter which meeting decided, or choose the person who did.")
        if self.needs_reason:
            self.add_error("reason", "Say why you decide otherwise than recommended.")
        self._move_back(cleaned)
        self._say_what_else_is_wrong(cleaned)
        return cleaned

    def _say_what_else_is_wrong(self, cleaned: dict[str, Any]) -> None:
        """What the action would refuse, all of it before anybody is asked to confirm."""
        today = timezone.localdate()
        applies_from = cleaned.get("applies_from")
        for name, words in wrong_days(self.day_decided(cleaned), applies_from, cleaned.get("review_on"), today).items():
            self.add_error(name if name in self.fields else None, words)
        if self.chosen and (missed := self.basis.missed_duty(self.chosen, max(applies_from or today, today))):
            self.add_error("level", missed)

    def day_decided(self, cleaned: dict[str, Any]) -> datetime.date | None:
        return cleaned.get("decided_on")

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data.get("level", ""))

    @property
    def needs_reason(self) -> bool:
        return bool(self.chosen) and self.basis.overrules(self.chosen) and not self.cleaned_data.get("reason")

    @property
    def needs_confirmation(self) -> bool:
        """Whether it overrules, gives a partner short notice, or says yes over capacity, and nobody has yet read what
        that means.
        """
        given = self.cleaned_data
        if given.get("confirmed") == self.chosen and given.get("asked_from") in {None, given["applies_from"]}:
            return False
        return self.basis.overrules(self.chosen) or bool(self.notice) or self.over_capacity is not None

    @property
    def first_day(self) -> datetime.date:
        """The earliest day on which something that is decided here begins."""
        return timezone.localdate()

    def usual_start(self, code: str) -> datetime.date:
        """Where it gives a partner less, a fair notice from now; else now."""
        return fair_start(self.first_day) if gives_less(self.basis.participation, code) else self.first_day

    @property
    def notice(self) -> str:
        """What to read of the day from which a partner has less, as sentences; empty where it gives no less or in good
        time.
        """
        start, today = self.cleaned_data.get("applies_from"), timezone.localdate()
        if start is None or not gives_less(self.basis.participation, self.chosen):
            return ""
        if self.was_put_off:
            return (
                "They have less from you, and this is the first quarter that leaves them four weeks. Enter another day "
                "below if one was agreed."
            )
        if not is_short_notice(start, today):
            return ""
        when = "at once" if start <= today else f"in {count_of((start - today).days, 'day')}"
        fair = f"{fair_start(self.first_day):%-d %B %Y}"
        return f"They have less from you {when}, which is short notice. A fair day would be {fair}."

    @property
    def days_in_words(self) -> str:
        """What is agreed to besides the level, once the form is valid: days may have been moved for it."""
        start, again = self.cleaned_data["applies_from"], self.cleaned_data["review_on"]
        return f"It would hold from {start:%-d %B %Y}, and be looked at again on {again:%-d %B %Y}."

    @cached_property
    def over_capacity(self) -> YesOverCapacity | None:
        """Of the level that was chosen; to be asked once the form is valid."""
        today = timezone.localdate()
        day = self.cleaned_data.get("applies_from") or today
        return YesOverCapacity.of(self.basis, self.chosen, day=max(day, today), today=today)

    def ask_to_confirm(self) -> None:
        """Have the page ask first, with a button that sends the level it asks about: from the day that is usual for it
        where nobody has entered another than the one that was offered. Days are moved once: what is entered after that
        is meant.
        """
        given, usual = self.cleaned_data, self.usual_start(self.chosen)
        was_moved = given.get("moved_for") == self.chosen
        as_offered = given["applies_from"] in {self.offered_start, self.first_day}
        if not given.get("moved_for") and as_offered and usual != self.offered_start:
            self._move_days(given, given["applies_from"], usual)
            self._say("moved_for", self.chosen)
            was_moved = True
        self.was_put_off = was_moved and given["applies_from"] == usual > self.offered_start
        self._say("asked_from", given["applies_from"].isoformat())
        self.is_asked = True

    def _move_back(self, cleaned: dict[str, Any]) -> None:
        """Where days were moved for another level than is chosen now, and nobody changed them, they are as before."""
        level, moved_for = cleaned.get("level"), cleaned.get("moved_for")
        if not level or moved_for == level or moved_for not in {one.code for one in self.basis.choices}:
            return
        if cleaned.get("applies_from") == self.usual_start(moved_for):
            self._move_days(cleaned, cleaned["applies_from"], self.usual_start(level))
        cleaned["moved_for"] = ""
        self._say("moved_for", "")

    def _move_days(self, cleaned: dict[str, Any], start: datetime.date, to: datetime.date) -> None:
        """Begin on another day; and look again as long after it, where that is left as it was offered."""
        days = {"applies_from": to}
        if cleaned.get("review_on") in {self._usual_review(start), self._usual_review(self.offered_start)}:
            days["review_on"] = self._usual_review(to)
        for name, day in days.items():
            cleaned[name] = day
            for part in DayMonthYearWidget.PARTS:
                self._say(f"{name}-{part}", str(getattr(day, part)))
        self.__dict__.pop("over_capacity", None)

    def _usual_review(self, start: datetime.date) -> datetime.date:
        after = REVIEW_SOON_AFTER if self.basis.review_soon else REVIEW_AFTER
        return max(timezone.localdate(), start) + after

    def beside(self, basis: Basis) -> None:
        """Let the next sending be after what somebody else decided meanwhile, which the page now shows."""
        self.basis = basis
        self.__dict__.pop("over_capacity", None)
        self._say("seen", basis.seen)

    def take_the_newest_run(self) -> None:
        """The same after the recommendation itself has changed."""
        self._say("run", str(self.basis.run.pk))

    def _say(self, name: str, value: str) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(name)] = value
        self.data = data

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        in_meeting = given["decided_by"] == A_MEETING
        who = who_can(self.basis.participation.organisation, DECIDE)
        return Wanted(
            level_code=given["level"],
            reason=given["reason"],
            decided_by=None if in_meeting else next(one for one in who if str(one.pk) == given["decided_by"]),
            decided_in=given["decided_in"] if in_meeting else "",
            decided_on=given["decided_on"],
            applies_from=given["applies_from"],
            review_on=given["review_on"],
        )

    def add_problems(self, problem: ValidationError) -> None:
        """Show what the action found, at its field where the form has it."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class MeetingDecisionForm(DecisionForm):
    """The same in a meeting under way: who decided, and on which day, is the meeting's. It begins with what was typed
    before and is not decided, in ``draft``.
    """

    def __init__(self, *args: Any, meeting: Meeting, draft: Draft | None = None, **kwargs: Any) -> None:
        self.meeting = meeting
        super().__init__(*args, **kwargs)
        for name in ("decided_by", "decided_in", "decided_on"):
            del self.fields[name]
        self.fields["level"].widget.attrs["small"] = True  # all of them on one screen
        self.boxes = {name: self._boxes_of(name) for name, field in self.fields.items() if not field.widget.is_hidden}
        begun = self._from_draft(draft.typed if draft else {})
        self.begins_with_days = bool(begun.keys() & set(DAYS))
        self.initial.update(begun)

    @property
    def shows_days(self) -> bool:
        """Whether the days stand open: where they are others than were offered, typed or moved, or wrong."""
        moved = any(self.data.get(box, text) != text for name in DAYS for box, text in self.boxes[name].items())
        return self.begins_with_days or moved or any(self.has_error(name) for name in DAYS)

    def typed(self) -> dict[str, str]:
        """What was sent and differs from the empty form, by the names of its boxes; of a date all three."""
        kept: dict[str, str] = {}
        moved_for = self.data.get("moved_for", "")
        moved = self.usual_start(moved_for) if moved_for else None
        # Days that the form has moved by itself: nobody typed them.
        own = {} if moved is None else {"applies_from": moved, "review_on": self._usual_review(moved)}
        for name, boxes in self.boxes.items():
            sent = {box: self.data.get(box, "").replace("\r\n", "\n").strip() for box in boxes}
            kept |= sent if sent not in (boxes, self._parts(name, own.get(name))) else {}
        # Somebody agreed to one recommendation that is out of date, and to no other.
        return kept | ({"run": str(self.basis.run.pk)} if "anyway" in kept else {})

    def _boxes_of(self, name: str) -> dict[str, str]:
        """What the boxes of a field hold at first."""
        widget, value = self.fields[name].widget, self.initial.get(name, "")
        if isinstance(widget, DayMonthYearWidget):
            return {f"{name}-{part}": str(text) for part, text in widget.parts_of(value).items()}
        return {name: str(value)}

    def _parts(self, name: str, day: datetime.date | None) -> dict[str, str]:
        return {} if day is None else {f"{name}-{part}": str(getattr(day, part)) for part in DayMonthYearWidget.PARTS}

    def _from_draft(self, typed: Mapping[str, str]) -> dict[str, Any]:
        begun: dict[str, Any] = {name: typed[name] for name in ("level", "reason") if name in typed}
        for name in DAYS:
            if f"{name}-day" in typed:
                begun[name] = {part: typed.get(f"{name}-{part}", "") for part in DayMonthYearWidget.PARTS}
        if "anyway" in typed and typed.get("run") == str(self.basis.run.pk):
            begun["anyway"] = True
        return begun

    @property
    def first_day(self) -> datetime.date:
        return max(timezone.localdate(), self.meeting.held_on)

    def _offer_people(self) -> None:
        """Nobody is asked for."""

    def day_decided(self, cleaned: dict[str, Any]) -> datetime.date:
        return min(timezone.localdate(), self.meeting.held_on)

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            level_code=given["level"],
            reason=given["reason"],
            decided_by=None,
            decided_in=self.meeting.name,
            decided_on=self.day_decided(given),
            applies_from=given["applies_from"],
            review_on=given["review_on"],
        )


def _name(level: LevelOutlook) -> str:
    said = [word for word, holds in (("recommended", level.is_recommended), ("today", level.is_today)) if holds]
    return f"{level.name} ({', '.join(said)})" if said else level.name


def hint_of(level: LevelOutlook, basis: Basis) -> str:
    """What a level is worth, asks for and costs, in a line."""
    pools = {pool["id"]: in_sentence(pool["label"]) for pool in basis.findings.document["pools"]}
    days = [f"{exact(amount)} {pools[pool]}" for pool, amount in level.days.items() if amount]
    worth = f"Worth {_points(level.value)}, " + (f"{listing(days)} days a quarter" if days else "no days")
    if level.is_recommended:
        return f"{worth}."
    loss = basis.loss(level)
    if loss is None:
        return f"{worth}. It does not fit your days, duties and rules."
    if abs(loss) < SMALL:
        return f"{worth}. As good for all together."
    return f"{worth}. {_points(abs(loss))} {'more' if loss < 0 else 'less'} for all together."


def _points(value: float) -> str:
    shown = number(value).replace("-", "−")
    return f"{shown} {'point' if shown == '1' else 'points'}"
