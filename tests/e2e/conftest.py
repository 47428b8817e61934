"""A browser, the site on a real port, and a real worker on the real broker.

Every page that a test opens through ``visit`` is looked at by axe at once, and anything the browser complains about (a
refused script, a missing file) fails the test.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from config.celery import app
from tests.e2e.chromium import chromium_path

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 20_000  # milliseconds
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# A machine that does other work too is slow, not wrong.
expect.set_options(timeout=PATIENCE)
# Playwright's loop runs in the thread of the test, where Django would refuse its ordinary queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; empty at the end of a good test."""
    return []


@pytest.fixture
def open_browser(browser: Browser, live_server: object, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser profile: ``open_browser(PHONE)``, ``open_browser(DESKTOP, java_script_enabled=False)``."""
    contexts: list[BrowserContext] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(f"{said.text} {said.location['url']}")

    def stay_on_the_site(sent: Request) -> None:
        if not sent.url.startswith((str(live_server), "data:", "blob:", "about:")):
            complaints.append(f"asked for {sent.url}")

    def open_one(viewport: dict[str, int] = DESKTOP, **options: object) -> Page:
        context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            base_url=str(live_server),
            locale="en-GB",
            accept_downloads=True,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("request", stay_on_the_site)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == [], "the browser complained"


@pytest.fixture
def worker(process_environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker in a process of its own, on this test's database and broker."""
    app.control.purge()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--pool=prefork",
            "--concurrency=1",
            "-l",
            "WARNING",
        ],
        cwd=ROOT,
        env=process_environment,
    )
    try:
        deadline = time.monotonic() + 60
        while not app.control.ping(timeout=0.5):
            assert process.poll() is None, "the worker did not start"
            assert time.monotonic() < deadline, "the worker took longer than a minute to start"
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check_page(page: Page) -> None:
    """No accessibility rule is broken, and nothing is wider than the screen."""
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text())
    outcome = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    broken = [
        f"{rule['id']}: {rule['help']} – {[node['target'] for node in rule['nodes']][:3]}"
        for rule in outcome["violations"]
    ]
    assert broken == [], f"{page.url}: {broken}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} pixels wider than the screen"


@pytest.fixture
def visit() -> Callable[[Page, str], None]:
    """Open an address and look at it: ``visit(page, '/o/DEMO/')``."""

    def open_and_check(page: Page, address: str) -> None:
        response = page.goto(address)
        assert response is not None
        assert response.ok, f"{address} answered {response.status}"
        check_page(page)

    return open_and_check


@pytest.fixture
def sign_in() -> Callable[[Page, str, str], None]:
    def sign_in_as(page: Page, email: str, password: str) -> None:
        page.goto("/accounts/login/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/accounts/login" not in address)

    return sign_in_as
