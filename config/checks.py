"""Start-up checks: settings that would lose work or show too much are refused before anything runs."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def task_limit_well_under_visibility_timeout(**_: Any) -> list[CheckMessage]:
    """The broker hands a task to a second worker after the visibility timeout: a task must long be over by
    then.
    """
    limit, timeout = (
        settings.CELERY_TASK_TIME_LIMIT,
        settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
    )
    if limit * 2 < timeout:
        return []
    return [
        Error(
            f"TASK_TIME_LIMIT ({limit} s) is half of BROKER_VISIBILITY_TIMEOUT ({timeout} s) or more.",
            hint="Lower TASK_TIME_LIMIT or raise BROKER_VISIBILITY_TIMEOUT, so that no task runs twice at once.",
            id="config.E001",
        )
    ]


@register()
def survey_threshold_at_least_five(**_: Any) -> list[CheckMessage]:
    if settings.SURVEY_THRESHOLD >= 5:
        return []
    return [
        Error(
            f"SURVEY_THRESHOLD is {settings.SURVEY_THRESHOLD}; respondents were promised that it is never under 5.",
            hint="Remove SURVEY_THRESHOLD from the environment, or set it to 5 or more.",
            id="config.E002",
        )
    ]
