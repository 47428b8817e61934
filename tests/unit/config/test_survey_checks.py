"""What respondents were promised can be raised by settings and never lowered."""

from __future__ import annotations

from typing import Any

import pytest

from config.checks import breakdown_threshold_at_least_eleven, survey_threshold_at_least_five


@pytest.mark.parametrize(("number", "problems"), [(4, 1), (5, 0), (9, 0)])
def test_nothing_shows_under_five(settings: Any, number: int, problems: int) -> None:
    settings.SURVEY_THRESHOLD = number
    assert len(survey_threshold_at_least_five()) == problems


@pytest.mark.parametrize(("number", "problems"), [(5, 1), (10, 1), (11, 0), (20, 0)])
def test_nothing_is_broken_down_under_eleven(settings: Any, number: int, problems: int) -> None:
    settings.SURVEY_BREAKDOWN_THRESHOLD = number
    found = breakdown_threshold_at_least_eleven()
    assert len(found) == problems
    assert all("set it to 11 or more" in str(one.hint) for one in found)
