"""A phone (390 px) over https by Caddy and HTTP/2: camera, stream, scan, many tabs, pairing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import (
    ARGUMENTS,
    CHROMIUM,
    is_state,
    log_in,
    log_out,
    provision,
    row,
    scan,
)
from tests.conftest import MakeServer
from tests.fronts import Front

#: No loopback address, where the browser would trust plain http as well.
HOST = "bar.test"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TABS = 10
#: What is on a screen after a scan elsewhere, or in an answer, is there within so long.
SOON_MS = 1500

CAMERA = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const [track] = stream.getVideoTracks();
  const state = track.readyState;
  track.stop();
  return state;
}"""
#: Reads the code on the page's picture, as a phone's camera would.
DECODE = """async (selector) => {
  const { decodeQR } = await import("/static/vendor/qr/decode.js");
  const image = document.querySelector(selector);
  await image.decode();
  const canvas = new OffscreenCanvas(400, 400);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, 400, 400);
  context.drawImage(image, 20, 20, 360, 360);
  return decodeQR(context.getImageData(0, 0, 400, 400));
}"""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[Front], Browser]]:
    """Return a function that starts a browser which trusts the authority of a front."""
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def start(front: Front) -> Browser:
            more = [
                f"--ignore-certificate-errors-spki-list={front.trusted_key}",
                "--use-fake-device-for-media-stream",
            ]
            started.append(
                playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
            )
            return started[-1]

        yield start
        for each in started:
            each.close()


@pytest.fixture
def front(make_server: MakeServer) -> Iterator[Front]:
    made = Front(make_server(), HOST)
    yield made
    made.stop()


@pytest.fixture
def browser(front: Front, chromium: Callable[[Front], Browser]) -> Browser:
    return chromium(front)


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a window of its own; errors of its pages fail the test."""
    errors: list[str] = []
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        opened.append(
            browser.new_context(locale="es-EC", timezone_id="America/Guayaquil", **options)
        )
        opened[-1].on("weberror", lambda error: errors.append(str(error.error)))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()
    assert errors == []


def protocols(page: Page) -> set[str]:
    """Return how the page and all that it asked for came."""
    return set(
        page.evaluate(
            "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
            ".filter(({ name }) => name.startsWith(location.origin))"
            ".map(({ nextHopProtocol }) => nextHopProtocol)"
        )
    )


def test_a_phone_has_page_camera_stream_and_scan(
    front: Front, window: Callable[..., BrowserContext]
) -> None:
    api, reserva = provision(front.server, "door")
    context = window(**PHONE)
    context.grant_permissions(["camera"], origin=front.url)
    page = context.new_page()
    page.goto(front.url)
    log_in(page)
    is_state(page, "live")
    assert page.evaluate("isSecureContext")
    assert page.evaluate(CAMERA) == "live"
    assert protocols(page) == {"h2"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    scanned = page.evaluate(
        """async (body) => {
          const answer = await fetch("/api/reservas/qr-scan?businessId=1", { method: "POST",
            headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
          return (await answer.json()).incrementCount;
        }""",
        {"qrCode": reserva["codigoQR"], "action": "increment", "scanId": "phone"},
    )
    assert scanned == 1
    api.close()


def test_a_scan_is_on_the_phone_at_once(
    front: Front, window: Callable[..., BrowserContext]
) -> None:
    api, reserva = provision(front.server)
    page = window(**PHONE).new_page()
    page.goto(front.url)
    log_in(page)
    is_state(page, "live")
    for number in range(1, 4):
        scan(api, reserva, str(number))
        expect(row(page, reserva)).to_have_attribute(
            "data-attendance", str(number), timeout=SOON_MS
        )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    api.close()


def test_ten_tabs_are_all_live_and_none_waits(
    front: Front, window: Callable[..., BrowserContext]
) -> None:
    api, reserva = provision(front.server)
    context = window(**PHONE)
    pages = [context.new_page()]
    pages[0].goto(front.url)
    log_in(pages[0])
    is_state(pages[0], "live")
    for _ in range(TABS - 1):
        pages.append(context.new_page())
        pages[-1].goto(front.url)
    for page in pages:
        is_state(page, "live")
    scan(api, reserva, "a")
    for page in pages:
        expect(row(page, reserva)).to_have_attribute("data-attendance", "1", timeout=SOON_MS)
    for page in pages:
        began = time.monotonic()
        assert page.evaluate("fetch('/api/session').then((answer) => answer.status)") == 200
        assert time.monotonic() - began < SOON_MS / 1000
        assert page.get_by_test_id("chip").get_attribute("data-state") == "live"
    api.close()


def test_an_owner_shows_a_code_and_the_phone_that_opens_it_is_the_door_until_taken_away(
    front: Front, window: Callable[..., BrowserContext]
) -> None:
    api, _ = provision(front.server)
    desk = window().new_page()
    desk.goto(front.url)
    log_in(desk)
    is_state(desk, "live")
    desk.get_by_test_id("menu").click()
    desk.get_by_test_id("devices-button").click()
    desk.get_by_test_id("device-invite").click()
    expect(desk.get_by_test_id("invitation-left")).to_have_text(re.compile(r"Vale (5:00|4:5\d)"))
    url = desk.evaluate(DECODE, "[data-testid=invitation-qr]")
    assert re.fullmatch(rf"{front.url}/#/vincular/[A-Z2-7]{{16}}", url)

    context = window(**PHONE)
    phone = context.new_page()
    phone.goto(url)
    phone.get_by_test_id("pair-name").fill("Puerta Norte")
    phone.get_by_test_id("pair-submit").click()
    is_state(phone, "live")
    assert phone.url == f"{front.url}/#/puerta"
    assert phone.get_by_test_id("new-button").count() == 0, "the door has no other screen"
    assert phone.get_by_test_id("devices-button").count() == 0
    assert [each["name"] for each in context.cookies()] == ["__Host-reservas_phone"]
    assert context.cookies()[0]["httpOnly"]
    expect(desk.get_by_test_id("devices-told")).to_contain_text("Puerta Norte", timeout=5000)
    expect(desk.get_by_test_id("invitation-qr")).to_have_count(0)
    phone.reload()
    is_state(phone, "live")
    second = window(**PHONE).new_page()  # the code was good once
    second.goto(url)
    second.get_by_test_id("pair-name").fill("Otra")
    second.get_by_test_id("pair-submit").click()
    expect(second.get_by_test_id("pair-problem")).to_contain_text("ya se usó")

    mine = desk.get_by_test_id("device").filter(has_text="Puerta Norte")
    expect(mine).to_contain_text("Puerta · visto")
    mine.get_by_test_id("device-remove").focus()
    with desk.expect_response("**/api/dispositivos?*"):
        pass
    with desk.expect_response("**/api/dispositivos?*"):
        pass  # the answer before it is drawn
    expect(mine.get_by_test_id("device-remove")).to_be_focused()
    mine.get_by_test_id("device-remove").click()
    mine.get_by_test_id("device-remove").click()
    expect(phone.get_by_test_id("login-problem")).to_contain_text(
        "Este teléfono ya no está vinculado", timeout=2000
    )
    expect(mine).to_have_count(0)
    api.close()


def test_leaving_a_paired_phone_is_asked_about_and_ends_the_device(
    front: Front, window: Callable[..., BrowserContext]
) -> None:
    api, _ = provision(front.server)
    made = api.insist("POST", "/api/dispositivos/invitacion?businessId=1", {})
    context = window(**PHONE)
    phone = context.new_page()
    phone.goto(made["url"])
    phone.get_by_test_id("pair-name").fill("Puerta Sur")
    phone.get_by_test_id("pair-submit").click()
    is_state(phone, "live")
    log_out(phone)
    phone.get_by_test_id("unpair-confirm").click()
    expect(phone.get_by_test_id("login-email")).to_be_visible()
    assert context.cookies() == []
    devices = api.insist("GET", "/api/dispositivos?businessId=1")["dispositivos"]
    assert "Puerta Sur" not in {each["nombre"] for each in devices}
    api.close()
