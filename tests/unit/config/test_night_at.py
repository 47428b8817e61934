"""When the night begins, as the environment says it."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import CELERY_BEAT_SCHEDULE, CELERY_TASK_ROUTES, CELERY_TIMEZONE, daily_at


def test_a_time_of_day_is_read() -> None:
    at: Any = daily_at("23:05")
    assert (at.hour, at.minute) == ({23}, {5})


@pytest.mark.parametrize("wrong", ["two", "25:00", "02.00"])
def test_anything_else_says_what_to_give(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"SCORING_NIGHT_AT is '{wrong}': give a time of day, as 02:00"):
        daily_at(wrong)


def test_as_it_comes_everybody_is_scored_at_two_in_london() -> None:
    night = CELERY_BEAT_SCHEDULE["score everybody"]
    assert (night["task"], night["schedule"].hour, night["schedule"].minute) == ("scoring.score_everybody", {2}, {0})
    assert CELERY_TIMEZONE == "Europe/London"
    assert CELERY_TASK_ROUTES["scoring.score_by_night"] == {"queue": "night", "priority": 9}
