"""The relationship record: its page, and adding, changing and removing an entry of each kind."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.actions.differences import DifferenceFacts, add_difference, change_difference
from partnerships.actions.relationship_record import GONE, add_entry, change_entry, remove_entry
from partnerships.editing import ChangedMeanwhile, entry_version
from partnerships.models import (
    DifferenceState,
    LedgerEntry,
    LedgerKind,
    Participation,
    RecordLink,
    RecordNote,
    Role,
    Side,
)
from partnerships.models.differences import TRANSITIONS
from partnerships.record_chapters import NOTES
from partnerships.recording import RECORDED
from partnerships.relationship_entries import NOUNS, entries_of
from tests.factories import in_role
from tests.integration.partnerships.conftest import Desk, form_on, words_of

DAY = datetime.date(2026, 3, 27)
ON_DAY = {"on_day-day": "27", "on_day-month": "3", "on_day-year": "2026"}
RAISED = {"raised_on-day": "27", "raised_on-month": "3", "raised_on-year": "2026"}

# By what an address calls it: where one is added, what is typed, and what of it shows on the page.
ENTRIES: dict[str, tuple[str, dict[str, str], str]] = {
    "note": ("success", {"text": "The joint clinic began", **ON_DAY}, "The joint clinic began"),
    "difference": (
        "difference",
        {"what": "Who pays for transport", "state": "open", **RAISED},
        "Who pays for transport",
    ),
    "give-and-take": (
        "give-and-take",
        {"kind": "lost", "side": "us", "what": "Two community beds", **ON_DAY},
        "Two community beds",
    ),
    "link": ("link", {"title": "The agreement", "address": "https://example.org/agreement"}, "The agreement"),
}


def record_of(participation: Participation) -> str:
    return f"partnerships/{participation.partnership.slug}/record/"


def address_of(participation: Participation, noun: str, entry: Any) -> str:
    place = {"note": "notes", "difference": "differences", "link": "links"}.get(noun, noun)
    return f"{record_of(participation)}{place}/{entry.pk}/"


def entries(participation: Participation, noun: str) -> Any:
    return entries_of(participation, NOUNS[noun])


def entry_of(participation: Participation, noun: str) -> Any:
    return entries(participation, noun).get()


def added(desk: Desk, noun: str, participation: Participation | None = None) -> tuple[Participation, Any]:
    participation = participation or desk.participation()
    kind, typed, _ = ENTRIES[noun]
    answer = desk.post(f"{record_of(participation)}add/{kind}/", typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return participation, entry_of(participation, noun)


@pytest.mark.parametrize("noun", ENTRIES)
def test_an_entry_is_added_shown_changed_and_removed(desk: Desk, noun: str) -> None:
    participation, entry = added(desk, noun)
    assert entry.recorded_by == desk.lead
    page = words_of(desk.get(record_of(participation)))
    assert ENTRIES[noun][2] in page
    address = address_of(participation, noun, entry)
    assert address in page
    data = form_on(desk.get(address))
    box = next(name for name in ("text", "what", "title") if name in data)
    assert desk.post(address, data | {box: "Otherwise"}).status_code == 302
    assert "Otherwise" in words_of(desk.get(record_of(participation)))
    version = entry_version(entry_of(participation, noun))
    assert desk.post(address, {"remove": "yes", "version": version}).status_code == 302
    assert not entries(participation, noun).exists()
    labels = RECORDED[NOUNS[noun]].events._default_manager.filter(pgh_obj=entry.pk).order_by("pgh_id")
    assert list(labels.values_list("pgh_label", flat=True)) == ["insert", "update", "delete"]


@pytest.mark.parametrize("noun", ENTRIES)
def test_a_form_sent_twice_adds_one(desk: Desk, noun: str) -> None:
    participation, entry = added(desk, noun)
    assert added(desk, noun, participation)[1] == entry


@pytest.mark.parametrize("noun", ENTRIES)
def test_two_tabs_the_second_sees_both_and_may_save_again(desk: Desk, noun: str) -> None:
    participation, entry = added(desk, noun)
    address = address_of(participation, noun, entry)
    data = form_on(desk.get(address))
    box = next(name for name in ("text", "what", "title") if name in data)
    desk.post(address, data | {box: "The first"})
    second = desk.post(address, data | {box: "The second"})
    assert [(one.stored, one.typed) for one in second.context["form"].differences] == [("The first", "The second")]
    again = form_on(second)
    assert again[box] == "The second"
    assert desk.post(address, again).status_code == 302
    assert getattr(entry_of(participation, noun), box) == "The second"


@pytest.mark.parametrize("noun", ENTRIES)
def test_what_somebody_changed_meanwhile_is_not_removed_unread(desk: Desk, noun: str) -> None:
    participation, entry = added(desk, noun)
    address = address_of(participation, noun, entry)
    data = form_on(desk.get(address))
    box = next(name for name in ("text", "what", "title") if name in data)
    desk.post(address, data | {box: "Changed"})
    answer = desk.client.post(desk.at(address), {"remove": "yes", "version": data["version"]}, follow=True)
    assert "so it is not removed" in words_of(answer)
    assert getattr(entry_of(participation, noun), box) == "Changed"


@pytest.mark.parametrize("noun", ENTRIES)
def test_whoever_types_into_what_somebody_removed_keeps_their_words(desk: Desk, noun: str) -> None:
    participation, entry = added(desk, noun)
    address = address_of(participation, noun, entry)
    data = form_on(desk.get(address))
    box = next(name for name in ("text", "what", "title") if name in data)
    remove_entry(entry=entry, by=desk.lead)
    answer = desk.post(address, data | {box: "Half an hour of typing"})
    assert "Half an hour of typing" in words_of(answer)
    assert GONE in answer.context["form"].non_field_errors()
    assert desk.post(address, {"remove": "yes"}).status_code == 302
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize("noun", ENTRIES)
def test_another_partnerships_entry_does_not_exist_here(desk: Desk, noun: str) -> None:
    _, entry = added(desk, noun)
    elsewhere = desk.participation()
    for send in (desk.get, lambda path: desk.post(path, {"remove": "yes"})):
        assert send(address_of(elsewhere, noun, entry)).status_code == 404
    assert NOUNS[noun]._default_manager.filter(pk=entry.pk).exists()


@pytest.mark.parametrize("kind", NOTES)
def test_each_chapter_asks_its_own_question_and_names_patients_and_freedom_of_information(
    desk: Desk, kind: str
) -> None:
    participation = desk.participation()
    empty = words_of(desk.get(record_of(participation)))
    assert NOTES[kind].empty in empty
    page = words_of(desk.get(f"{record_of(participation)}add/{kind}/"))
    assert NOTES[kind].asks in page
    assert "Do not enter details of any patient." in page
    assert "freedom of information" in page
    desk.post(f"{record_of(participation)}add/{kind}/", {"text": "Said under this heading"})
    assert RecordNote.objects.get(participation=participation).kind == kind


def test_there_is_no_chapter_of_another_name(desk: Desk) -> None:
    assert desk.get(f"{record_of(desk.participation())}add/blame/").status_code == 404


TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


def in_boxes(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


@pytest.mark.parametrize(
    ("kind", "typed", "at", "says"),
    [
        ("success", {"text": " "}, "text", "Write what you want to keep on the record."),
        ("success", {"text": "x", **in_boxes("on_day", TOMORROW)}, "on_day", "This day has not come yet."),
        ("difference", {"what": "x", "state": "open"}, "raised_on", "Enter when did it come up?"),
        ("difference", {"what": "x", "state": "settled", **RAISED}, "how", "Say how it was settled."),
        (
            "difference",
            {"what": "x", "state": "settled", "how": "Halves", **RAISED},
            "settled_on",
            "Enter the day on which it was settled.",
        ),
        (
            "difference",
            {"what": "x", "state": "settled", "how": "y", **RAISED, **in_boxes("settled_on", DAY.replace(day=1))},
            "settled_on",
            "This is before it came up.",
        ),
        (
            "difference",
            {"what": "x", "state": "open", **RAISED, **in_boxes("settled_on", DAY)},
            "settled_on",
            "Clear this day, or choose “Settled” above.",
        ),
        ("give-and-take", {"what": "x", "side": "us", **ON_DAY}, "kind", "Choose what it was."),
        (
            "give-and-take",
            {"what": "x", "kind": "gave", "side": "partner", **ON_DAY},
            "partner",
            "Enter which partner it was.",
        ),
        (
            "give-and-take",
            {"what": "x", "kind": "gave", "side": "us", "partner": "The council", **ON_DAY},
            "partner",
            "Clear which partner",
        ),
        (
            "give-and-take",
            {"what": "x", "kind": "gave", "side": "us", "done_about_it": "Thanks", **ON_DAY},
            "done_about_it",
            "Clear this, or choose “Lost” above.",
        ),
        (
            "give-and-take",
            {"what": "x", "kind": "lost", "side": "us", "done_about_it": "Paid", **ON_DAY},
            "done_on",
            "Enter the day on which that was done.",
        ),
        (
            "give-and-take",
            {"what": "x", "kind": "lost", "side": "us", **ON_DAY, **in_boxes("done_on", DAY)},
            "done_about_it",
            "Say what was done about it",
        ),
        (
            "give-and-take",
            {
                "what": "x",
                "kind": "lost",
                "side": "us",
                "done_about_it": "Paid",
                **ON_DAY,
                **in_boxes("done_on", datetime.date(2026, 1, 1)),
            },
            "done_on",
            "This is before the loss.",
        ),
        ("link", {"title": "Minutes", "address": "http://example.org"}, "address", "that begins with https://"),
        ("link", {"title": "Minutes", "address": "javascript:alert(1)"}, "address", "Enter a whole web address"),
        ("link", {"title": "Minutes", "address": "https://kim:word@example.org"}, "address", "Leave out the name"),
        ("link", {"title": "", "address": "https://example.org"}, "title", "Enter what does it lead to?"),
    ],
)
def test_what_is_wrong_is_said_at_its_box_and_nothing_typed_is_lost(
    desk: Desk, kind: str, typed: dict[str, str], at: str, says: str
) -> None:
    participation = desk.participation()
    answer = desk.post(f"{record_of(participation)}add/{kind}/", typed)
    assert answer.status_code == 200
    assert says in " ".join(answer.context["form"].errors[at])
    assert "Error: " in words_of(answer)
    assert {name: form_on(answer)[name] for name in typed} == typed
    assert not any(model._default_manager.exists() for model in NOUNS.values())


def test_a_link_twice_is_refused_in_words(desk: Desk) -> None:
    participation, _ = added(desk, "link")
    other = {"title": "Another title", "address": "https://example.org/agreement"}
    answer = desk.post(f"{record_of(participation)}add/link/", other)
    assert "This link is on the record already." in words_of(answer)


def test_a_link_leads_out_without_telling_where_from(desk: Desk) -> None:
    participation, _ = added(desk, "link")
    page = words_of(desk.get(record_of(participation)))
    assert '<a href="https://example.org/agreement" rel="noopener noreferrer">The agreement</a>' in page


def facts(state: str = "open", **more: Any) -> DifferenceFacts:
    return DifferenceFacts(**{"what": "Who pays", "raised_on": DAY, "state": DifferenceState(state), **more})


SETTLED: dict[str, Any] = {"state": "settled", "how": "Each pays half", "settled_on": DAY}


def test_a_difference_is_worked_on_settled_and_comes_back_with_its_history(desk: Desk) -> None:
    difference = add_difference(participation=desk.participation(), by=desk.lead, facts=facts())
    for now in (facts("worked", how="We met"), facts(**SETTLED), facts("open")):
        difference = change_difference(difference=difference, by=desk.lead, facts=now)
    assert (difference.state, difference.how, difference.settled_on) == ("open", "", None)
    assert list(difference.changes.values_list("was", "became", "how")) == [
        ("", "open", ""),
        ("open", "worked", "We met"),
        ("worked", "settled", "Each pays half"),
        ("settled", "open", ""),
    ]
    page = words_of(desk.get(address_of(difference.participation, "difference", difference)))
    assert "Each pays half" in page
    assert "Being worked on" in page


def test_the_same_state_again_is_no_step(desk: Desk) -> None:
    difference = add_difference(participation=desk.participation(), by=desk.lead, facts=facts())
    change_difference(difference=difference, by=desk.lead, facts=facts(what="Who pays for what"))
    assert difference.changes.count() == 1


def test_a_state_follows_only_where_the_table_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    difference = add_difference(participation=desk.participation(), by=desk.lead, facts=facts(**SETTLED))
    monkeypatch.setitem(TRANSITIONS, DifferenceState.SETTLED, frozenset())
    with pytest.raises(ValidationError, match="that is settled cannot become open"):
        change_difference(difference=difference, by=desk.lead, facts=facts())


def test_what_waits_stands_first_and_is_gone_once_it_is_done(desk: Desk) -> None:
    participation, loss = added(desk, "give-and-take")
    added(desk, "difference", participation)
    page = words_of(desk.get(record_of(participation)))
    assert "<strong>1 loss</strong> about which nothing has been done" in page
    assert "<strong>1 difference</strong> not settled" in page
    assert "Nothing yet" in page
    done = {"done_about_it": "The board paid for a nurse", "done_on": DAY}
    change_entry(entry=loss, by=desk.lead, facts=done)
    change_difference(difference=participation.differences.get(), by=desk.lead, facts=facts(**SETTLED))
    page = words_of(desk.get(record_of(participation)))
    assert "What waits for somebody" not in page
    assert "The board paid for a nurse" in page


def test_give_and_take_is_counted_for_both_sides(desk: Desk) -> None:
    participation = desk.participation()
    said: list[dict[str, Any]] = [
        {"kind": LedgerKind.GAVE, "side": Side.US, "what": "Rooms"},
        {"kind": LedgerKind.GENEROSITY, "side": Side.PARTNER, "partner": "The council", "what": "A lift home"},
    ]
    for one in said:
        add_entry(participation=participation, by=desk.lead, model=LedgerEntry, facts={**one, "on_day": DAY})
    page = words_of(desk.get(record_of(participation)))
    assert "<strong>Gave:</strong> we 1, partners 0." in page
    assert "<strong>Act of generosity:</strong> we 0, partners 1." in page
    assert "The council" in page


WRITES: dict[str, Callable[[Any, Participation, Any], Any]] = {
    "add": lambda by, participation, entry: add_entry(
        participation=participation, by=by, model=RecordLink, facts={"title": "x", "address": "https://example.org/x"}
    ),
    "change": lambda by, participation, entry: change_entry(entry=entry, by=by, facts={"title": "x"}),
    "remove": lambda by, participation, entry: remove_entry(entry=entry, by=by),
    "add a difference": lambda by, participation, entry: add_difference(
        participation=participation, by=by, facts=facts()
    ),
}


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("role", list(Role))
def test_only_who_fills_in_writes_the_record(desk: Desk, what: str, role: Role) -> None:
    participation, entry = added(desk, "link")
    person = in_role(desk.organisation, role)
    if role in {Role.STRATEGY_LEAD, Role.CONTRIBUTOR}:
        assert WRITES[what](person, participation, entry)
    else:
        with pytest.raises(PermissionDenied):
            WRITES[what](person, participation, entry)


def test_a_reader_sees_the_record_and_is_offered_no_change(desk: Desk) -> None:
    participation, _ = added(desk, "note")
    reader = desk.as_(in_role(desk.organisation, Role.READER))
    page = words_of(reader.get(record_of(participation)))
    assert "The joint clinic began" in page
    assert "Add to the record" not in page
    assert ">Change<" not in page
    assert reader.get(f"{record_of(participation)}add/").status_code == 403


def test_an_old_version_is_refused_by_the_actions_too(desk: Desk) -> None:
    _, entry = added(desk, "link")
    with pytest.raises(ChangedMeanwhile):
        change_entry(entry=entry, by=desk.lead, facts={"title": "x"}, expected_version="0" * 16)
    with pytest.raises(ChangedMeanwhile):
        remove_entry(entry=entry, by=desk.lead, expected_version="0" * 16)
    assert remove_entry(entry=entry, by=desk.lead) is True
    assert remove_entry(entry=entry, by=desk.lead) is False
    with pytest.raises(ValidationError, match="Somebody else removed this"):
        change_entry(entry=entry, by=desk.lead, facts={"title": "x"})


def test_the_page_asks_as_much_of_the_database_for_many_as_for_few(
    desk: Desk, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    participation = desk.participation()
    page = record_of(participation)
    desk.get(page)
    for noun in ENTRIES:
        added(desk, noun, participation)
    with django_assert_max_num_queries(40) as few:
        desk.get(page)
    for number in range(6):
        for noun in ENTRIES:
            one = entries(participation, noun).first()
            one.pk = None
            if isinstance(one, RecordLink):
                one.address = f"https://example.org/{number}"
            one.save()
    with django_assert_num_queries(len(few)):
        assert desk.get(page).status_code == 200


def test_the_partnerships_page_leads_there(desk: Desk) -> None:
    participation = desk.participation()
    page = words_of(desk.get(f"partnerships/{participation.partnership.slug}/"))
    assert f'href="{desk.at(record_of(participation))}"' in page
    choices = words_of(desk.get(f"{record_of(participation)}add/"))
    assert all(f'{desk.at(record_of(participation))}add/{kind}/"' in choices for kind in NOTES)
