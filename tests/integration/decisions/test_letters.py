"""The letter of a kind no: written, sent, taken back, held; and an organisation's own templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.actions import Promised, make_promise, undo
from decisions.actions.letters import (
    Words,
    letter_version,
    restore_template,
    send_all_the_same,
    send_letter,
    settle_doubt,
    take_back,
    template_version,
    write_letter,
    write_template,
)
from decisions.letter_words import letter_words
from decisions.models import KindOfLetter, Letter, LetterState, LetterTemplate, WhyHeld
from decisions.saying_no import first_words, last_decision
from partnerships.editing import ChangedMeanwhile
from partnerships.models import Role
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import (
    House,
    be_due,
    pack,
    partner_leaves,
    sent,
    step_down,
    words,
    written,
)
from tests.integration.decisions.scored import decided

pytestmark = pytest.mark.django_db


def template(house: House, **facts: Any) -> LetterTemplate:
    given = {"subject": "About {partnership}", "body": "Dear {name}\n\n{continues}", **facts}
    version = template_version(house.organisation, KindOfLetter.STEP_DOWN)
    return write_template(
        organisation=house.organisation, by=house.lead, kind=KindOfLetter.STEP_DOWN, expected_version=version, **given
    )


def test_a_letter_is_written_once_and_changed(house: House) -> None:
    first = written(house)
    assert written(house).pk == first.pk
    changed = written(house, body="Dear Asha, in short: thank you.")
    assert (changed.pk, changed.body, changed.state) == (first.pk, "Dear Asha, in short: thank you.", "draft")


def test_the_second_to_save_a_letter_is_told(house: House) -> None:
    seen = letter_version(house.said())
    written(house)
    with pytest.raises(ChangedMeanwhile):
        write_letter(
            participation=house.one, by=house.executive, expected_version=seen, words=words(house, subject="Mine")
        )


def test_a_letter_waits_before_it_leaves_and_can_be_taken_back(house: House, settings: Any) -> None:
    settings.LETTER_HOLD_MINUTES = 10
    letter = sent(house, held=True)
    assert letter.state == LetterState.WAITING
    assert letter.asked_by == house.lead
    assert letter.send_after is not None
    assert letter.asked_at is not None
    assert (letter.send_after - letter.asked_at).total_seconds() == 600
    again = send_letter(participation=house.one, by=house.lead, words=Words.of(letter))
    assert again.send_after == letter.send_after
    with pytest.raises(ValidationError, match="Take it back first"):
        written(house, body="Something else")
    for _ in range(2):
        back = take_back(letter=letter, by=house.executive)
        assert (back.state, back.send_after, back.asked_by) == (LetterState.DRAFT, None, None)
    assert back.body == words(house).body


@pytest.mark.parametrize("state", [LetterState.TAKEN, LetterState.SENT, LetterState.IN_DOUBT])
def test_it_is_too_late_to_take_back_what_has_left(house: House, state: LetterState) -> None:
    letter, now = sent(house), timezone.now()
    facts = {"taken_at": now, "sent_at": now if state == LetterState.SENT else None}
    Letter.objects.filter(pk=letter.pk).update(state=state, **facts)
    with pytest.raises(ValidationError, match="It was too late to take the letter back"):
        take_back(letter=letter, by=house.lead)
    assert house.letter().state == state


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"recipient_name": ""}, "recipient_name", "Enter whom the letter is for."),
        ({"email": ""}, "email", "Enter the e-mail address"),
        ({"subject": " "}, "subject", "Enter a subject."),
        ({"body": ""}, "body", "Write the letter."),
        ({"body": "Dear {name}"}, "body", "Put words in the place of {name}"),
        ({"subject": "About {partnership}"}, "subject", "Put words in the place of {partnership}"),
    ],
)
def test_a_letter_that_is_not_whole_stays(house: House, facts: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(ValidationError) as problem:
        sent(house, **facts)
    assert said in problem.value.message_dict[field][0]
    assert house.letter().state == LetterState.DRAFT


def test_somebody_who_has_left_has_it_only_if_that_is_meant(house: House) -> None:
    partner_leaves(house)
    with pytest.raises(ValidationError) as problem:
        sent(house)
    assert "is not a member of Alliance 4 any more since" in problem.value.message_dict["although_left"][0]
    letter = house.letter()
    meant = {"although_left": True, "without_reason": True, "without_continues": True}
    send_letter(participation=house.one, by=house.lead, words=Words.of(letter), **meant)
    assert house.letter().state == LetterState.WAITING


def test_what_was_read_is_what_is_sent(house: House) -> None:
    seen = Words.of(written(house))
    written(house, body="Somebody else changed it")
    with pytest.raises(ValidationError, match="Somebody else changed the letter just now"):
        send_letter(participation=house.one, by=house.lead, words=seen)


def test_without_mail_the_letter_is_kept(house: House, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(ValidationError, match="has not been set up to send e-mail"):
        sent(house)
    assert house.letter().state == LetterState.DRAFT


def test_deciding_another_no_holds_the_letter_and_somebody_is_asked(house: House) -> None:
    letter = sent(house, held=True)
    another = step_down(house.one, house.executive, level_code="decline")
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
    for _ in range(2):
        again = send_all_the_same(letter=letter, by=house.executive)
        assert (again.state, again.asked_by) == (LetterState.WAITING, house.executive)
    assert again.last_word == another
    assert take_back(letter=letter, by=house.lead).state == LetterState.DRAFT


def yes(house: House) -> None:
    decided(house.one, house.executive, level_code="prioritise", reason="We found the days")


def undone(house: House) -> None:
    """Until none stands again."""
    while (counts := last_decision(house.one)) is not None:
        undo(decision=counts, by=house.executive)


@pytest.mark.parametrize("no_more", [yes, undone])
@pytest.mark.parametrize("noes", [1, 2])
def test_a_no_is_not_sent_all_the_same_once_it_is_a_yes(
    house: House, no_more: Callable[[House], None], noes: int
) -> None:
    """Also where it was held for another no before, and sent all the same."""
    letter = sent(house, held=True)
    if noes == 2:
        step_down(house.one, house.executive, reason="Put right")
        send_all_the_same(letter=letter, by=house.lead)
    no_more(house)
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
    with pytest.raises(ValidationError, match="what is decided now does not"):
        send_all_the_same(letter=letter, by=house.lead)
    letter.refresh_from_db()
    assert letter.state == LetterState.HELD
    assert take_back(letter=letter, by=house.lead).state == LetterState.DRAFT


def test_what_nobody_holds_is_not_sent_all_the_same(house: House) -> None:
    letter = written(house)
    with pytest.raises(ValidationError, match="not held any more"):
        send_all_the_same(letter=letter, by=house.lead)


@pytest.mark.parametrize(("arrived", "became"), [(True, LetterState.SENT), (False, LetterState.DRAFT)])
def test_somebody_settles_a_doubt(house: House, *, arrived: bool, became: LetterState) -> None:
    letter = sent(house)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.IN_DOUBT, taken_at=timezone.now())
    for _ in range(2):
        letter.refresh_from_db()
        assert settle_doubt(letter=letter, by=house.lead, arrived=arrived).state == became
    with pytest.raises(ValidationError, match="Nobody has a doubt"):
        settle_doubt(letter=letter, by=house.lead, arrived=not arrived)


def test_there_is_no_way_back_that_the_table_does_not_have(house: House) -> None:
    letter = written(house)
    with pytest.raises(ValueError, match="No letter goes from draft to sent"):
        Letter.objects.all().move(letter.pk, LetterState.SENT, since=LetterState.DRAFT)


def test_only_who_may_decide_sends_and_only_a_strategy_lead_changes_templates(house: House) -> None:
    letter = sent(house, held=True)
    reader = in_role(house.organisation, Role.READER)
    kind = KindOfLetter.DECLINE
    for write in (
        lambda: write_letter(participation=house.one, by=reader, expected_version="", words=words(house)),
        lambda: send_letter(participation=house.one, by=reader, words=words(house)),
        lambda: take_back(letter=letter, by=reader),
        lambda: send_all_the_same(letter=letter, by=reader),
        lambda: settle_doubt(letter=letter, by=reader, arrived=True),
        lambda: write_template(
            organisation=house.organisation, by=house.executive, kind=kind, expected_version="", subject="x", body="x"
        ),
        lambda: restore_template(organisation=house.organisation, by=house.executive, kind=kind),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_a_letter_begins_with_the_words_of_the_service_or_ones_own(house: House) -> None:
    pack(house, who_else="The Health Innovation Network")
    subject, body = first_words(house.said(), name="Asha", signatory=house.lead)
    assert subject.startswith("Alliance 4: what we can do from")
    assert "Dear Asha," in body
    assert "What continues: A call twice a year." in body
    assert "Others who may be able to help: The Health Innovation Network" in body
    assert "What would change our mind" not in body
    assert str(house.lead) in body
    assert "{" not in body
    template(house)
    assert first_words(house.said(), name="Asha", signatory=house.lead) == (
        "About Alliance 4",
        "Dear Asha\n\nA call twice a year.",
    )
    restore_template(organisation=house.organisation, by=house.lead, kind=KindOfLetter.STEP_DOWN)
    assert first_words(house.said(), name="Asha", signatory=house.lead)[0] == subject


def test_promises_stand_in_the_letter_with_owner_and_day(house: House) -> None:
    pack(house)
    today = timezone.localdate()
    promised = Promised(
        what="Send the data we hold", made_to="Eastfield", owner=house.executive, made_on=today, due_on=today
    )
    make_promise(participation=house.one, by=house.lead, promised=promised, decision=house.current())
    body = first_words(house.said(), name="", signatory=house.lead)[1]
    assert f"What we have promised:\n- Send the data we hold ({house.executive}, by {today:%-d %B %Y})" in body


def test_no_promise_to_somebody_else_stands_in_the_letter(house: House) -> None:
    """Nor one of another partnership, nor one that is closed."""
    pack(house)
    today = timezone.localdate()
    elsewhere = house.organisation.participations.get(partnership__name="Alliance 3")
    for what, one, others in (
        ("Send the data we hold", house.one, False),
        ("Find other work for our two nurses", house.one, True),
        ("Chair their board", elsewhere, False),
    ):
        given = Promised(what=what, made_to="Them", owner=house.lead, made_on=today, due_on=today, to_others=others)
        made = make_promise(participation=one, by=house.lead, promised=given)
        assert make_promise(participation=one, by=house.lead, promised=given) == made
    body = first_words(house.said(), name="", signatory=house.lead)[1]
    assert "Send the data we hold" in body
    assert "nurses" not in body
    assert "Chair" not in body


def test_the_letter_says_why_in_the_words_for_the_partner_and_never_those_of_the_decision(house: House) -> None:
    for reason in ("", "Your aims and ours have moved apart."):
        pack(house, reason=reason)
        body = first_words(house.said(), name="Asha", signatory=house.lead)[1]
        assert house.current().reason == "We have no days"
        for leaked in ("no days", "time that our people have", "would not be able", "cannot do all of it"):
            assert leaked not in body
        assert ("Your aims and ours have moved apart." in body) == bool(reason)


def test_a_letter_opens_as_what_it_is(house: House) -> None:
    def opens() -> str:
        return first_words(house.said(), name="Asha", signatory=house.lead)[1].split("\n\n")[1]

    assert opens().startswith("Thank you for what you bring to Alliance 4.")
    step_down(house.one, house.executive, level_code="decline")
    assert opens().startswith("Thank you for the work that we have done together in Alliance 4.")
    step_down(house.one, house.executive, level_code="decline", reason="Put right")
    assert opens().startswith("Thank you for the work that we have done together in Alliance 4.")


def test_an_invitation_is_declined_with_thanks_for_it(house: House) -> None:
    other = house.organisation.participations.get(partnership__name="Alliance 3")
    other.level = house.organisation.engagement_levels.get(position=0)
    other.save()
    decision = step_down(other, house.executive, level_code="decline")
    invited = House(house.organisation, house.lead, house.executive, other, house.member, decision)
    body = first_words(invited.said(), name="Asha", signatory=house.lead)[1]
    assert body.split("\n\n")[1].startswith("Thank you for wanting us in Alliance 3.")


def test_ones_own_words_for_declining_go_on_for_leaving_until_there_are_own_ones(house: House) -> None:
    step_down(house.one, house.executive, level_code="decline")

    def own(kind: KindOfLetter, body: str) -> None:
        write_template(
            organisation=house.organisation,
            by=house.lead,
            kind=kind,
            expected_version=template_version(house.organisation, kind),
            subject="S",
            body=body,
        )

    own(KindOfLetter.DECLINE, "Dear {name}, no.")
    assert first_words(house.said(), name="Asha", signatory=house.lead)[1] == "Dear Asha, no."
    own(KindOfLetter.LEAVE, "Dear {name}, goodbye.")
    assert first_words(house.said(), name="Asha", signatory=house.lead)[1] == "Dear Asha, goodbye."


def test_a_letter_without_a_reason_leaves_only_if_that_is_meant(house: House) -> None:
    pack(house)
    letter = written(house)

    def send(**meant: bool) -> Letter:
        return send_letter(participation=house.one, by=house.lead, words=Words.of(letter), **meant)

    with pytest.raises(ValidationError) as problem:
        send()
    assert "The letter does not say why" in problem.value.message_dict["without_reason"][0]
    pack(house, reason="Our aims\nhave moved apart.")
    with pytest.raises(ValidationError) as problem:
        send()
    assert "does not have the words that say why" in problem.value.message_dict["without_reason"][0]
    assert house.letter().state == LetterState.DRAFT
    letter = written(house, body="Dear Asha,\n\nOur aims have moved\napart.")
    assert send().state == LetterState.WAITING
    take_back(letter=letter, by=house.lead)
    letter = written(house, body="Dear Asha")
    assert send(without_reason=True).state == LetterState.WAITING


def test_the_harm_that_was_considered_is_in_no_letter(house: House) -> None:
    pack(house, harm="Somebody could lose a bed")
    assert "bed" not in first_words(house.said(), name="", signatory=house.lead)[1]


def test_a_template_names_only_fields_that_exist(house: House) -> None:
    with pytest.raises(ValidationError) as problem:
        template(house, subject="{score}", body="Dear {nmae}")
    said = problem.value.message_dict
    assert "never tells scores" in said["subject"][0]
    assert "Did you mean {name}?" in said["body"][0]
    assert not LetterTemplate.objects.exists()


def test_a_stored_template_with_a_field_that_is_gone_says_so(house: House) -> None:
    template(house)
    LetterTemplate.objects.update(body="Dear {partner_lead}")
    with pytest.raises(ValidationError, match=r"There is no field \{partner_lead\}"):
        first_words(house.said(), name="", signatory=house.lead)


def test_the_second_to_save_a_template_is_told(house: House) -> None:
    seen = template_version(house.organisation, KindOfLetter.STEP_DOWN)
    assert template(house).pk == template(house).pk
    with pytest.raises(ChangedMeanwhile):
        write_template(
            organisation=house.organisation,
            by=house.lead,
            kind=KindOfLetter.STEP_DOWN,
            expected_version=seen,
            subject="x",
            body="x",
        )
    assert letter_words(KindOfLetter.STEP_DOWN)[0] != LetterTemplate.objects.get().subject


def test_the_database_keeps_the_rules(house: House) -> None:
    letter, now = sent(house), timezone.now()
    be_due(letter)
    own = template(house)
    broken: list[tuple[Any, dict[str, Any], str]] = [
        (letter, {"state": "perhaps", "taken_at": None}, "letter_(state_is_known|taken_once)"),
        (letter, {"email": ""}, "letter_to_leave_is_whole"),
        (letter, {"body": " "}, "letter_to_leave_is_whole"),
        (letter, {"asked_by": None}, "letter_asked_by_and_at"),
        (letter, {"send_after": None}, "letter_leaves_when_somebody_sent_it"),
        (letter, {"state": "draft", "last_word": None}, "letter_leaves_when_somebody_sent_it"),
        (letter, {"state": "held"}, "letter_held_says_why"),
        (letter, {"held_because": "partner_left"}, "letter_held_says_why"),
        (letter, {"state": "taken"}, "letter_taken_once"),
        (letter, {"taken_at": now}, "letter_taken_once"),
        (letter, {"state": "sent", "taken_at": now}, "letter_sent_has_a_time"),
        (letter, {"sent_at": now}, "letter_sent_has_a_time"),
        (
            letter,
            {"state": "draft", "asked_by": None, "asked_at": None, "send_after": None},
            "letter_leaves_under_a_decision",
        ),
        (letter, {"kind": "perhaps"}, "letter_kind_is_known"),
        (letter, {"kind": "corrected"}, "letter_corrects_another"),
        (letter, {"returned_at": now}, "letter_came_back_says_when"),
        (letter, {"state": "returned", "taken_at": now, "sent_at": now}, "letter_came_back_says_when"),
        (own, {"kind": "perhaps"}, "letter_template_kind_is_known"),
        (own, {"body": " "}, "letter_template_is_whole"),
    ]
    for row, facts, rule in broken:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**facts)
    for facts, rule in (
        ({"mail_number": "a" * 32}, "letter_first_once"),
        ({"mail_number": "a" * 32}, "letter_number_once"),
    ):
        Letter.objects.filter(pk=letter.pk).update(**facts)
        copy = Letter.objects.get(pk=letter.pk)
        copy.pk, copy.follows = None, letter if rule == "letter_number_once" else None
        copy.mail_number = copy.mail_number if rule == "letter_number_once" else ""
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            copy.save(force_insert=True)
    own.pk = None
    with pytest.raises(IntegrityError, match="letter_template_once"), transaction.atomic():
        own.save(force_insert=True)
