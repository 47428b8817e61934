"""Logs: one JSON line per event, with the request's or task's id carried along; readable lines while
developing.
"""

from typing import Any

import structlog


def logging_settings(*, level: str, readable: bool) -> dict[str, Any]:
    """The ``LOGGING`` dictionary for Django and for the workers."""
    renderer: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.processors.TimeStamper(fmt="iso"),
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            name: {"level": level} for name in ("django_structlog", "partnerships", "diagnostics", "scoring", "celery")
        },
    }
