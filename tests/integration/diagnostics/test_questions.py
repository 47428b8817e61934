"""An organisation's own versions of the questions: made, published, chosen, asked and compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from diagnostics.across import across
from diagnostics.actions import close_round
from diagnostics.actions.questions import (
    add_item,
    change_item,
    choose_version,
    discard_draft,
    draft_from_file,
    leave_item_out,
    publish_draft,
)
from diagnostics.instrument import CURRENT, instrument, load
from diagnostics.instrument.own import reworded
from diagnostics.models import InstrumentVersion
from diagnostics.over_time import since_last_time
from diagnostics.questions import asked_before, questions_in_use, questions_to_change, state_of, version_in_use
from diagnostics.readiness import readiness_of
from partnerships.editing import ChangedMeanwhile
from partnerships.models import Organisation
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import answer, closed, draft, opened

pytestmark = pytest.mark.django_db

# In a row of a table: what the phone's heading of a cell says, and what stands in it.
CELL = re.compile(r'aria-hidden="true">([^<]+)</span>(.*?)</td>')


def now(organisation: Organisation) -> str:
    return state_of(questions_to_change(organisation))


def change(setting: Setting, code: str, text: str, *, same: bool) -> InstrumentVersion:
    return change_item(
        organisation=setting.organisation,
        code=code,
        text=text,
        same_question=same,
        by=setting.lead,
        expected_version=now(setting.organisation),
    )


def publish(setting: Setting, *, use_it: bool = True) -> InstrumentVersion:
    return publish_draft(
        organisation=setting.organisation,
        note="People asked what it meant",
        use_it=use_it,
        by=setting.lead,
        expected_version=now(setting.organisation),
    )


def ask_otherwise(setting: Setting, *codes: str) -> InstrumentVersion:
    """Publish a version with other questions in the place of these."""
    for code in codes:
        change(setting, code, f"Another question than {code}.", same=False)
    return publish(setting)


def test_without_a_choice_the_newest_shipped_version_is_asked(setting: Setting) -> None:
    assert version_in_use(setting.organisation) == CURRENT
    assert draft(setting.participation, setting.lead).instrument == instrument()


def test_changes_gather_in_one_draft_and_nobody_is_asked_it(setting: Setting) -> None:
    change(setting, "TRU1", "We make time to get to know one another.", same=True)
    change(setting, "TRU2", "We lend one another a hand.", same=False)
    made = add_item(
        organisation=setting.organisation,
        about="time",
        text="We stop when we are done.",
        by=setting.lead,
        expected_version=now(setting.organisation),
    )
    assert InstrumentVersion.objects.count() == 1
    assert made.version == f"{setting.code.lower()}-1"
    assert made.instrument.version == made.version
    assert made.based_on == CURRENT
    assert len(made.instrument.items) == 32
    assert "TRU2" not in made.instrument.item_by_code
    assert questions_in_use(setting.organisation) == instrument()
    assert draft(setting.participation, setting.lead).instrument_version == CURRENT


def test_a_survey_keeps_the_version_it_was_started_with(setting: Setting) -> None:
    before = draft(setting.participation, setting.lead)
    made = ask_otherwise(setting, "TRU1")
    other = active_participation(setting.organisation)
    after = draft(other, setting.lead)
    assert before.instrument == instrument()
    assert after.instrument_version == made.version
    after.refresh_from_db()
    assert after.instrument == made.instrument
    choose_version(organisation=setting.organisation, version="eight-characteristics-1", by=setting.lead)
    assert version_in_use(setting.organisation) == "eight-characteristics-1"
    after.refresh_from_db()
    assert after.instrument == made.instrument


def test_codes_are_never_given_twice(setting: Setting) -> None:
    """Also not after the version that used one is out of use: the same code would be taken for the same question."""
    first = ask_otherwise(setting, "TRU1")
    code = (first.instrument.item_by_code.keys() - instrument().item_by_code.keys()).pop()
    choose_version(organisation=setting.organisation, version=CURRENT, by=setting.lead)
    second = ask_otherwise(setting, "TRU1")
    other = (second.instrument.item_by_code.keys() - instrument().item_by_code.keys()).pop()
    assert other != code
    assert {code, other} <= asked_before(setting.organisation).keys()


WAYS_ROUND: dict[str, Callable[[Any], object]] = {
    "document": lambda rows: rows.update(document=rows.get().document | {"title": "Something else"}),
    "version": lambda rows: rows.update(version="other-1"),
    "based on": lambda rows: rows.update(based_on="other-1"),
    "published": lambda rows: rows.update(published_at=None, published_by=None),
    "delete": lambda rows: rows.delete(),
}


@pytest.mark.parametrize("way", WAYS_ROUND)
def test_what_is_published_stays_as_it_is(setting: Setting, way: str) -> None:
    made = ask_otherwise(setting, "TRU1")
    rows = InstrumentVersion.objects.filter(pk=made.pk)
    with pytest.raises(IntegrityError, match="is published and stays as it is"), transaction.atomic():
        WAYS_ROUND[way](rows)
    rows.update(note="A note may be mended")
    assert load(rows.get().document) == made.instrument


def test_a_draft_may_be_changed_and_dropped(setting: Setting) -> None:
    change(setting, "TRU1", "We make time for one another.", same=True)
    change(setting, "TRU1", "We find time for one another.", same=True)
    assert InstrumentVersion.objects.get().instrument.item_by_code["TRU1"].text == "We find time for one another."
    discard_draft(organisation=setting.organisation, by=setting.lead)
    assert not InstrumentVersion.objects.exists()
    discard_draft(organisation=setting.organisation, by=setting.lead)


def test_the_second_to_save_is_told(setting: Setting) -> None:
    seen = now(setting.organisation)
    change(setting, "TRU1", "We make time for one another.", same=True)
    organisation, by = setting.organisation, setting.lead
    with pytest.raises(ChangedMeanwhile):
        leave_item_out(organisation=organisation, code="TRU1", by=by, expected_version=seen)
    with pytest.raises(ChangedMeanwhile):
        add_item(organisation=organisation, about="time", text="More.", by=by, expected_version=seen)
    with pytest.raises(ChangedMeanwhile):
        publish_draft(organisation=organisation, note="Why", use_it=True, by=by, expected_version=seen)


def test_what_the_loader_refuses_is_said(setting: Setting) -> None:
    with pytest.raises(ValidationError, match="trust-generosity needs at least 2 items"):
        leave_item_out(
            organisation=setting.organisation, code="TRU1", by=setting.lead, expected_version=now(setting.organisation)
        )
    with pytest.raises(ValidationError, match=r"U\+0007"):
        change(setting, "TRU1", "We ring \a bells.", same=True)
    assert not InstrumentVersion.objects.exists()


def test_a_file_begins_a_draft_unless_it_changes_too_much_or_nothing(setting: Setting) -> None:
    organisation, lead = setting.organisation, setting.lead
    with pytest.raises(ValidationError, match="Nothing would change"):
        draft_from_file(organisation=organisation, made=instrument(), by=lead)
    with pytest.raises(ValidationError, match="places: your own version keeps where people work"):
        draft_from_file(organisation=organisation, made=replace(instrument(), places=instrument().places[:2]), by=lead)
    sent = reworded(instrument(), "TRU1", "We make time for one another.")
    made = draft_from_file(organisation=organisation, made=replace(sent, version="theirs-9"), by=lead)
    assert made.instrument.version == made.version != "theirs-9"
    with pytest.raises(ValidationError, match="under way already"):
        draft_from_file(organisation=organisation, made=sent, by=lead)


def test_a_version_without_changes_or_without_a_reason_is_not_published(setting: Setting) -> None:
    change(setting, "TRU1", "We make time for one another.", same=True)
    with pytest.raises(ValidationError, match="Enter why the questions change"):
        publish_draft(
            organisation=setting.organisation,
            note="",
            use_it=True,
            by=setting.lead,
            expected_version=now(setting.organisation),
        )
    change(setting, "TRU1", instrument().item_by_code["TRU1"].text, same=True)
    with pytest.raises(ValidationError, match="asks what your surveys ask already"):
        publish(setting)


def test_only_what_is_published_here_can_be_chosen(setting: Setting) -> None:
    change(setting, "TRU1", "We make time for one another.", same=True)
    with pytest.raises(ValidationError, match="Publish this version"):
        choose_version(
            organisation=setting.organisation, version=InstrumentVersion.objects.get().version, by=setting.lead
        )
    other, their_lead, _ = organisation_with_people()
    theirs = Setting(other, their_lead, their_lead, active_participation(other))
    with pytest.raises(ValidationError, match="no instrument"):
        choose_version(
            organisation=setting.organisation, version=ask_otherwise(theirs, "TRU1").version, by=setting.lead
        )


def test_whoever_may_not_edit_changes_nothing(setting: Setting) -> None:
    organisation, executive = setting.organisation, setting.executive
    seen = now(organisation)
    with pytest.raises(PermissionDenied):
        add_item(organisation=organisation, about="time", text="More.", by=executive, expected_version=seen)
    with pytest.raises(PermissionDenied):
        leave_item_out(organisation=organisation, code="TRU1", by=executive, expected_version=seen)
    with pytest.raises(PermissionDenied):
        draft_from_file(organisation=organisation, made=instrument(), by=executive)
    with pytest.raises(PermissionDenied):
        publish_draft(organisation=organisation, note="Why", use_it=True, by=executive, expected_version=seen)
    with pytest.raises(PermissionDenied):
        discard_draft(organisation=organisation, by=executive)
    with pytest.raises(PermissionDenied):
        choose_version(organisation=organisation, version=CURRENT, by=executive)


def broken(setting: Setting, *, published: bool = False, **facts: Any) -> InstrumentVersion:
    when = {"published_at": timezone.now(), "published_by": setting.lead} if published else {}
    row = {"version": "x-1", "based_on": CURRENT, "document": {}, "created_by": setting.lead, **when, **facts}
    return InstrumentVersion.objects.create(organisation=setting.organisation, **row)


RULES: dict[str, list[dict[str, Any]]] = {
    "instrument_version_once": [{"published": True, "note": "a"}, {"published": True, "note": "b"}],
    "instrument_version_one_draft": [{"version": "x-1"}, {"version": "x-2"}],
    "instrument_version_published_by_and_at": [{"published": True, "published_by": None, "note": "a"}],
    "instrument_version_published_says_why": [{"published": True}],
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_of_the_database(setting: Setting, rule: str) -> None:
    *before, last = RULES[rule]
    for row in before:
        broken(setting, **row)
    with pytest.raises(IntegrityError, match=rule):
        broken(setting, **last)


def test_round_on_round_is_over_what_both_asked_and_says_where_it_is_not(setting: Setting) -> None:
    closed(setting.participation, setting.lead, [2] * 6)
    change(setting, "LEA1", "We check whether we are making a difference.", same=True)
    made = ask_otherwise(setting, "PUR1", "PUR2", "GOA1", "TRU1")
    codes = made.instrument.item_by_code
    later = answered(setting, dict.fromkeys(codes, 4))
    since = since_last_time(later)
    assert since is not None
    assert [(one.name, one.shared.items, one.shared.of) for one in since.not_comparable] == [
        ("Clear purpose, realistic goals", 1, 4)
    ]
    assert since.by_characteristic["trust"].by == 2
    assert "trust" not in since.means_before
    assert since.means_before["learning"] == 2
    assert [one.now.code for one in since.asked_otherwise.reworded] == ["LEA1"]
    assert since.overall is not None
    assert since.overall.by == 2


def answered(setting: Setting, values: dict[str, int], people: int = 6) -> Any:
    made, links = opened(setting.participation, setting.lead)
    for link in links[:people]:
        answer(link, values)
    return close_round(round=made, by=setting.lead)


def test_side_by_side_and_readiness_are_over_what_both_asked(setting: Setting) -> None:
    elsewhere = active_participation(
        setting.organisation,
        partnership=PartnershipFactory.create(name="Quay Alliance", recorded_by=setting.organisation),
    )
    old = closed(elsewhere, setting.lead, [4] * 6)
    alike = readiness_of(organisation=setting.organisation, draws=50, seed=1)[elsewhere.pk]
    made = ask_otherwise(setting, "PUR1", "PUR2", "GOA1", "TRU1")
    # What only this one was asked is answered otherwise than what both were.
    values = {code: 2 if code in instrument().item_by_code else 5 for code in made.instrument.item_by_code}
    new = answered(setting, values)
    picture = {row.round.pk: row for row in across(setting.organisation).rows}
    assert across(setting.organisation).over_fewer
    assert picture[new.pk].cells["trust"].estimate.mean == 2
    assert picture[new.pk].cells["purpose"].estimate.mean == pytest.approx((5 + 3.5) / 2)
    assert "purpose" not in picture[old.pk].cells
    assert (picture[old.pk].not_comparable["purpose"].items, picture[old.pk].not_comparable["purpose"].of) == (1, 4)
    assert picture[old.pk].cells["trust"].estimate.mean == 4
    both = readiness_of(organisation=setting.organisation, draws=50, seed=1)
    # All is 4 wherever the older one was asked, so nothing changes for it but what pooling does.
    assert both[elsewhere.pk].overall == alike.overall
    assert both[setting.participation.pk].overall > 2
    assert both[setting.participation.pk].mean < both[elsewhere.pk].mean


def test_the_page_over_surveys_says_in_the_cell_what_cannot_be_compared(setting: Setting, client: Client) -> None:
    elsewhere = active_participation(
        setting.organisation,
        partnership=PartnershipFactory.create(name="Quay Alliance", recorded_by=setting.organisation),
    )
    closed(elsewhere, setting.lead, [4] * 6)
    made = ask_otherwise(setting, "PUR1", "PUR2", "GOA1", "TRU1")
    answered(setting, dict.fromkeys(made.instrument.item_by_code, 3))
    client.force_login(setting.executive)
    words = " ".join(client.get(f"/o/{setting.code}/surveys/compare/").content.decode().split())
    [theirs] = [row for row in re.findall(r"<tr .*?</tr>", words) if "Quay Alliance" in row]
    [ours] = [row for row in re.findall(r"<tr .*?</tr>", words) if "Westmere Frailty" in row]
    cells = dict(CELL.findall(theirs))
    assert [name for name, inside in cells.items() if "Not comparable" in inside] == ["Clear purpose, realistic goals"]
    assert "<strong>4.0</strong>" in cells["Trust and generosity"]
    assert "Not comparable" not in ours
    assert "Quay Alliance: Clear purpose, realistic goals (1 of 4)" in words


def test_the_lists_take_as_many_queries_with_own_versions(setting: Setting, django_assert_num_queries: Any) -> None:
    closed(setting.participation, setting.lead, [4] * 6)
    with django_assert_num_queries(2):
        across(setting.organisation)
    for number in (1, 2):
        made = ask_otherwise(setting, f"TRU{number}")
        other = active_participation(setting.organisation)
        values = dict.fromkeys(made.instrument.item_by_code, 3)
        answered(Setting(setting.organisation, setting.lead, setting.executive, other), values)
        with django_assert_num_queries(2):
            across(setting.organisation)


def test_a_version_round_trips_through_its_row(setting: Setting) -> None:
    made = ask_otherwise(setting, "TRU1")
    assert json.loads(json.dumps(InstrumentVersion.objects.get().document)) == made.document
