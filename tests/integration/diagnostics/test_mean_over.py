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
from diagnostics.instrument import instrument
from diagnostics.instrument.agreement import Agreement
from diagnostics.instrument.loading import BY_PARTNERS, BY_US
from diagnostics.instrument.readiness_rule import readiness_rule
from diagnostics.invitees import Invitee
from diagnostics.models import MeanOver, Round, RoundMode, Subject
from diagnostics.over_time import since_last_time, standing
from diagnostics.readiness import health_of, readiness_of
from diagnostics.results import RoundResults, results_of
from tests.factories import active_participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.open_links import offered
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
    """A closed survey in which one more of each organisation was asked than answered.

    ``unknown`` are statements that so many people of an organisation know nothing of.
    """
    where = kept.get("participation", setting.participation)
    made = start_round(participation=where, people=asked_for(answers), closes_on=next_week(), by=setting.lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, mean_over=mean_over, by=setting.lead)
    left = {name: list(values) for name, values in answers.items()}
    for link in open_round(round=Round.objects.get(pk=made.pk), by=setting.lead):
        name = link.invitation.works_for
        if values := left[name]:
            items, number = kept.get("unknown", {}).get(name, ((), 0))
            passes = dict.fromkeys(items) if len(answers[name]) - len(values) < number else {}
            answer(link, dict.fromkeys(instrument().item_by_code, values.pop()) | passes)
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
    assert results.counts is not None
    assert (results.counts.own, results.counts.few, results.counts.joined, results.counts.number) == (
        ["Aldercote Council", "Westmere Trust"],
        ["Bexford Hospice", "Mind"],
        [],
        3,
    )
    assert results.overall.estimate is not None
    assert results.overall.estimate.mean == pytest.approx(OVER_ORGANISATIONS)
    for line in (*results.groups, *results.characteristics):
        assert line.estimate is not None
        assert line.estimate.mean == pytest.approx(OVER_ORGANISATIONS)
    words = page(lead, Round.objects.get())
    assert (
        "Each organisation counts once in every mean here: Aldercote Council; Westmere Trust. As one more, together: "
        "Bexford Hospice; Mind. Bexford Hospice; Mind: fewer than 5 people had a view on some statement for each.</p>"
    ) in words
    assert "the mean of all who were invited by the organisations that answered is likely to lie" in words
    assert "everybody invited" not in words
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
    assert any(
        str(cell).startswith(
            "Each organisation once: Aldercote Council; Westmere Trust. As one more, together: Bexford Hospice; Mind."
        )
        for cell in cells
    )
    assert round(OVER_ORGANISATIONS, 2) in cells
    assert round(OVER_PEOPLE, 2) not in cells
    assert "Where people work" not in book.sheetnames


def test_agreement_and_the_share_of_dont_know_count_what_was_chosen(setting: Setting, lead: Client) -> None:
    """By hand. Thirty of the trust said 4, of whom six do not know of the first statement; six of the council said 1.

    Over people the variance is that of 30 at 4 and 6 at 1: 9 · (5/36) · 36/35 = 1.29, views that differ. Over the two
    it is 2.25 / (1 − (1/30 + 1/6)/4) = 2.37, more than the 2 of answers at random: views that are divided. Of the
    answers to the first statement 6 in 36 were "don't know" over people, 6 in 60 over the two.
    """
    asked = {"Aldercote Council": [1] * 6, "Westmere Trust": [4] * 30}
    first = next(iter(instrument().item_by_code))
    found: dict[MeanOver, tuple[Any, ...]] = {}
    for mean_over in (MeanOver.PEOPLE, MeanOver.ORGANISATIONS):
        made = counting(setting, asked, mean_over, unknown={"Westmere Trust": ([first], 6)})
        results = shown(made)
        lines = [line for line in results.characteristics if first in [item.item.code for item in line.items]]
        [item] = [item for line in lines for item in line.items if item.item.code == first]
        book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
        facts = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
        heads, overall, *_ = book["Results"].iter_rows(values_only=True)
        assert dict(zip(heads, overall, strict=True))["Agreement"] == results.overall.agreement.value  # type: ignore[union-attr]
        number = len(instrument().item_by_code)
        assert item.dont_know == pytest.approx(results.dont_know * number if results.dont_know else None)
        found[mean_over] = (
            results.overall.agreement,
            results.characteristics[0].items[0].agreement,
            item.dont_know,
            facts["Answers that were “don’t know”"],
        )
        words = page(lead, made)
        assert "of the answers to the statements shown were “don’t know”" in words
        assert ("“don’t know”, each organisation counting once;" in words) is (mean_over == MeanOver.ORGANISATIONS)
    assert found == {
        MeanOver.PEOPLE: (
            Agreement.DIFFER,
            Agreement.DIFFER,
            pytest.approx(6 / 36),
            "1% of those to the statements shown; not in the means",
        ),
        MeanOver.ORGANISATIONS: (
            Agreement.DIVIDED,
            Agreement.DIVIDED,
            pytest.approx(6 / 60),
            "0% of those to the statements shown, each organisation counting once; not in the means",
        ),
    }


def test_who_joins_the_small_ones_and_who_was_not_heard_is_said_by_name(setting: Setting, lead: Client) -> None:
    """As on a running service: nobody of Aldercote had too few views, and the page said so."""
    made = counting(setting, {"Aldercote": [4] * 7, "Bexford": [3] * 8, "Mind": [1], "Silent Hospice": []})
    counts = shown(made).counts
    assert counts is not None
    assert (counts.own, counts.together, counts.few, counts.joined, counts.silent) == (
        ["Bexford"],
        ["Aldercote", "Mind"],
        ["Mind"],
        ["Aldercote"],
        ["Silent Hospice"],
    )
    said = (
        "As one more, together: Aldercote; Mind. Mind: fewer than 5 people had a view on some statement. Aldercote "
        "counts with them, who would be too few to show by themselves: of those with enough views, fewest people were "
        "asked there. No mean counts Silent Hospice, for which nobody answered."
    )
    assert f"Each organisation counts once in every mean here: Bexford. {said}</p>" in page(lead, made)
    book = load_workbook(io.BytesIO(lead.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx").content))
    facts = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    assert facts["What a mean counts"] == f"Each organisation once: Bexford. {said}"


def test_before_it_opens_the_page_says_who_will_count_with_whom(setting: Setting, lead: Client) -> None:
    made = start_round(
        participation=setting.participation, people=asked_for(ANSWERS), closes_on=next_week(), by=setting.lead
    )
    words = page_at(lead, f"/o/{setting.code}/surveys/{made.pk}/read-as/")
    assert "fewer than 5 people have a view on some statement count together as one" in words
    assert "the organisation joins them of which you asked fewest among the others" in words


def test_with_an_open_link_nobody_is_said_to_have_been_heard_of_everybody(setting: Setting, lead: Client) -> None:
    """Any organisation may have had the seats of it that nobody took."""
    found = {}
    for seats in (0, 4):
        people = [Invitee(f"P{n}", f"p{n}@partner.example", "AB"[n % 2]) for n in range(12)]
        made = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
        read_answers_as(round=made, mode=RoundMode.NAMED, mean_over=MeanOver.ORGANISATIONS, by=setting.lead)
        links = open_round(round=Round.objects.get(pk=made.pk), by=setting.lead)
        if seats:
            offered(Round.objects.get(pk=made.pk), setting.lead, seats)
        for place, link in enumerate(links):
            answer(link, 2 + place % 3)
        close_round(round=made, by=setting.lead)
        kept = Round.objects.get(pk=made.pk)
        overall = shown(kept).overall.estimate
        assert overall is not None
        assert shown(kept).over_organisations
        found[seats] = (overall.is_of_everybody, "from everybody asked" in page(lead, kept))
    assert found == {0: (True, True), 4: (False, False)}


def test_a_raised_threshold_has_people_count(setting: Setting, lead: Client, settings: Any) -> None:
    """Twelve answers: of two organisations, or of twelve people where it takes thirteen to break a result down."""
    answers = {"Aldercote Council": [2] * 4 + [3] * 1, "Westmere Trust": [5] * 7}
    assert shown(counting(setting, answers)).over_organisations
    settings.SURVEY_BREAKDOWN_THRESHOLD = 13
    made = counting(setting, answers)
    assert not shown(made).over_organisations
    assert "fewer than 13 in all" in page(lead, made)
    assert not health_of(setting.organisation)[setting.participation.pk].over_organisations


def test_readiness_counts_who_passed_a_statement_by_with_their_own_organisation(setting: Setting) -> None:
    """The fifteen of the trust said 5, three of them not to all: the trust has 5, whatever the others said."""
    made = counting(setting, ANSWERS, unknown={"Westmere Trust": (["FOC1", "TRU1"], 3)})
    overall = shown(made).overall.estimate
    assert overall is not None
    assert overall.mean == pytest.approx(OVER_ORGANISATIONS)
    found = readiness_of(organisation=setting.organisation, draws=20, seed=1)[setting.participation.pk]
    rule = readiness_rule()
    assert found.mean == pytest.approx(rule.least + (1 - rule.least) * (OVER_ORGANISATIONS - 1) / 4)


def test_where_a_plan_begins_stands_what_the_survey_shows(setting: Setting) -> None:
    made = counting(setting, ANSWERS)
    stood = standing(Round.objects.filter(pk=made.pk).with_questions().with_progress())[made.pk]
    assert {code: one.mean for code, one in stood.items()} == pytest.approx(
        {one.code: OVER_ORGANISATIONS for one in instrument().characteristics}
    )


def test_how_far_partnerships_can_be_told_apart_leaves_out_those_that_count_organisations(setting: Setting) -> None:
    first, second = (active_participation(setting.organisation) for _ in range(2))
    closed(first, setting.lead, [5, 4, 5, 4, 5, 4, 5])
    counting(setting, ANSWERS)
    assert across(setting.organisation).apart is None  # one of people alone
    closed(second, setting.lead, [2, 3, 2, 3, 2, 3, 2])
    apart = across(setting.organisation).apart
    assert apart is not None
    assert (apart.groups, apart.people) == (2, 14)


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
    for said in ("How many answered, were asked or had a view", "the means of a single organisation"):
        assert said in words
    assert words.endswith("Every other mean or share, and agreement in words, counts organisations.")
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
    assert "do not count in the same way both times: Bexford Hospice; Carrow School; Mind." in words
    assert "It is another mean than this survey has by itself." in words


def test_what_was_last_time_stands_beside_no_mean_over_other_organisations(setting: Setting, lead: Client) -> None:
    """By hand: the two have 4 and 2 both times, and a town comes with 5. Over the same nothing has changed, and the
    mean of the later survey by itself is (4 + 2 + 5) / 3.
    """
    both = {"Aldercote Council": [2] * 6, "Westmere Trust": [4] * 6}
    counting(setting, both)
    with_town = counting(setting, {**both, "Town": [5] * 9})
    since = since_last_time(with_town)
    assert since is not None
    assert since.overall is not None
    assert (since.overall.before, since.overall.after) == (3, 3)
    assert since.means_before == {}
    words = page(lead, with_town)
    assert "3.7" in words
    assert "A hollow diamond" not in words
    assert "do not count in the same way both times: Town." in words
    fallen = {"Aldercote Council": [2] * 6, "Westmere Trust": [1] * 6, "Town": [5] * 9, "Harbour": [3] * 7}
    words = page(lead, counting(setting, fallen))
    assert "It fell over the organisations that count both times, from 3.7 to 2.7 since last time, more than" in words
    same = since_last_time(counting(setting, fallen))
    assert same is not None
    assert len(same.means_before) == 8


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
