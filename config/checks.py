"""Start-up checks: settings that would lose work or show too much are refused before anything runs."""

from typing import Any
from urllib.parse import urlsplit

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


@register()
def breakdown_threshold_at_least_eleven(**_: Any) -> list[CheckMessage]:
    if settings.SURVEY_BREAKDOWN_THRESHOLD >= 11:
        return []
    return [
        Error(
            f"SURVEY_BREAKDOWN_THRESHOLD is {settings.SURVEY_BREAKDOWN_THRESHOLD}; nothing is broken down under 11.",
            hint="Remove SURVEY_BREAKDOWN_THRESHOLD from the environment, or set it to 11 or more.",
            id="config.E007",
        )
    ]


@register()
def roles_that_settings_name_exist(**_: Any) -> list[CheckMessage]:
    from partnerships.models import Role
    from partnerships.sign_in.second_step import SERVICE

    needing = set(settings.MFA_REQUIRED_FOR) - {*Role.values, SERVICE}
    given = {rule.role for rule in settings.OIDC.rules if rule.role} - {*Role.values} if settings.OIDC else set()
    return [
        Error(
            f"{name} names what is no role: {', '.join(sorted(unknown))}.",
            hint=f"The roles are {', '.join(Role.values)}.",
            id=identity,
        )
        for name, unknown, identity in (
            ("MFA_REQUIRED_FOR", needing, "config.E003"),
            ("OIDC_ROLES", given, "config.E004"),
        )
        if unknown
    ]


@register()
def there_is_a_way_to_sign_in(**_: Any) -> list[CheckMessage]:
    if settings.PASSWORD_SIGN_IN or settings.OIDC:
        return []
    return [
        Error(
            "Nobody could sign in: PASSWORD_SIGN_IN is false and no OIDC_ISSUER is set.",
            hint="Set OIDC_ISSUER and what goes with it, or leave PASSWORD_SIGN_IN out.",
            id="config.E005",
        )
    ]


@register()
def provider_is_reached_over_https(**_: Any) -> list[CheckMessage]:
    """Over plain http whoever stands between could sign anybody in; only a provider on this machine may."""
    provider = settings.OIDC
    if provider is None or provider.issuer.startswith("https://"):
        return []
    if not settings.HTTPS and urlsplit(provider.issuer).hostname in {"127.0.0.1", "localhost"}:
        return []
    return [
        Error(
            f"OIDC_ISSUER is {provider.issuer}: a sign-in provider has to be reached over https.",
            hint="Give its address with https://, as its discovery document names itself.",
            id="config.E006",
        )
    ]
