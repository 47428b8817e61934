"""Saying no kindly: what goes with the decision, who was told, what they replied, and what is still to hand over."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.letter_words import checklist_words
from decisions.models import ChecklistItem, Decision, KindNo, LetterReply, Telling, ToldOf
from decisions.models.kind_noes import ITEM_TRANSITIONS
from decisions.saying_no import kind_of_no, last_decision, says_no
from partnerships.access import check_can_decide
from partnerships.actions.participations import locked
from partnerships.editing import check_version, version_of
from partnerships.models import Participation, Person
from partnerships.saving import save_checked

TEXTS = ("reason", "continues", "who_else", "what_would_change", "stay_in_touch", "harm")
MOST_ITEMS = 40


def kind_no_version(decision: Decision) -> str:
    """A short name for exactly what the pack of this decision says; of another decision it is another."""
    kind_no = KindNo.objects.filter(decision=decision).first()
    return version_of([decision.pk, *(getattr(kind_no, name, "") for name in TEXTS)])


def last_pack(participation: Participation) -> KindNo | None:
    """The pack that was begun last about a partnership, whichever decision it goes with."""
    found: KindNo | None = participation.kind_noes.order_by("-pk").first()
    return found


def hold_decision(participation: Participation) -> Decision:
    """The decision that counts, held until the transaction ends. Raises ValidationError where it says no no."""
    decision = last_decision(locked(participation))
    if decision is None or not says_no(decision):
        raise ValidationError(
            "The decision has changed: it does not decline or step down any more. Copy what you typed if you need it, "
            "then read the decision."
        )
    return decision


def _pack_to_record_in(participation: Participation, by: Person) -> KindNo:
    """The pack that what was told and replied goes with: that of the no that counts, or once none does the last one.
    Held until the transaction ends. Raises ValidationError where there is none.
    """
    decision = last_decision(locked(participation))
    if decision is not None and says_no(decision):
        return begun(decision, by)
    before = last_pack(participation)
    if before is None:
        raise ValidationError("Nobody has been told no here, so there is nothing to record.")
    return before


def begun(decision: Decision, by: Person) -> KindNo:
    """Its pack, begun with what the one before said and the list of what to hand over. To be called under the lock."""
    found = KindNo.objects.filter(decision=decision).first()
    if found is not None:
        return found
    kind = kind_of_no(decision)
    if kind is None:
        raise ValidationError("The decision has changed: it does not decline or step down any more.")
    before = last_pack(decision.participation)
    kind_no = KindNo(
        organisation=decision.organisation,
        participation=decision.participation,
        decision=decision,
        kind=kind,
        begun_by=by,
        begun_at=timezone.now(),
        **{name: getattr(before, name, "") for name in TEXTS},
    )
    save_checked(kind_no)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            organisation=decision.organisation,
            participation=decision.participation,
            kind_no=kind_no,
            position=position,
            words=words,
        )
        for position, words in enumerate(checklist_words())
    )
    return kind_no


@transaction.atomic
def write_kind_no(
    *, participation: Participation, by: Person, expected_version: str, texts: Mapping[str, str]
) -> KindNo:
    """Write what continues, what else there is and what harm was considered. Exactly the same once more changes
    nothing. Raises ValidationError with what to do, and ChangedMeanwhile.
    """
    check_can_decide(by, participation.organisation)
    decision = hold_decision(participation)
    stored = KindNo.objects.filter(decision=decision).first()
    if stored is not None and all(getattr(stored, name) == texts[name] for name in TEXTS):
        return stored
    check_version(expected_version, kind_no_version(decision))
    kind_no = begun(decision, by)
    for name in TEXTS:
        setattr(kind_no, name, texts[name])
    save_checked(kind_no)
    return kind_no


@transaction.atomic
def record_telling(
    *,
    participation: Participation,
    by: Person,
    who: str,
    whom: str,
    how: str,
    told_on: datetime.date,
    told_of: str = ToldOf.NO,
) -> Telling:
    """Note that somebody told the partner of the no, or once it counts no more that it has changed. The same once more
    is the same line. Raises ValidationError.
    """
    check_can_decide(by, participation.organisation)
    _check_has_come(told_on, "told_on")
    kind_no = _pack_to_record_in(participation, by)
    if told_of == ToldOf.CHANGED and Decision.objects.filter(pk=kind_no.decision_id).current().exists():
        raise ValidationError("What is decided now says no. Read the decision, then record what they were told.")
    known = {"kind_no": kind_no, "who": who, "whom": whom, "how": how, "told_on": told_on, "told_of": told_of}
    found = Telling.objects.filter(**known).first()
    if found is not None:
        return found
    telling = Telling(
        organisation=kind_no.organisation,
        participation=participation,
        recorded_by=by,
        recorded_at=timezone.now(),
        **known,
    )
    save_checked(telling)
    return telling


@transaction.atomic
def record_reply(
    *, participation: Participation, by: Person, who: str, replied_on: datetime.date, answer: str, doing: str
) -> LetterReply:
    """Note what the partner answered. The same once more is the same line. Raises ValidationError."""
    check_can_decide(by, participation.organisation)
    _check_has_come(replied_on, "replied_on")
    kind_no = _pack_to_record_in(participation, by)
    known = {"kind_no": kind_no, "who": who, "replied_on": replied_on, "answer": answer}
    found = LetterReply.objects.filter(**known).first()
    if found is not None:
        return found
    reply = LetterReply(
        organisation=kind_no.organisation,
        participation=participation,
        doing=doing,
        recorded_by=by,
        recorded_at=timezone.now(),
        **known,
    )
    save_checked(reply)
    return reply


def _check_has_come(day: datetime.date, name: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({name: "This day has not come yet. Enter the day on which it happened."})


def item_version(*, done: bool, because: str) -> str:
    return version_of([done, because])


def version_of_item(item: ChecklistItem) -> str:
    return item_version(done=item.done_at is not None, because=item.not_needed_because)


@dataclass(frozen=True)
class Mark:
    """How somebody leaves one thing on the list, and how they found it (``version_of_item``)."""

    done: bool
    because: str
    seen: str

    @property
    def version(self) -> str:
        return item_version(done=self.done, because=self.because)


class ItemsChanged(Exception):  # noqa: N818  (it names what happened, and is no fault)
    """Somebody else settled these otherwise meanwhile."""

    def __init__(self, items: Sequence[ChecklistItem]) -> None:
        super().__init__(str(len(items)))
        self.items = items


@transaction.atomic
def settle_items(*, kind_no: KindNo, by: Person, marks: Mapping[int, Mark]) -> int:
    """Tick things as done, say why they are not needed, or open them again; how many changed. What somebody left as
    they found it stays as it is stored. Raises ItemsChanged, and ValidationError for one that is both.
    """
    check_can_decide(by, kind_no.organisation)
    items = list(kind_no.checklist.select_for_update(of=("self",)).order_by("position"))
    changed = [
        item
        for item in items
        if item.pk in marks and marks[item.pk].version not in {marks[item.pk].seen, version_of_item(item)}
    ]
    overtaken = [item for item in changed if marks[item.pk].seen != version_of_item(item)]
    if overtaken:
        raise ItemsChanged(overtaken)
    for item in changed:
        _settle(item, by, marks[item.pk])
    return len(changed)


def _settle(item: ChecklistItem, by: Person, mark: Mark) -> None:
    was = item.state
    if not mark.done:
        item.done_by, item.done_at = None, None
    elif item.done_at is None:
        item.done_by, item.done_at = by, timezone.now()
    item.not_needed_because = mark.because
    if item.state is not was and item.state not in ITEM_TRANSITIONS[was]:
        raise ValidationError(f"What is {was.label.lower()} cannot become {item.state.label.lower()}.")
    save_checked(item)


@transaction.atomic
def add_item(*, participation: Participation, by: Person, words: str) -> ChecklistItem:
    """Put one more thing at the end of the list; what is on it stays once. Raises ValidationError."""
    check_can_decide(by, participation.organisation)
    kind_no = begun(hold_decision(participation), by)
    items = list(kind_no.checklist.order_by("position"))
    found = next((one for one in items if one.words == words), None)
    if found is not None:
        return found
    if len(items) >= MOST_ITEMS:
        raise ValidationError(f"The list has {MOST_ITEMS} things, and takes no more. Put this with one that is on it.")
    item = ChecklistItem(
        organisation=kind_no.organisation,
        participation=participation,
        kind_no=kind_no,
        position=items[-1].position + 1 if items else 0,
        words=words,
    )
    save_checked(item)
    return item
