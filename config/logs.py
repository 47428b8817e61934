"""Logs: one JSON line per event, with the request's or task's id carried along; readable lines while
developing.
"""

import logging
import re
from typing import Any

import structlog

# Secrets that stand in an address, and an address is what a server logs: that of a personal survey link, a reply
# or an invitation, that of the link for a new password, and what a sign-in provider sends back.
SECRET_IN_ADDRESS = re.compile(
    r"(/(?:s|r|invitations)/)[^/\s\"?]{16,}"
    r"|(/password/reset/key/)[^/\s\"?]+"
    r"|([?&](?:code|state|nonce|id_token|access_token|session_state)=)[^&\s\"]+"
)

# Who opens these is nobody to us (``config.respondents``).
RESPONDENTS_PAGES = ("/s/", "/r/")


def leave_out_respondents(record: logging.LogRecord) -> bool:
    """Of what Django itself says of a request to their pages, only faults: a line would say who answered and when."""
    path: str = getattr(getattr(record, "request", None), "path_info", "")
    return record.levelno >= logging.ERROR or not path.startswith(RESPONDENTS_PAGES)


def hide_secrets(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take the secrets in addresses out of everything that is logged."""
    return {name: _without_secrets(value) if isinstance(value, str) else value for name, value in event.items()}


def _without_secrets(text: str) -> str:
    return SECRET_IN_ADDRESS.sub(lambda found: f"{found[1] or found[2] or found[3]}…", text)


def logging_settings(*, level: str, readable: bool) -> dict[str, Any]:
    """The ``LOGGING`` dictionary for Django and for the workers."""
    renderer: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    hide_secrets,
                    renderer,
                ],
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.processors.TimeStamper(fmt="iso"),
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                    structlog.processors.format_exc_info,
                ],
            }
        },
        "filters": {"respondents": {"()": "django.utils.log.CallbackFilter", "callback": leave_out_respondents}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event", "filters": ["respondents"]}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            name: {"level": level}
            for name in ("django_structlog", "partnerships", "diagnostics", "scoring", "decisions", "celery")
        },
    }
