"""The camera as a reader of codes: what it reads, with which decoder, and when it is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.conftest import launch, wait_for
from tests.servers import Server, wait_until
from tests.videos import camera_plays, code_picture, write_y4m

CODE = "R1.K7Q2M4XW.1.ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

SET_UP = """async () => {
  const { Camera } = await import("/static/door/camera.js");
  const video = document.body.appendChild(document.createElement("video"));
  Object.assign(window, { video, codes: [], states: [], details: [] });
  window.camera = new Camera(video, {
    code: (text) => codes.push(text),
    state: (name, detail) => { states.push(name); details.push(detail); },
  });
}"""

SHOWN = """
  window.shown = (visible) => {
    Object.defineProperty(document, "hidden", { value: !visible, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  };
"""

NO_DETECTOR = "delete window.BarcodeDetector;"
#: A detector of the browser's own, as far as the page can tell; `%s` is what it does to a picture.
DETECTOR = """
  window.detected = 0;
  window.BarcodeDetector = class {
    async detect(picture) {
      window.detected += 1;
      const { BarcodeDetector } = await import("/static/vendor/qr/decode.js");
      const real = () => new BarcodeDetector().detect(picture);
      %s
    }
  };
"""
WORKS = DETECTOR % "return real();"
BROKEN = {
    "finds nothing": DETECTOR % "return [];",
    "throws": DETECTOR % "throw new Error('no service');",
    "never answers": DETECTOR % "return new Promise(() => {});",
    "finds something else": DETECTOR % "return [{ rawValue: 'X' }];",
}

Look = Callable[..., Page]


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser before whose camera somebody holds a code."""
    video = tmp_path_factory.mktemp("video") / "code.y4m"
    write_y4m(video, [code_picture(CODE)] * 2)
    with launch(playwright, *camera_plays(video)) as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("site"))
    server.cli("init")
    yield server.start()
    server.stop()


@pytest.fixture
def look(browser: Browser, site: Server) -> Iterator[Look]:
    """Return a function that opens a page with a camera; page errors fail the test."""
    errors: list[str] = []
    with ExitStack() as contexts:

        def open_one(
            script: str = "", allowed: bool = True, url: str = site.url, browser: Browser = browser
        ) -> Page:
            context = contexts.enter_context(browser.new_context())
            if allowed:
                context.grant_permissions(["camera"])
            context.add_init_script(SHOWN + script)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(url)
            page.evaluate(SET_UP)
            return page

        yield open_one
    assert errors == []


def start(page: Page, device: str | None = None) -> None:
    page.evaluate("(id) => camera.start(id)", device)


def state(page: Page) -> str:
    return page.evaluate("states.at(-1)")


def decodes_in_worker(page: Page) -> bool:
    return any("decode-worker" in worker.url for worker in page.workers)


@pytest.mark.parametrize("script", ["", NO_DETECTOR], ids=["as it is", "vendored decoder alone"])
def test_a_code_before_the_camera_is_told_once_while_it_stays(look: Look, script: str) -> None:
    page = look(script)
    start(page)
    assert page.evaluate("states") == ["starting", "on"]
    wait_for(page, "codes.length > 0")
    since = page.evaluate("video.currentTime")
    wait_for(page, f"video.currentTime > {since} + 3.5")
    assert page.evaluate("codes") == [CODE]
    assert decodes_in_worker(page) or not script


@pytest.mark.parametrize(
    "hard",
    [{"module": 3, "left": 0}, {"white": 36, "noise": 10}],
    ids=["beside the centre", "hardly any light"],
)
def test_looks_take_turns_so_that_a_hard_code_is_read(
    playwright: Playwright, look: Look, tmp_path: Path, hard: dict[str, int]
) -> None:
    video = tmp_path / "code.y4m"
    write_y4m(video, [code_picture(CODE, **hard)] * 2)
    with launch(playwright, *camera_plays(video)) as browser:
        page = look(NO_DETECTOR, browser=browser)
        start(page)
        wait_for(page, "codes.length > 0")
        assert page.evaluate("codes") == [CODE]


def test_a_detector_of_the_browser_that_works_is_used(look: Look) -> None:
    page = look(WORKS)
    start(page)
    wait_for(page, "codes.length > 0")
    assert page.evaluate("codes") == [CODE]
    assert not decodes_in_worker(page)


@pytest.mark.parametrize("how", BROKEN)
def test_a_detector_that_does_not_read_a_sample_is_not_asked_again(look: Look, how: str) -> None:
    page = look(BROKEN[how])
    start(page)
    wait_for(page, "codes.length > 0")
    assert page.evaluate("[codes, detected]") == [[CODE], 1]


def test_a_detector_that_breaks_later_is_replaced(look: Look) -> None:
    page = look(DETECTOR % "if (window.detected === 1) return real(); throw new Error('gone');")
    start(page)
    wait_for(page, "codes.length > 0")
    assert page.evaluate("[codes, detected]") == [[CODE], 2]
    assert decodes_in_worker(page)


def test_the_camera_is_off_while_the_page_is_hidden(look: Look) -> None:
    page = look()
    start(page)
    page.evaluate("window.track = video.srcObject.getVideoTracks()[0]")
    page.evaluate("shown(false)")
    assert page.evaluate("[track.readyState, video.srcObject]") == ["ended", None]
    assert state(page) == "off"
    page.evaluate("shown(true)")
    wait_for(page, "states.at(-1) === 'on' && codes.length > 0")


def test_stopping_ends_camera_and_decoder_and_seeing_the_page_again_does_not_start_it(
    look: Look,
) -> None:
    page = look(NO_DETECTOR)
    start(page)
    wait_for(page, "codes.length > 0")
    assert decodes_in_worker(page)
    page.evaluate("window.track = video.srcObject.getVideoTracks()[0]")
    page.evaluate("camera.stop()")
    page.evaluate("shown(true)")
    assert page.evaluate("[track.readyState, video.srcObject]") == ["ended", None]
    assert state(page) == "off"
    wait_until(lambda: page.wait_for_timeout(20) or not decodes_in_worker(page))


def test_stopping_while_it_opens_leaves_no_camera_on(look: Look) -> None:
    page = look("""
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (asked) => (window.stream = await open(asked));
    """)
    page.evaluate("() => { const opened = camera.start(); camera.stop(); return opened; }")
    assert page.evaluate("stream.getTracks().map((each) => each.readyState)") == ["ended"]
    assert page.evaluate("states") == ["starting", "off"]


def test_the_chosen_camera_is_opened_the_next_time(
    playwright: Playwright, look: Look, site: Server
) -> None:
    two = "--use-fake-device-for-media-stream=device-count=2"
    with launch(playwright, two) as browser:
        page = look(browser=browser)
        start(page)
        first, second = page.evaluate("camera.cameras()")
        assert page.evaluate("details.at(-1)") == first
        start(page, second["id"])
        assert page.evaluate("details.at(-1)") == second
        page.reload()
        page.evaluate(SET_UP)
        start(page)
        assert page.evaluate("details.at(-1)") == second

        # Another id for the same camera, as Safari gives it; then one that is not there at all.
        for kept, opened in (
            ({**second, "id": "gone"}, second),
            ({"id": "gone", "label": "gone"}, first),
        ):
            keep = "(kept) => localStorage.setItem('reservas.camera', JSON.stringify(kept))"
            page.evaluate(keep, kept)
            page.reload()
            page.evaluate(SET_UP)
            start(page)
            assert page.evaluate("details.at(-1)") == opened
            expected = second if opened == second else kept
            assert page.evaluate("JSON.parse(localStorage['reservas.camera'])") == expected


def test_a_refused_camera_is_said(look: Look) -> None:
    page = look(allowed=False)
    start(page)
    assert page.evaluate("states") == ["starting", "denied"]


def test_without_https_there_is_no_camera_and_that_is_said(look: Look, site: Server) -> None:
    page = look(allowed=False, url=f"http://bar.test:{site.port}")
    start(page)
    assert page.evaluate("states") == ["insecure"]
    assert page.evaluate("camera.cameras()") == []


def test_a_device_without_a_camera_says_so(playwright: Playwright, look: Look) -> None:
    with launch(playwright) as browser:
        page = look(browser=browser)
        start(page)
        assert page.evaluate("states") == ["starting", "absent"]


def test_a_camera_that_is_unplugged_is_absent_until_it_is_back(look: Look) -> None:
    page = look()
    start(page)
    page.evaluate("video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    assert state(page) == "absent"
    page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    wait_for(page, "states.at(-1) === 'on'", seconds=2.8)  # sooner than by itself


def test_a_camera_that_another_program_holds_is_tried_again(look: Look) -> None:
    page = look("""
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (asked) => {
        mediaDevices.getUserMedia = open;
        throw new DOMException("in use", "NotReadableError");
      };
    """)
    start(page)
    assert page.evaluate("[states.at(-1), details.at(-1)]") == ["failed", "in use"]
    wait_for(page, "states.at(-1) === 'on'", seconds=6)


def test_a_torch_is_offered_where_there_is_one_and_comes_back_with_the_page(look: Look) -> None:
    page = look()
    start(page)
    assert page.evaluate("camera.hasTorch") is False
    page = look("""
      window.lit = [];
      Object.assign(MediaStreamTrack.prototype, {
        getCapabilities: () => ({ torch: true }),
        applyConstraints: async ({ advanced }) => window.lit.push(advanced[0].torch),
      });
    """)
    start(page)
    assert page.evaluate("camera.hasTorch") is True
    page.evaluate("camera.torch(true)")
    page.evaluate("shown(false)")
    page.evaluate("shown(true)")
    wait_for(page, "lit.length === 2")
    page.evaluate("camera.torch(false)")
    assert page.evaluate("lit") == [True, True, False]


def test_a_decoder_that_does_not_load_is_said_and_tried_again(look: Look) -> None:
    page = look(NO_DETECTOR)
    page.route("**/decode-worker.js", lambda route: route.abort(), times=1)
    start(page)
    wait_for(page, "states.at(-1) === 'failed'")
    wait_for(page, "codes.length > 0")
    assert page.evaluate("codes") == [CODE]
