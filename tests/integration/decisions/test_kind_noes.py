"""Saying no kindly: which decisions do, what a pack begins with, and who was told what."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from decisions.actions import undo
from decisions.actions.kind_noes import (
    ItemsChanged,
    Mark,
    add_item,
    kind_no_version,
    record_reply,
    record_telling,
    settle_items,
    version_of_item,
    write_kind_no,
)
from decisions.letter_words import checklist_words
from decisions.models import ChecklistItem, HowTold, KindNo, KindOfNo, LetterReply, Telling
from decisions.saying_no import kind_of_no, last_decision
from partnerships.editing import ChangedMeanwhile
from partnerships.models import Role
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import House, pack, step_down
from tests.integration.decisions.scored import decided

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def telling(house: House, **facts: Any) -> Telling:
    given = {"who": "Priya", "whom": "Asha Rao", "how": HowTold.CALL, "told_on": TODAY(), **facts}
    return record_telling(participation=house.one, by=house.lead, **given)


def reply(house: House, **facts: Any) -> LetterReply:
    given = {"who": "Asha Rao", "replied_on": TODAY(), "answer": "Thank you for saying so", "doing": "", **facts}
    return record_reply(participation=house.one, by=house.lead, **given)


def test_a_lower_level_steps_down_and_the_lowest_declines(house: House) -> None:
    assert kind_of_no(house.current()) == KindOfNo.STEP_DOWN
    left = decided(house.one, house.executive, level_code="decline", reason="So")
    assert kind_of_no(house.current()) == KindOfNo.LEAVE
    decided(house.one, house.executive, level_code="prioritise", reason="So")
    assert kind_of_no(house.current()) is None
    undone = undo(decision=house.current(), by=house.lead)
    assert kind_of_no(undone) is None
    assert last_decision(house.one) == left
    assert kind_of_no(house.current()) == KindOfNo.LEAVE


def test_a_decision_of_a_later_day_steps_down_from_todays_level(house: House) -> None:
    decided(house.one, house.executive, level_code="prioritise", reason="So")
    later = TODAY() + datetime.timedelta(days=20)
    step_down(house.one, house.executive, level_code="sustain", applies_from=later)
    assert kind_of_no(house.current()) == KindOfNo.STEP_DOWN


def test_a_decision_that_is_only_put_right_says_the_same_no(house: House) -> None:
    pack(house)
    step_down(house.one, house.executive, reason="Put right")
    assert kind_of_no(house.current()) == KindOfNo.STEP_DOWN
    decided(house.one, house.executive, level_code="sustain", reason="So")
    assert kind_of_no(house.current()) is None


def test_a_pack_begins_with_the_usual_list_and_is_one(house: House) -> None:
    first, again = pack(house), pack(house)
    assert first.pk == again.pk
    assert [one.words for one in first.checklist.all()] == list(checklist_words())
    assert (first.kind, first.begun_by) == (KindOfNo.STEP_DOWN, house.lead)


def test_a_new_decision_has_a_pack_that_begins_with_the_one_before(house: House) -> None:
    first = pack(house, harm="Few would notice")
    step_down(house.one, house.executive, level_code="decline")
    telling(house)
    second = KindNo.objects.get(decision=house.current())
    assert second.pk != first.pk
    assert (second.kind, second.harm) == (KindOfNo.LEAVE, "Few would notice")
    first.refresh_from_db()
    assert first.decision != second.decision


def test_the_second_to_save_is_told(house: House) -> None:
    seen = kind_no_version(house.current())
    pack(house)
    texts = {
        "reason": "",
        "continues": "Nothing",
        "who_else": "",
        "what_would_change": "",
        "stay_in_touch": "",
        "harm": "",
    }
    with pytest.raises(ChangedMeanwhile):
        write_kind_no(participation=house.one, by=house.executive, expected_version=seen, texts=texts)
    assert KindNo.objects.get().continues == "A call twice a year."


def test_a_form_of_another_decision_is_told(house: House) -> None:
    seen = kind_no_version(house.current())
    step_down(house.one, house.executive, level_code="decline")
    texts = {
        "reason": "",
        "continues": "Nothing",
        "who_else": "",
        "what_would_change": "",
        "stay_in_touch": "",
        "harm": "",
    }
    with pytest.raises(ChangedMeanwhile):
        write_kind_no(participation=house.one, by=house.executive, expected_version=seen, texts=texts)


def test_nothing_is_written_about_a_decision_that_says_no_no_more(house: House) -> None:
    seen = kind_no_version(house.current())
    decided(house.one, house.executive, level_code="prioritise", reason="So")
    with pytest.raises(ValidationError, match="does not decline or step down any more"):
        write_kind_no(participation=house.one, by=house.lead, expected_version=seen, texts={})


def test_only_who_may_decide_writes(house: House) -> None:
    reader = in_role(house.organisation, Role.READER)
    for write in (
        lambda: write_kind_no(participation=house.one, by=reader, expected_version="", texts={}),
        lambda: add_item(participation=house.one, by=reader, words="x"),
        lambda: settle_items(kind_no=pack(house), by=reader, marks={}),
        lambda: record_reply(participation=house.one, by=reader, who="x", replied_on=TODAY(), answer="x", doing=""),
        lambda: record_telling(
            participation=house.one, by=reader, who="x", whom="y", how=HowTold.CALL, told_on=TODAY()
        ),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_who_told_and_what_was_replied_are_each_recorded_once(house: House) -> None:
    assert telling(house).pk == telling(house).pk
    assert reply(house).pk == reply(house).pk
    assert reply(house, answer="And another thing").pk != reply(house).pk
    tomorrow = TODAY() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="This day has not come yet"):
        telling(house, told_on=tomorrow)
    with pytest.raises(ValidationError, match="This day has not come yet"):
        reply(house, replied_on=tomorrow)


def mark(item: ChecklistItem, *, done: bool = False, because: str = "") -> dict[int, Mark]:
    return {item.pk: Mark(done, because, version_of_item(item))}


def test_things_are_ticked_set_aside_and_opened_again(house: House) -> None:
    kind_no = pack(house)
    first, second, third, *_ = kind_no.checklist.all()
    marks = mark(first, done=True) | mark(second, because="We lead nothing") | mark(third)
    assert settle_items(kind_no=kind_no, by=house.lead, marks=marks) == 2
    assert settle_items(kind_no=kind_no, by=house.lead, marks=marks) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.done_by, first.is_open, second.not_needed_because) == (house.lead, False, "We lead nothing")
    settle_items(kind_no=kind_no, by=house.executive, marks=mark(first))
    first.refresh_from_db()
    assert (first.done_by, first.done_at, first.is_open) == (None, None, True)


def test_two_tabs_tick_different_things_and_neither_undoes_the_other(house: House) -> None:
    kind_no = pack(house)
    first, second, *_ = kind_no.checklist.all()
    one = mark(first, done=True) | mark(second)
    other = mark(first) | mark(second, done=True)
    settle_items(kind_no=kind_no, by=house.lead, marks=one)
    settle_items(kind_no=kind_no, by=house.executive, marks=other)
    assert kind_no.checklist.filter(done_at__isnull=False).count() == 2


def test_who_settles_the_same_thing_otherwise_is_told(house: House) -> None:
    kind_no = pack(house)
    first = kind_no.checklist.all()[0]
    before = mark(first, because="Nobody leads")
    settle_items(kind_no=kind_no, by=house.lead, marks=mark(first, done=True))
    with pytest.raises(ItemsChanged) as changed:
        settle_items(kind_no=kind_no, by=house.executive, marks=before)
    assert [one.pk for one in changed.value.items] == [first.pk]


def test_more_is_added_once_and_the_list_has_an_end(house: House) -> None:
    added = add_item(participation=house.one, by=house.lead, words="Return the keys")
    assert add_item(participation=house.one, by=house.lead, words="Return the keys") == added
    assert added.position == len(checklist_words())
    for number in range(40 - len(checklist_words()) - 1):
        add_item(participation=house.one, by=house.lead, words=f"Thing {number}")
    with pytest.raises(ValidationError, match="takes no more"):
        add_item(participation=house.one, by=house.lead, words="One too many")


def test_the_database_keeps_the_rules(house: House) -> None:
    kind_no = pack(house)
    item = kind_no.checklist.all()[0]
    told, said = telling(house), reply(house)
    now = timezone.now()
    broken: list[tuple[Any, dict[str, Any], str]] = [
        (kind_no, {"kind": "perhaps"}, "kind_no_kind_is_known"),
        (told, {"who": " "}, "telling_names_both"),
        (told, {"whom": ""}, "telling_names_both"),
        (told, {"how": "pigeon"}, "telling_how_is_known"),
        (told, {"told_of": "all"}, "telling_of_what_is_known"),
        (said, {"answer": " "}, "letter_reply_says_who_and_what"),
        (said, {"who": ""}, "letter_reply_says_who_and_what"),
        (item, {"words": " "}, "checklist_item_says_what"),
        (item, {"done_at": now}, "checklist_done_by_and_at"),
        (item, {"done_by": house.lead}, "checklist_done_by_and_at"),
        (item, {"done_at": now, "done_by": house.lead, "not_needed_because": "x"}, "checklist_done_or_not_needed"),
    ]
    for row, facts, rule in broken:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**facts)
    copies: list[tuple[Any, dict[str, Any], str]] = [
        (told, {}, "telling_once"),
        (said, {}, "letter_reply_once"),
        (item, {"position": 99}, "checklist_item_once"),
        (item, {"words": "Other"}, "checklist_place_once"),
    ]
    for row, facts, rule in copies:
        copy = type(row).objects.get(pk=row.pk)
        copy.pk = None
        for name, value in facts.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            copy.save(force_insert=True)


def test_a_pack_is_about_the_partnership_of_its_decision(house: House) -> None:
    kind_no = pack(house)
    other = house.organisation.participations.get(partnership__name="Alliance 1")
    KindNo.objects.filter(pk=kind_no.pk).update(participation=other)
    with pytest.raises(IntegrityError, match="same_partnership"):
        connection.check_constraints()
