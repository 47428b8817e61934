"""The five and the eleven: kept with each survey as it opens; settings raise them, whenever, and lower neither."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from diagnostics.actions import GivenAnswer, close_round, open_round, record_answers, respondent_with
from diagnostics.models import Round
from diagnostics.results import results_of
from partnerships.models import Deed, DeedKind
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_response
from tests.integration.diagnostics.survey_data import ITEMS, answer, draft, opened

REASON = "Nobody answers the telephone"


def answered(setting: Setting, front_line: int = 6, lead: int = 5) -> Round:
    """Closed, with so many answers from two places, six of whom wrote something."""
    made, links = opened(setting.participation, setting.lead, front_line + lead)
    for number, link in enumerate(links):
        values: dict[str, int | None] = dict.fromkeys(ITEMS, 3)
        if number < 6:
            respondent, _ = respondent_with(link.secret)
            record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(2, REASON)})
            del values["PUR1"]
        answer(link, values, place="front_line" if number < front_line else "lead")
    close_round(round=made, by=setting.lead)
    return Round.objects.get(pk=made.pk)


def taken(setting: Setting, made: Round) -> tuple[str, list[str]]:
    """The survey's page, and the sheets of its file with what people wrote; [] where there is none."""
    client = Client()
    client.force_login(setting.lead)
    page = client.get(f"/o/{setting.code}/surveys/{made.pk}/").content.decode()
    file = client.get(f"/o/{setting.code}/surveys/{made.pk}/results.xlsx", {"reasons": "yes"})
    return page, load_workbook(io.BytesIO(file.content)).sheetnames if file.status_code == 200 else []


def test_both_are_kept_as_it_opens(setting: Setting, settings: Any) -> None:
    made = draft(setting.participation, setting.lead, 13)
    assert (made.threshold, made.breakdown_threshold) == (5, 11)
    settings.SURVEY_THRESHOLD, settings.SURVEY_BREAKDOWN_THRESHOLD = 6, 12
    open_round(round=made, by=setting.lead)
    kept = Round.objects.get(pk=made.pk)
    assert (kept.threshold, kept.breakdown_threshold) == (6, 12)
    settings.SURVEY_THRESHOLD, settings.SURVEY_BREAKDOWN_THRESHOLD = 5, 11
    assert (kept.answers_needed, kept.breakdown_needed) == (6, 12)


def test_a_survey_opened_under_a_higher_number_keeps_it_where_the_setting_is_lowered(
    setting: Setting, settings: Any
) -> None:
    settings.SURVEY_BREAKDOWN_THRESHOLD = 12
    made, links = opened(setting.participation, setting.lead, 11)
    settings.SURVEY_BREAKDOWN_THRESHOLD = 11
    for number, link in enumerate(links):
        answer(link, 3, place="front_line" if number < 6 else "lead")
    close_round(round=made, by=setting.lead)
    assert {one.place for one in every_response()} == {""}  # the trigger forgets them by the survey's own number
    results = results_of(Round.objects.get(pk=made.pk))
    assert results is not None
    assert results.by_place is None


def test_raised_before_it_closes_places_are_forgotten_for_good(setting: Setting, settings: Any) -> None:
    settings.SURVEY_BREAKDOWN_THRESHOLD = 12
    made = answered(setting)
    assert made.breakdown_threshold == 12
    assert {one.place for one in every_response()} == {""}


def test_raised_afterwards_nothing_is_broken_down_any_more(setting: Setting, settings: Any) -> None:
    made = answered(setting)
    page, sheets = taken(setting, made)
    assert "How it looks from where people work" in page
    assert "Where people work" in sheets
    settings.SURVEY_BREAKDOWN_THRESHOLD = 12
    page, sheets = taken(setting, made)
    assert "How it looks from where people work" not in page
    assert "Where people work" not in sheets
    assert "Results" in sheets


def test_raised_afterwards_no_result_no_file_and_no_words_are_shown(setting: Setting, settings: Any) -> None:
    made = answered(setting)
    page, sheets = taken(setting, made)
    assert REASON in page
    assert "What people wrote" in sheets
    settings.SURVEY_THRESHOLD = 7  # as many as wrote something, and one
    page, sheets = taken(setting, made)
    assert "Overall" in page
    assert REASON not in page
    assert "What people wrote" not in sheets
    read = Deed.objects.filter(kind=DeedKind.READ_FREE_TEXT).count()
    settings.SURVEY_THRESHOLD = 12  # as many as answered, and one
    page, sheets = taken(setting, made)
    assert "No results are shown" in page
    assert REASON not in page
    assert sheets == []
    assert Deed.objects.filter(kind=DeedKind.READ_FREE_TEXT).count() == read


@pytest.mark.parametrize(("column", "less"), [("threshold", 5), ("breakdown_threshold", 11)])
def test_once_it_has_opened_neither_can_be_lowered(setting: Setting, settings: Any, column: str, less: int) -> None:
    settings.SURVEY_THRESHOLD, settings.SURVEY_BREAKDOWN_THRESHOLD = 6, 12
    made, _ = opened(setting.participation, setting.lead, 13)
    settings.SURVEY_THRESHOLD, settings.SURVEY_BREAKDOWN_THRESHOLD = 5, 11
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**{column: less})
    assert refused.value.__cause__.diag.constraint_name == f"round_{column}_stays"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("column", "number", "constraint"),
    [
        ("threshold", 4, "round_threshold_at_least_five"),
        ("breakdown_threshold", 10, "round_breakdown_threshold_at_least_eleven"),
    ],
)
def test_no_survey_has_less_than_the_floor(setting: Setting, column: str, number: int, constraint: str) -> None:
    made = draft(setting.participation, setting.lead)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**{column: number})


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [("SURVEY_THRESHOLD", 4, "never under 5"), ("SURVEY_BREAKDOWN_THRESHOLD", 10, "nothing is broken down under 11")],
)
def test_under_the_floor_the_service_refuses_to_start(settings: Any, name: str, number: int, said: str) -> None:
    setattr(settings, name, number)
    with pytest.raises(SystemCheckError, match=said):
        call_command("check")
