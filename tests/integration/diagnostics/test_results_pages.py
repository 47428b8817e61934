"""What a closed survey shows, and the partnerships side by side."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.test import Client

from diagnostics.across import across
from diagnostics.actions import close_round
from diagnostics.models import Round
from partnerships.models import Participation
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import ITEMS, answer, closed, opened

Values = int | Mapping[str, int | None]


@pytest.fixture
def executive(client: Client, setting: Setting) -> Client:
    client.force_login(setting.executive)
    return client


def read(client: Client, made: Round) -> Any:
    return client.get(f"/o/{made.organisation.code}/surveys/{made.pk}/")


def words_of(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def answered_by(
    participation: Participation, setting: Setting, people: Sequence[tuple[Values, str]], invited: int | None = None
) -> Round:
    """A closed round in which these people answered so, from these places."""
    made, links = opened(participation, setting.lead, invited or len(people))
    for link, (values, place) in zip(links, people, strict=False):
        answer(link, values, place)
    return close_round(round=made, by=setting.lead)


def another(setting: Setting, name: str) -> Participation:
    partnership = PartnershipFactory.create(name=name, recorded_by=setting.organisation)
    return active_participation(setting.organisation, partnership=partnership)


def all_but(value: int, **others: int | None) -> dict[str, int | None]:
    return {**dict.fromkeys(ITEMS, value), **others}


def test_the_band_is_said_and_its_edge_is_not_passed_over(setting: Setting, executive: Client) -> None:
    sure = words_of(read(executive, closed(setting.participation, setting.lead, [2] * 7)))
    assert "Overall 2.0 of 5, from everybody asked: low." in sure
    unsure = words_of(read(executive, closed(setting.participation, setting.lead, [2, 3, 3, 4, 4], invited=20)))
    assert ": between low and mixed." in unsure or ": between low and strong." in unsure


def test_answers_to_a_statement_are_dots_for_few_and_bars_for_many(setting: Setting, executive: Client) -> None:
    few = words_of(read(executive, closed(setting.participation, setting.lead, [2, 4, 4, 4, 5, 5, 5])))
    assert "<circle" in few
    assert "survey-spread__drawing--bar" not in few
    many = words_of(read(executive, closed(setting.participation, setting.lead, [4] * 12, invited=12)))
    assert "survey-spread__drawing--bar" in many
    assert "<circle" not in many


def test_people_who_take_sides_are_said_to_be_divided(setting: Setting, executive: Client) -> None:
    made = answered_by(
        setting.participation, setting, [(all_but(4, GOV1=side, GOV3=side), "lead") for side in (1, 1, 1, 5, 5, 5)]
    )
    words = words_of(read(executive, made))
    assert "Views are divided. Find out first what different people see." in words
    assert "r*wg 0.00, rwg(j) 0.00" in words


def test_people_of_one_mean_who_take_sides_on_every_statement_are_divided(setting: Setting, executive: Client) -> None:
    """What each says is 3 on average, which is no agreement."""
    people = [(all_but(4, GOV1=side, GOV3=6 - side), "lead") for side in (1, 1, 1, 5, 5, 5)]
    words = words_of(read(executive, answered_by(setting.participation, setting, people)))
    assert "Views are divided. Find out first what different people see." in words
    assert "r*wg 0.00, rwg(j) 0.00" in words


def test_what_changed_since_last_time_is_told_from_chance(setting: Setting, executive: Client) -> None:
    first = closed(setting.participation, setting.lead, [2, 2, 3, 3, 2, 3, 2])
    assert "Since last time" not in words_of(read(executive, first))
    second = closed(setting.participation, setting.lead, [4, 4, 5, 4, 5, 4, 4])
    words = words_of(read(executive, second))
    assert "Overall the mean has risen from 2.4 to 4.3, more than chance would do." in words
    assert "Relentless focus rose by 1.9, from 2.4 to 4.3" in words
    assert "Because 8 are looked at together, each has to change more clearly than one alone would" in words
    third = closed(setting.participation, setting.lead, [4, 4, 4, 4, 5, 4, 4])
    words = words_of(read(executive, third))
    assert "no more of a change than chance could make" in words
    assert "None of the eight changed by more than chance could make it." in words


def test_a_round_without_enough_answers_is_passed_over(setting: Setting, executive: Client) -> None:
    first = closed(setting.participation, setting.lead, [2, 2, 3, 3, 2, 3, 2])
    closed(setting.participation, setting.lead, [5, 5])
    page = read(executive, closed(setting.participation, setting.lead, [4] * 7))
    assert page.context["since"].earlier == first


def test_what_to_work_on_says_why_and_who_is_better_at_it(setting: Setting, executive: Client) -> None:
    strong = another(setting, "Ferry Hill Alliance")
    closed(strong, setting.lead, [5] * 7)
    weak = answered_by(
        setting.participation, setting, [(all_but(4, LEA1=1, LEA2=2), "lead") for _ in range(7)], invited=8
    )
    words = words_of(read(executive, weak))
    assert "The weakest statement is “We measure whether we are making a difference.” 7 of 7 disagreed." in words
    assert "Ferry Hill Alliance</a>, clearly stronger here." in words


def test_patterns_are_raised_as_questions_with_the_answers_behind_them(setting: Setting, executive: Client) -> None:
    made = answered_by(
        setting.participation,
        setting,
        [(all_but(4, PAR1=2), "lead"), (all_but(4, PAR1=1), "lead"), *[(4, "lead")] * 4],
    )
    words = words_of(read(executive, made))
    assert "2 of 6 disagreed that “Every partner has a fair say, whatever its size.”" in words
    assert "my road or the high road" in words
    assert "to me to you" not in words
    assert "Worth asking together" not in words_of(
        read(executive, closed(setting.participation, setting.lead, [4] * 7))
    )


def test_a_partnership_that_looks_better_from_above_is_a_question_too(setting: Setting, executive: Client) -> None:
    made = answered_by(setting.participation, setting, [*[(5, "board")] * 6, *[(3, "front_line")] * 6], invited=14)
    words = words_of(read(executive, made))
    assert "see the partnership at 5.0 of 5 overall, people at the front line at 3.0" in words


def test_a_hairs_breadth_is_no_pattern_though_everybody_answered(setting: Setting, executive: Client) -> None:
    """One answer of one person a point lower: nobody is missing, so the means are known to the last digit."""
    people: list[tuple[Values, str]] = (
        [(4, "board")] * 6 + [(4, "front_line")] * 5 + [(all_but(4, PUR1=3), "front_line")]
    )
    words = words_of(read(executive, answered_by(setting.participation, setting, people)))
    assert "How it looks from where people work" in words
    assert "Worth asking together" not in words


def test_nobody_learns_from_a_hairs_breadth(setting: Setting, executive: Client) -> None:
    """On each statement one person of eight says one point more there."""
    chance = random.Random(5)
    here = [{item: chance.choice([2, 3, 4]) for item in ITEMS} for _ in range(8)]
    there = [dict(one) for one in here]
    for item in ITEMS:
        chance.choice(there)[item] += 1
    closed(another(setting, "Ferry Hill Alliance"), setting.lead, there, 8)
    words = words_of(read(executive, closed(setting.participation, setting.lead, here, 8)))
    assert "What to work on" in words
    assert "clearly stronger here" not in words


def test_places_are_shown_only_where_none_can_be_worked_out(setting: Setting, executive: Client) -> None:
    shown = answered_by(setting.participation, setting, [*[(4, "board")] * 5, *[(3, "front_line")] * 6])
    words = words_of(read(executive, shown))
    assert "How it looks from where people work" in words
    assert "6 answered" in words
    for people in (
        [*[(4, "board")] * 5, *[(3, "front_line")] * 5],  # ten answers
        [*[(4, "board")] * 4, *[(3, "front_line")] * 8],  # four of them could be worked out
    ):
        hidden = answered_by(setting.participation, setting, people)
        page = read(executive, hidden)
        assert page.context["places"] is None
        assert "How it looks from where people work" not in words_of(page)


def test_side_by_side_shows_what_the_rounds_show_and_no_more(setting: Setting, executive: Client) -> None:
    address = f"/o/{setting.code}/surveys/compare/"
    assert "No survey has results yet." in words_of(executive.get(address))
    closed(setting.participation, setting.lead, [2, 2, 2, 2, 2, 2])
    quiet = another(setting, "Quiet Alliance")
    closed(quiet, setting.lead, [1, 1, 1, 1])
    first = words_of(executive.get(address))
    assert "Westmere Frailty Alliance" in first
    assert "Quiet Alliance" not in first
    assert "It takes two partnerships with results" in first
    strong = another(setting, "Ferry Hill Alliance")
    made = answered_by(
        strong, setting, [(all_but(5, FOC1=None, FOC2=None) if one > 2 else 5, "lead") for one in range(7)]
    )
    both = words_of(executive.get(address))
    assert "The partnerships can be told apart: 100% of what people answer overall goes with the partnership" in both
    picture = across(setting.organisation)
    row = next(row for row in picture.rows if row.round == made)
    assert row.cells["purpose"].banding.words == "strong"
    # Three of seven have a view on focus.
    assert "focus" not in row.cells
    assert "Hidden" in both


def test_partnerships_that_are_alike_are_not_to_be_ranked(setting: Setting, executive: Client) -> None:
    for name in ("One", "Two", "Three"):
        closed(another(setting, name), setting.lead, [2, 3, 4, 5, 1, 3, 4])
    closed(another(setting, "Four"), setting.lead, [2, 3, 4, 5, 1, 3, 3])
    words = words_of(executive.get(f"/o/{setting.code}/surveys/compare/"))
    assert "Do not rank them by these numbers" in words
    assert "people within one partnership differ as much as the partnerships do" in words


def test_side_by_side_is_for_members_only(setting: Setting, client: Client) -> None:
    _, stranger, _ = organisation_with_people(name="Elsewhere Trust")
    client.force_login(stranger)
    assert client.get(f"/o/{setting.code}/surveys/compare/").status_code == 404
    client.force_login(setting.lead)
    assert client.post(f"/o/{setting.code}/surveys/compare/").status_code == 405


def test_the_pages_take_a_fixed_number_of_queries(
    setting: Setting, executive: Client, django_assert_num_queries: Any
) -> None:
    closed(setting.participation, setting.lead, [4] * 5)
    small = closed(setting.participation, setting.lead, [4] * 5)
    large = closed(setting.participation, setting.lead, [3] * 12, invited=15)
    for made in (small, large):
        # Session, person, roles, round, answers, invited, reasons, the round before, answers to both, the last rounds
        # of all with their answers, closer; keeping the session.
        with django_assert_num_queries(15):
            read(executive, made)
    for name in ("One", "Two"):
        with django_assert_num_queries(8):
            executive.get(f"/o/{setting.code}/surveys/compare/")
        closed(another(setting, name), setting.lead, [4] * 6)
