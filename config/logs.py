"""Logs: one JSON line per event, with the request's or task's id carried along; readable lines while
developing.
"""

import re
from typing import Any

import structlog

# The secret of a personal survey link or an invitation stands in its address, and an address is what a server logs.
SECRET_IN_ADDRESS = re.compile(r"(/(?:s|invitations)/)[^/\s\"?]{16,}")


def hide_secrets(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take the secrets of personal links out of everything that is logged."""
    return {
        name: SECRET_IN_ADDRESS.sub(r"\1…", value) if isinstance(value, str) else value for name, value in event.items()
    }


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
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            name: {"level": level} for name in ("django_structlog", "partnerships", "diagnostics", "scoring", "celery")
        },
    }
