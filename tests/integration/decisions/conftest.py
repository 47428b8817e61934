from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.decisions.kind_no_data import House, stepped_down
from tests.integration.diagnostics.mail_server import MailServer, mail_server


@pytest.fixture
def house(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)
    return stepped_down()


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    """A real mail server, which this service sends through."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = server.environment["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
