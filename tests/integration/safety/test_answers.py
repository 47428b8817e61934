"""What every answer says to the browser, and what every request must bring: headers, cookies, CSRF tokens, hosts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.factories import PASSWORD
from tests.integration.safety.addresses import routes
from tests.integration.safety.world import HTMX, Page, World

pytestmark = pytest.mark.django_db

# Compared whole: a source that is added anywhere changes them.
HEADERS = {
    "Content-Security-Policy": "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; script-src 'self'; "
    "style-src 'self'",
    "Content-Security-Policy-Report-Only": None,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Access-Control-Allow-Origin": None,
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
DIRECTIVES = tuple(one.split(" ")[0] for one in str(HEADERS["Content-Security-Policy"]).split("; "))
NEVER_KEPT = {"private, no-store", "no-store", "max-age=0, no-cache, no-store, must-revalidate, private"}
BEHIND_HTTPS = {"X-Forwarded-Proto": "https"}
SECRET = "the number of a row 4711"


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


urlpatterns = [path("breaks/", breaks), path("", include("config.urls"))]


@pytest.fixture(autouse=True)
def in_production(settings: Any) -> Iterator[None]:
    """As deployed behind https, where a page of ours is broken; the answers to thousands of requests are no news."""
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.ROOT_URLCONF = __name__
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def deployed(world: World, in_production: None) -> World:
    """The world, asked through middleware that has read the settings of a deployment."""
    return replace(world, client=Client(raise_request_exception=False, headers=BEHIND_HTTPS))


def in_order(header: str | None) -> str | None:
    """The library gives the directives of the policy in any order; they mean the same."""
    return "; ".join(sorted(header.split("; "))) if header and header.startswith(DIRECTIVES) else header


def problems_of(name: str, answer: Page) -> list[str]:
    found = [
        f"{name}: {header} is {given}"
        for header, value in HEADERS.items()
        if (given := in_order(answer.headers.get(header))) != value
    ]
    if answer.headers.get("Cache-Control") not in NEVER_KEPT:
        found.append(f"{name}: may be kept, {answer.headers.get('Cache-Control')}")
    return found


def test_every_answer_has_every_header(deployed: World) -> None:
    """Pages, parts for htmx, downloads, redirects and refusals alike."""
    problems, kinds = [], set()
    for route in routes():
        for who in ("strategy_lead", "respondent"):
            for method, headers in (("get", {}), ("get", HTMX), ("post", {})):
                answer = deployed.ask(who, method, route.at(deployed.own), headers=headers)
                kinds |= {str(answer.status_code), answer.headers.get("Content-Type", "")}
                problems += problems_of(f"{method} {route.name}", answer)
    assert problems == []
    assert {"200", "302", "403", "404", "405", "text/csv; charset=utf-8"} <= kinds


ERRORS = [("/nowhere/", 404), ("/breaks/", 500), ("/o/%00/", 404), ("/static/nothing.css", 404)]


@pytest.mark.parametrize(("address", "status"), ERRORS)
def test_an_error_has_every_header_and_says_nothing_of_what_is_inside(
    deployed: World, address: str, status: int
) -> None:
    for who in ("strategy_lead", "nobody"):
        answer = deployed.ask(who, "get", address)
        assert answer.status_code == status
        assert problems_of(address, answer) == []
        words = answer.content.decode()
        assert not [word for word in (SECRET, "Traceback", "RuntimeError", "django.", "/views/") if word in words]


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", ""])
def test_another_host_is_refused(deployed: World, host: str) -> None:
    answer = deployed.as_("strategy_lead").get(f"/o/{deployed.own.code}/", headers={"Host": host})
    assert answer.status_code == 400
    assert problems_of("", answer) == []
    assert "evil.example" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(deployed: World) -> None:
    page = deployed.ask("nobody", "get", "/accounts/login/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in page.content.decode()


def test_plain_http_leads_to_https_with_the_same_headers(deployed: World) -> None:
    answer = Client().get("/accounts/login/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/accounts/login/")
    assert problems_of("", answer) == [": Strict-Transport-Security is None"]


def test_every_post_needs_its_token(deployed: World) -> None:
    """Whoever is signed in, and whatever else is right: without the token of a page of ours nothing is done."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=BEHIND_HTTPS)
    without = replace(deployed, client=strict)
    open_to = []
    for route in routes():
        for who in ("administrator", "strategy_lead", "respondent", "nobody"):
            for headers in ({}, {"Referer": "https://evil.example/", "Origin": "https://evil.example"}):
                answer = without.ask(who, "post", route.at(deployed.own), headers=headers)
                if answer.status_code != 403:
                    open_to.append((route.name, who, answer.status_code))
    assert open_to == []


COOKIES = {
    "sessionid": {"path": "/", "secure": True, "httponly": True, "samesite": "Lax", "domain": ""},
    "csrftoken": {"path": "/", "secure": True, "httponly": True, "samesite": "Lax", "domain": ""},
    "known_browser": {"path": "/accounts/", "secure": True, "httponly": True, "samesite": "Lax", "domain": ""},
    "messages": {"path": "/", "secure": True, "httponly": True, "samesite": "Lax", "domain": ""},
}


def test_cookies_are_ours_alone_and_no_script_reads_what_signs_in(deployed: World) -> None:
    client = deployed.as_("nobody")
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": deployed.own.people["reader"].email, "password": PASSWORD})
    client.get(f"/s/{deployed.own.secrets[2]}/")
    found = {name: {key: cookie[key] for key in COOKIES["sessionid"]} for name, cookie in client.cookies.items()}
    surveys = {name for name in found if name.startswith("survey-")}
    [survey] = surveys
    assert found.pop(survey) == COOKIES["sessionid"] | {"path": f"/s/{survey.removeprefix('survey-')}/"}
    [begun] = {name for name in found if name.startswith("begun-")}  # the survey has an open link too
    assert found.pop(begun) == COOKIES["sessionid"] | {"path": "/s/"}
    assert found == {name: COOKIES[name] for name in found}
    assert {"sessionid", "csrftoken"} <= set(found)


OUTSIDE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("outside", OUTSIDE)
def test_nothing_leads_outside(deployed: World, outside: str) -> None:
    """Not ``next``, before or after signing in; not the address that htmx says it is at; not the Referer."""
    credentials = {"login": deployed.own.people["reader"].email, "password": PASSWORD}
    answers = [
        deployed.ask("nobody", "post", "/accounts/login/", {**credentials, "next": outside}),
        deployed.ask("nobody", "post", f"/accounts/login/?next={outside}", credentials),
        deployed.ask("reader", "get", f"/accounts/login/?next={outside}"),
        deployed.ask("reader", "post", "/accounts/logout/", {"next": outside}),
        deployed.ask("nobody", "get", f"/o/{deployed.own.code}/", headers={**HTMX, "HX-Current-URL": outside}),
        deployed.ask("reader", "post", f"/accounts/second-step/?next={outside}", headers={"Referer": outside}),
    ]
    assert leads_outside(answers) == []


def test_no_page_of_ours_leads_outside(deployed: World) -> None:
    outside = OUTSIDE[0]
    answers = [
        deployed.ask("strategy_lead", method, f"{route.at(deployed.own)}?next={outside}", headers={"Referer": outside})
        for route in routes()
        for method in ("get", "post")
    ]
    assert leads_outside(answers) == []


def leads_outside(answers: list[Page]) -> list[str]:
    leads = [answer.headers.get(name, "") for answer in answers for name in ("Location", "HX-Redirect")]
    return [to for to in leads if to and (not to.startswith("/") or to.startswith(("//", "/\\")))]
