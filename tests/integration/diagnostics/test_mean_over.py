"""Means over people or over organisations: chosen, fixed, carried on, stated wherever there is a mean, never both."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from diagnostics.across import across
from diagnostics.actions import (
    RoundRefusedError,
    close_round,
    open_round,
    read_answers_as,
    start_round,
    start_rounds,
)
from diagnostics.instrument.loading import BY_PARTNERS, BY_US
from diagnostics.instrument.readiness_rule import readiness_rule
from diagnostics.invitees import Invitee
from diagnostics.models import MeanOver, Round, RoundMode, Subject
from diagnostics.over_time import since_last_time
from diagnostics.readiness import health_of, readiness_of
from diagnostics.results import RoundResults, results_of
from tests.factories import active_participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import answer, closed, next_week

# Over people 3.8, over the two that count of their own and the others together 3.
ANSWERS = {"Aldercote Council": [2] * 5, "Bexford Hospice": [1] * 3, "Mind": [3] * 2, "Westmere Trust": [5] * 15}
OVER_PEOPLE, OVER_ORGANISATIONS = (10 + 3 + 6 + 75) / 25, (2 + 9 / 5 + 5) / 3


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def asked_for(answers: Mapping[str, list[int]]) -> list[Invitee]:
    names = [name for name, values in answers.items() for _ in range(len(values) + 1)]
    return [Invitee(f"Person {n}", f"p{n}@partner.example", name) for n, name in enumerate(names)]


def counting(
    setting: Setting, answers: Mapping[str, list[int]], mean_over: MeanOver = MeanOver.ORGANISATIONS, **kept: Any
) -> Round:
    """A closed survey in which one more of each organisation was asked than answered."""
    where = kept.get("participation", setting.participation)
    made = start_round(participation=where, people=asked_for(answers), closes_on=next_week(), by=setting.lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, mean_over=mean_over, by=setting.lead)
    left = {name: list(values) for name, values in answers.items()}
    for link in open_round(round=Round.objects.get(pk=made.pk), by=setting.lead):
        if values := left[link.invitation.works_for]:
            answer(link, values.pop())
    close_round(round=made, by=setting.lead)
    return Round.objects.get(pk=made.pk)


def shown(made: Round) -> RoundResults:
    results = results_of(made)
    assert results is not None
    return results


def page(client: Client, made: Round) -> str:
    return page_at(client, f"/o/{made.organisation.code}/surveys/{made.pk}/")


def page_at(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_it_is_chosen_on_the_page_and_only_with_names(setting: Setting, lead: Client) -> None:
    made = start_round(
        participation=setting.participation, people=asked_for(ANSWERS), closes_on=next_week(), by=setting.lead
    )
    assert made.mean_over == MeanOver.PEOPLE
    assert "Means count each person once." in page(lead, made)
    address = f"/o/{setting.code}/surveys/{made.pk}/read-as/"
    refused = lead.post(address, {"mode": "anonymous", "mean_over": "organisations"}).content.decode()
    assert "Answers without names carry no organisation. Choose people here" in refused
    for given in ({"mode": "named"}, {"mode": "named", "mean_over": "both"}):
        assert (
            "Choose whether each person counts once, or each organisation."
            in lead.post(address, given).content.decode()
        )
    assert lead.post(address, {"mode": "named", "mean_over": "organisations"}).status_code == 302
    assert "Means count each organisation once." in page(lead, made)
    with pytest.raises(RoundRefusedError, match="carry no organisation"):
        read_answers_as(round=made, mode=RoundMode.ANONYMOUS, mean_over=MeanOver.ORGANISATIONS, by=setting.lead)
    assert lead.post(address, {"mode": "anonymous", "mean_over": "people"}).status_code == 302
    assert "Means count each person once." in page(lead, made)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"mean_over": "organisations"}, "round_counts_organisations_only_with_names"),
        ({"mean_over": "both", "mode": "named"}, "round_mean_over_is_known"),
    ],
)
def test_the_database_keeps_what_can_be_chosen(setting: Setting, changes: dict[str, str], constraint: str) -> None:
    made = start_round(
        participation=setting.participation, people=asked_for(ANSWERS), closes_on=next_week(), by=setting.lead
    )
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**changes)


@pytest.mark.parametrize("subject", [Subject.BY_PARTNERS, Subject.BY_US])
def test_how_good_a_partner_we_are_counts_people(setting: Setting, lead: Client, subject: Subject) -> None:
    """Our own people are one organisation: there would be no gap, and a mean over people on other pages."""
    made = start_round(
        participation=setting.participation, people=asked_for(ANSWERS), closes_on=next_week(), by=setting.lead
    )
    asks = {Subject.BY_PARTNERS: BY_PARTNERS, Subject.BY_US: BY_US}[subject]
    Round.objects.filter(pk=made.pk).update(subject=subject, instrument_version=asks)
    made.refresh_from_db()
    address = f"/o/{setting.code}/surveys/{made.pk}/read-as/"
    assert "A mean counts each person once, on both sides" in page_at(lead, address)
    lead.post(address, {"mode": "named", "mean_over": "organisations"})
    made.refresh_from_db()
    assert (made.mode, made.mean_over) == (RoundMode.ANONYMOUS, MeanOver.PEOPLE)
    with pytest.raises(RoundRefusedError, match="is a mean over people"):
        read_answers_as(round=made, mode=RoundMode.NAMED, mean_over=MeanOver.ORGANISATIONS, by=setting.lead)
    with pytest.raises(IntegrityError, match="round_about_us_counts_people"), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(mode="named", mean_over="organisations")
    assert lead.post(address, {"mode": "named", "mean_over": "people"}).status_code == 302


def test_from_its_opening_on_it_is_fixed(setting: Setting) -> None:
    made = start_round(
        participation=setting.participation, people=asked_for(ANSWERS), closes_on=next_week(), by=setting.lead
    )
    read_answers_as(round=made, mode=RoundMode.NAMED, mean_over=MeanOver.ORGANISATIONS, by=setting.lead)
    made.refresh_from_db()
    open_round(round=made, by=setting.lead)
    for _ in ("open", "closed"):
        with pytest.raises(RoundRefusedError):
            read_answers_as(round=made, mode=RoundMode.NAMED, by=setting.lead)
        with pytest.raises(IntegrityError, match="settled as survey") as refused, transaction.atomic():
            Round.objects.filter(pk=made.pk).update(mean_over="people")
        assert refused.value.__cause__.diag.constraint_name == "round_mean_over_stays"  # type: ignore[union-attr]
        if made.closed_at is None:
            close_round(round=made, by=setting.lead)


def test_each_organisation_counts_once_and_the_small_ones_together(setting: Setting, lead: Client) -> None:
    results = shown(counting(setting, ANSWERS))
    assert results.over_organisations
    assert (results.organisations_counted, results.others_together) == (3, True)
    assert results.overall.estimate is not None
    assert results.overall.estimate.mean == pytest.approx(OVER_ORGANISATIONS)
    for line in (*results.groups, *results.characteristics):
        assert line.estimate is not None
        assert line.estimate.mean == pytest.approx(OVER_ORGANISATIONS)
    words = page(lead, Round.objects.get())
    assert "Each organisation counts once in every mean here: 3 of them, one of which is all those together" in words
    assert f"Overall {OVER_ORGANISATIONS:.1f} of 5" in words
    assert f"{OVER_PEOPLE:.1f}" not in words


def test_nothing_that_is_shown_counts_people(setting: Setting, lead: Client) -> None:
    """Neither a number of people at a point of the scale, nor places of work, from which their mean would follow."""
    made = counting(setting, ANSWERS)
    results = shown(made)
    assert results.by_place is None
    for line in (*results.characteristics, *results.topics):
        assert (line.agreed, line.agreed_on_items) == (None, None)
        for item in line.items:
            assert [share.count for share in item.distribution.shares] == [None] * 5
            percent = [share.percent for share in item.distribution.shares]
            # the others are three who said 1 and two who said 3
            assert percent == pytest.approx([20, 100 / 3, 40 / 3, 0, 100 / 3])
    book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any(str(cell).startswith("Each of 3 organisations once; those with fewer than 5") for cell in cells)
    assert round(OVER_ORGANISATIONS, 2) in cells
    assert round(OVER_PEOPLE, 2) not in cells
    assert "Where people work" not in book.sheetnames


def test_the_workbook_says_which_of_its_columns_count_people_all_the_same(setting: Setting, lead: Client) -> None:
    """Each is looked up where it stands: a number of people, which the words have to own up to."""
    made = counting(setting, ANSWERS)
    book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
    facts = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    words = str(facts["What counts people"])
    heads, overall, *_ = book["Results"].iter_rows(values_only=True)
    assert dict(zip(heads, overall, strict=True))["People with a view"] == 25
    heads, *rows = book["By organisation"].iter_rows(values_only=True)
    westmere = dict(zip(heads, next(row for row in rows if row[0] == "Westmere Trust"), strict=True))
    assert (westmere["Answered"], westmere["Asked"]) == (15, 16)
    for said in ("How many answered, were asked or had a view", "agreement in words", "a single organisation"):
        assert said in words
    assert not [cell for cell in facts.values() if "Nothing here counts people" in str(cell)]


def test_a_workbook_of_means_over_people_says_nothing_of_it(setting: Setting, lead: Client) -> None:
    made = counting(setting, ANSWERS, MeanOver.PEOPLE)
    book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
    facts = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    assert facts["What a mean counts"] == "Each person once"
    assert "What counts people" not in facts


def test_where_too_few_answered_for_it_people_count_and_the_page_says_so(setting: Setting, lead: Client) -> None:
    made = counting(setting, {"Aldercote Council": [2] * 4, "Westmere Trust": [5] * 8})
    results = shown(made)
    assert not results.over_organisations
    assert results.overall.estimate is not None
    assert results.overall.estimate.mean == pytest.approx(4)
    assert "Organisations were to count once each, but too few people answered for that" in page(lead, made)
    book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
    cells = [cell for row in book["Summary"].iter_rows(values_only=True) for cell in row]
    assert "Each person once: too few people answered for organisations to count once each" in cells


def test_health_readiness_and_the_other_pages_count_alike(setting: Setting, lead: Client) -> None:
    made = counting(setting, ANSWERS)
    health = health_of(setting.organisation)[setting.participation.pk]
    assert health.overall == pytest.approx(OVER_ORGANISATIONS)
    assert health.over_organisations
    readiness = readiness_of(organisation=setting.organisation, draws=50, seed=1)[setting.participation.pk]
    rule = readiness_rule()
    assert readiness.mean == pytest.approx(rule.least + (1 - rule.least) * (OVER_ORGANISATIONS - 1) / 4)
    assert readiness.over_organisations
    [row] = across(setting.organisation).rows
    assert row.overall is not None
    assert row.overall.estimate.mean == pytest.approx(OVER_ORGANISATIONS)
    assert "each organisation counts once" in lead.get(f"/o/{setting.code}/surveys/compare/").content.decode()
    slug = made.participation.partnership.slug
    assert "each organisation counts once" in " ".join(
        lead.get(f"/o/{setting.code}/partnerships/{slug}/health/").content.decode().split()
    )


def test_nobody_is_said_to_be_stronger_who_counts_otherwise(setting: Setting) -> None:
    made = counting(setting, ANSWERS)
    other = active_participation(setting.organisation)
    closed(other, setting.lead, [5] * 7)
    assert across(setting.organisation).stronger(made) == {}
    third = active_participation(setting.organisation)
    counting(setting, {"Aldercote Council": [5] * 6, "Westmere Trust": [5] * 6}, participation=third)
    found = across(setting.organisation).stronger(made)
    assert {row.round.participation_id for rows in found.values() for row in rows} == {third.pk}


def test_the_next_survey_counts_as_the_last_did(setting: Setting) -> None:
    counting(setting, ANSWERS)
    people = asked_for(ANSWERS)
    again = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
    assert (again.mode, again.mean_over) == (RoundMode.NAMED, MeanOver.ORGANISATIONS)
    again.delete()
    nowhere = [Invitee("Nobody's", "n@partner.example"), *people]
    [again] = start_rounds(asked={setting.participation: nowhere}, closes_on=next_week(), by=setting.lead)
    assert (again.mode, again.mean_over) == (RoundMode.ANONYMOUS, MeanOver.PEOPLE)
    again.delete()
    counting(setting, ANSWERS, MeanOver.PEOPLE)
    again = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
    assert again.mean_over == MeanOver.PEOPLE


def test_two_that_count_otherwise_are_not_compared(setting: Setting, lead: Client) -> None:
    counting(setting, ANSWERS, MeanOver.PEOPLE)
    second = counting(setting, ANSWERS)
    since = since_last_time(second)
    assert since is not None
    assert since.counted_otherwise
    assert (since.overall, since.by_characteristic) == (None, {})
    assert "in one each person counts once and in the other each organisation, or too few" in page(lead, second)
    higher = {name: [min(5, value + 1) for value in values] for name, values in ANSWERS.items()}
    since = since_last_time(counting(setting, higher))
    assert since is not None
    assert not since.counted_otherwise
    assert since.overall is not None
    assert since.overall.by == pytest.approx(2 / 3)


def test_the_page_names_the_organisations_that_are_compared_and_those_left_out(setting: Setting, lead: Client) -> None:
    counting(setting, ANSWERS)
    counts = "Each organisation counts once, and only the same in both: Aldercote Council; Westmere Trust"
    same = page(lead, counting(setting, ANSWERS))
    assert f"{counts}; and as one, since they do not each count of their own both times: Bexford Hospice; Mind." in same
    assert "Left out, since" not in same
    others = {**ANSWERS, "Carrow School": [1] * 2}
    words = page(lead, counting(setting, others))
    assert f"{counts}." in words
    assert "not the same organisations both times: Bexford Hospice; Carrow School; Mind." in words


def test_two_queries_more_however_many_surveys_count_organisations(
    setting: Setting, django_assert_num_queries: Any
) -> None:
    counting(setting, ANSWERS)
    with django_assert_num_queries(4):
        health_of(setting.organisation)
    counting(setting, ANSWERS, participation=active_participation(setting.organisation))
    with django_assert_num_queries(4):
        assert len(health_of(setting.organisation)) == 2


def test_how_answers_spread_over_every_scale(setting: Setting, lead: Client) -> None:
    made = counting(setting, ANSWERS, MeanOver.PEOPLE)
    for line in shown(made).scales:
        assert line.distribution is not None
        assert [share.percent for share in line.distribution.shares] == pytest.approx([12, 20, 8, 0, 60])
        assert line.dont_know == 0
    words = page(lead, made)
    assert "How answers spread: overall, groups, characteristics and their parts" in words
    book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
    heads, overall, *_ = book["Results"].iter_rows(values_only=True)
    row = dict(zip(heads, overall, strict=True))
    assert (row["Share: Strongly disagree"], row["Share of don’t know"]) == (0.12, 0)
