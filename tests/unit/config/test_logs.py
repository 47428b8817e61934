import io
import json
import logging
import logging.config

import pytest

from config.logs import logging_settings


def logged(message: str, *arguments: object) -> dict[str, str]:
    settings = logging_settings(level="INFO", readable=False)
    lines = io.StringIO()
    settings["handlers"]["stderr"]["stream"] = lines
    settings["loggers"] = {"a.test.of.logs": {"level": "INFO", "handlers": ["stderr"], "propagate": False}}
    settings["root"] = {}
    logging.config.dictConfig(settings)
    logging.getLogger("a.test.of.logs").info(message, *arguments)
    line: dict[str, str] = json.loads(lines.getvalue())
    return line


def test_an_event_is_one_json_line() -> None:
    line = logged("scored %s", "DEMO")
    assert line["event"] == "scored DEMO"
    assert line["level"] == "info"


def test_the_secret_of_a_personal_link_is_never_logged() -> None:
    line = logged("GET /s/Zm9vYmFyYmF6cXV4cXV1eA/ 302")
    assert "Zm9v" not in line["event"]
    assert line["event"] == "GET /s/…/ 302"
    assert logged("GET /invitations/Zm9vYmFyYmF6cXV4cXV1eA/ 302")["event"] == "GET /invitations/…/ 302"
    assert logged("POST /o/DEMO/people/invitations/12/ 302")["event"] == "POST /o/DEMO/people/invitations/12/ 302"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (
            "GET /accounts/oidc/login/callback/?code=s3cret&state=s3cret",
            "callback/?code=…&state=…",
        ),
        ("GET /accounts/oidc/login/callback/?error=access_denied&state=s3cret", "error=access_denied&state=…"),
        ("GET /accounts/password/reset/key/2-s3cret-s3cret/ 302", "GET /accounts/password/reset/key/…/ 302"),
        ("GET /o/CODE/partnerships/?stage=forming", "GET /o/CODE/partnerships/?stage=forming"),
    ],
)
def test_what_a_sign_in_provider_or_a_letter_puts_into_an_address_is_never_logged(address: str, kept: str) -> None:
    line = logged(address)
    assert "s3cret" not in line["event"]
    assert kept in line["event"]
