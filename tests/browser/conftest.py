"""A browser, windows that are logged in, and what one looks for in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

from tests.servers import Api, Server, booking

EMAIL, PASSWORD = "ana@local.test", "una-clave-larga"
#: Debian's Chromium; and without the window around it, which costs as much as the page does: most
#: tests need no more. It has no camera.
CHROMIUM, BARE = "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is no loopback address: there a Secure cookie over plain http is not kept.
    "--host-resolver-rules=MAP bar.test 127.0.0.1",
]
Open = Callable[[Server], Page]

# Other tests run beside: what comes late is not what these look for.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launch(playwright, program=BARE) as browser:
        yield browser


def launch(playwright: Playwright, *more: str, program: str = CHROMIUM) -> Browser:
    arguments = [*ARGUMENTS, *more]
    return playwright.chromium.launch(executable_path=program, args=arguments)


@pytest.fixture
def service_workers() -> Literal["allow", "block"]:
    """Say whether the page is kept on the device, which reads all of it once more."""
    return "block"


@pytest.fixture
def open_page(browser: Browser, service_workers: Literal["allow", "block"]) -> Iterator[Open]:
    """Return a function that logs in, in a window of its own; page errors fail the test."""
    errors: list[str] = []
    contexts = []

    def open_one(server: Server) -> Page:
        context = browser.new_context(
            locale="es-EC",
            timezone_id="America/Guayaquil",
            reduced_motion="reduce",
            service_workers=service_workers,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url)
        log_in(page)
        expect(page.get_by_test_id("chip")).to_be_visible()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


def log_in(page: Page) -> None:
    page.get_by_test_id("login-email").fill(EMAIL)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()


def log_out(page: Page) -> None:
    page.locator("#account").click()
    page.locator("#logout").click()


def provision(server: Server, role: str = "owner") -> tuple[Api, dict]:
    """Give the person of these tests a role at the venue `1`, and book a party there."""
    words = ("user", "add", EMAIL, "--business", "1", "--role", role, "--password-stdin")
    server.cli(*words, stdin=PASSWORD + "\n")
    api = Api(server, server.token("1"))
    reserva = api.insist("POST", "/api/reservas?businessId=1", booking())["reserva"]
    return api, reserva


def scan(api: Api, reserva: dict, scan_id: str) -> None:
    body = {"qrCode": reserva["codigoQR"], "action": "increment", "scanId": scan_id}
    api.insist("POST", "/api/reservas/qr-scan?businessId=1", body)


def row(page: Page, reserva: dict) -> Locator:
    return page.locator(f"[data-testid=row][data-id='{reserva['id']}']")


def is_state(page: Page, state: str, seconds: float = 10) -> None:
    chip = page.get_by_test_id("chip")
    expect(chip).to_have_attribute("data-state", state, timeout=seconds * 1000)


def wait_for(page: Page, script: str, seconds: float = 10) -> None:
    """Wait until `script` is true in the page.

    Playwright's own wait_for_function evaluates inside the page as soon as the first look is
    false, which the page's content policy forbids.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < deadline, f"{script} did not come true in {seconds} s"
        page.wait_for_timeout(20)
