"""The main job from the command line."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from scoring.models import Run
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_draws(settings: Any) -> None:
    settings.SCORING_DRAWS = 4


def triage(*arguments: str) -> str:
    out = StringIO()
    call_command("triage", *arguments, stdout=out)
    return out.getvalue()


def test_a_person_gets_the_sentence_and_the_list() -> None:
    organisation, _, _ = portfolio(6, days=20)
    said = triage(organisation.code.lower())
    assert "Your 6 partnerships ask for 36 executive days a quarter; you have 18." in said
    assert "Alliance 0" in said
    assert "Executive: 36 asked for today" in said
    assert "18 available" in said
    assert not Run.objects.exists()


def test_json_is_the_engines_result_with_names_and_reasons() -> None:
    organisation, _, _ = portfolio(3)
    result = json.loads(triage(organisation.code, "--json"))
    assert result["format"] == "triage-result/1"
    assert result["status"] == "optimal"
    assert [one["name"] for one in result["partnerships"]] == ["Alliance 0", "Alliance 1", "Alliance 2"]
    for one in result["partnerships"]:
        assert one["reason"].startswith(one["label_words"])
        assert sum(one["acceptability"].values()) == pytest.approx(1)
        assert set(one["flip"]) == set(one["values"]) - {one["level"]}
    assert set(result["price_of_a_day"]) == {"executive", "clinical", "programme"}
    assert len(result["inputs_hash"]) == 64


def test_the_same_inputs_give_the_same_bytes() -> None:
    organisation, _, _ = portfolio(3)
    assert triage(organisation.code, "--json") == triage(organisation.code, "--json")


def test_export_writes_the_workbook(tmp_path: Path) -> None:
    organisation, _, _ = portfolio(3)
    file = tmp_path / "recommendation.xlsx"
    assert f"Written to {file}" in triage(organisation.code, "--export", str(file))
    assert load_workbook(file)["Recommendation"].max_row == 4
    assert json.loads(triage(organisation.code, "--json", "--export", str(file)))["status"] == "optimal"


def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    organisation, _, _ = portfolio(1)
    with pytest.raises(CommandError, match="could not be written") as refused:
        triage(organisation.code, "--export", str(tmp_path / "nowhere" / "x.xlsx"))
    assert "\n" not in str(refused.value)


def test_an_unknown_code_is_said_in_one_line() -> None:
    with pytest.raises(CommandError, match="No organisation has the code NOPE"):
        triage("NOPE")


def test_what_is_missing_is_named() -> None:
    organisation, _, _ = portfolio(2)
    organisation.value_ratings.all().delete()
    with pytest.raises(CommandError, match="Rate what each partnership is worth to you"):
        triage(organisation.code)


def test_duties_that_do_not_fit_are_explained_and_still_printed_as_json() -> None:
    organisation, _, _ = portfolio(6, days=10)
    top = organisation.engagement_levels.get(code="prioritise")
    organisation.participations.update(mandate_level=top, mandate_source="Health and Care Act 2022")
    with pytest.raises(CommandError, match="27 executive days"):
        triage(organisation.code)
    out, problems = StringIO(), StringIO()
    call_command("triage", organisation.code, "--json", stdout=out, stderr=problems)
    result = json.loads(out.getvalue())
    assert (result["status"], result["shortfall"]["executive"]) == ("infeasible", 27)
    assert "27 executive days" in problems.getvalue()
