"""From a code before the camera to the verdict on the door's screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from tests.browser.conftest import is_state, launch, log_in, provision, wait_for
from tests.servers import Server
from tests.videos import HEIGHT, WIDTH, camera_plays, code_picture, write_y4m

PHONE = {"width": 390, "height": 844}
RATE = 10  # frames a second of the video
EMPTY = bytes([110]) * (WIDTH * HEIGHT)
#: The code is held for two seconds, taken away for one, held for two, and is gone for eight.
SHOWN_TWICE = (20, 10, 20, 80)
AS_IT_IS, VENDORED_ALONE = "", "delete window.BarcodeDetector;"


class Door:
    """A phone at the door, before whose camera somebody holds the code of a party of 4."""

    def __init__(self, page: Page, inside: Callable[[], int], scans: list[str]) -> None:
        self.page, self.inside, self.scans = page, inside, scans
        self.verdict = page.get_by_test_id("verdict")

    def film(self, seconds: float) -> None:
        """Wait until the camera has shown so much more."""
        now = self.page.evaluate("document.querySelector('video').currentTime")
        wait_for(self.page, f"document.querySelector('video').currentTime > {now + seconds}", 30)


@pytest.fixture
def door(
    playwright: Playwright, server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Door]:
    """Return a door; its parameter is the page's script and the video's parts, in frames."""
    script, (shown, *more) = request.param
    api, reserva = provision(server, "door")
    picture = code_picture(reserva["codigoQR"])
    pictures = [picture] * shown
    for at, length in enumerate(more):
        pictures += [picture if at % 2 else EMPTY] * length
    video = tmp_path / "code.y4m"
    write_y4m(video, pictures, RATE)
    errors: list[str] = []
    scans: list[str] = []

    def note(route: Route) -> None:
        scans.append(route.request.post_data or "")
        route.continue_()

    def inside() -> int:
        found = api.insist("GET", f"/api/reservas/{reserva['id']}?businessId=1")["reserva"]
        return found["asistenciaActual"]

    with launch(playwright, *camera_plays(video)) as browser:
        context = browser.new_context(viewport=PHONE, locale="es-EC", permissions=["camera"])
        context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/api/reservas/qr-scan*", note)
        page.goto(f"{server.url}/#/puerta")
        log_in(page)
        expect(page.get_by_test_id("ready")).to_be_visible()
        is_state(page, "live")
        yield Door(page, inside, scans)
    api.close()
    assert errors == []


@pytest.mark.parametrize(
    "door",
    [(AS_IT_IS, (2,)), (VENDORED_ALONE, (2,))],
    ids=["as the browser is", "vendored decoder alone"],
    indirect=True,
)
def test_a_code_before_the_camera_gets_its_verdict_and_counts_once_while_it_stays(
    door: Door,
) -> None:
    door.page.get_by_test_id("camera").click()
    expect(door.verdict).to_have_attribute("data-verdict", "ok")
    expect(door.verdict.get_by_test_id("verdict-name")).to_have_text("Ana Pérez")
    door.film(seconds=3.5)
    expect(door.verdict.get_by_test_id("verdict-party")).to_have_text("1 de 4")
    assert (len(door.scans), door.inside()) == (1, 1)


@pytest.mark.parametrize("door", [(VENDORED_ALONE, SHOWN_TWICE)], indirect=True)
def test_a_code_that_comes_back_at_once_is_shown_and_not_sent(door: Door) -> None:
    door.page.get_by_test_id("camera").click()
    text = door.verdict.get_by_test_id("verdict-text")
    expect(text).to_contain_text("no se contó de nuevo", timeout=20_000)
    assert (len(door.scans), door.inside()) == (1, 1)


@pytest.mark.parametrize("door", [(VENDORED_ALONE, (2,))], indirect=True)
def test_a_camera_that_is_closed_reads_no_more_and_leaves_the_verdict(door: Door) -> None:
    camera = door.page.get_by_test_id("camera")
    camera.click()
    expect(door.verdict).to_have_attribute("data-verdict", "ok")
    door.page.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")
    camera.click()
    assert door.page.evaluate("track.readyState") == "ended"
    expect(door.verdict).to_have_attribute("data-verdict", "ok")
    assert len(door.scans) == 1
