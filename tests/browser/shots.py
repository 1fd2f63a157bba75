"""Pictures of each verdict on a phone, by day and by night: `python -m tests.browser.shots`.

They go to docs/door/, or to the folder that is given; `--tablet` takes them at 768 x 1024.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, is_state, log_in, provision
from tests.browser.evening import every_verdict, move, party
from tests.servers import Api, Server

FOLDER = Path(__file__).parents[2] / "docs" / "door"
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
SCHEMES = {"day": "light", "night": "dark"}
#: So many colours keep a picture small, and edges smooth.
COLOURS = 64


class Photographer:
    """Scans at a door, and keeps what its screen shows."""

    def __init__(self, page: Page, folder: Path, suffix: str) -> None:
        self.page, self.folder, self.suffix = page, folder, suffix

    def take(self, name: str) -> None:
        self.page.evaluate("document.getElementById('toasts').replaceChildren()")
        with Image.open(io.BytesIO(self.page.screenshot())) as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self.folder / f"{name}-{self.suffix}.png", optimize=True)

    def scan(self, reserva: dict, verdict: str) -> None:
        self.page.keyboard.type(reserva["codigoQR"])
        self.shows(verdict)
        self.take(verdict)

    def shows(self, verdict: str) -> None:
        shown = self.page.get_by_test_id("verdict")
        expect(shown).to_have_attribute("data-verdict", re.compile(f"^({verdict})$"))

    def tap(self, name: str) -> None:
        """Press a button; on a tablet what is beside the verdict needs none."""
        button = self.page.get_by_test_id(name)
        if button.is_visible():
            button.click()


def photograph(api: Api, taken: Photographer) -> None:
    expect(taken.page.get_by_test_id("ready")).to_be_visible()
    taken.take("ready")
    for verdict, reserva in every_verdict(api).items():
        taken.scan(reserva, verdict)
    full(api, taken)
    by_hand(api, taken)
    away = party(api, "Antonia Jaramillo")
    expect(taken.page.get_by_test_id("inside")).not_to_have_text("Dentro –")
    taken.page.wait_for_timeout(8_000)  # until the phone has the list of the night
    taken.page.context.set_offline(True)
    taken.page.keyboard.type(away["codigoQR"])
    taken.shows("offline|waiting")
    taken.take("offline")


def full(api: Api, taken: Photographer) -> None:
    """More people than fit, and how they are let in all the same."""
    reserva = party(api, "Renata Bustamante")
    taken.page.keyboard.type(reserva["codigoQR"])
    taken.shows("ok")
    body = {"cantidad": 3, "scanId": "the other door"}
    api.insist("POST", f"/api/reservas/{reserva['id']}/asistencia?businessId=1", body)
    taken.tap("enter-all")
    taken.shows("party_full")
    taken.take("party_full")
    taken.tap("overrule")
    taken.take("overrule")


def by_hand(api: Api, taken: Photographer) -> None:
    """A party that is found by name, people without a reservation, and the last entries."""
    reserva = party(api, "Gabriela Noboa")
    move(api, reserva, "Activa")
    taken.tap("dock-find")
    taken.page.get_by_test_id("finder").fill("gab")
    taken.take("find")
    taken.page.get_by_test_id("found").click()
    taken.shows("look")
    taken.take("look")
    taken.tap("dock-walkin")
    taken.page.get_by_test_id("walkin-submit").click()
    expect(taken.page.get_by_test_id("walkin-undo")).to_be_visible()
    taken.take("walkin")
    taken.tap("dock-latest")
    taken.take("latest")
    taken.tap("dock-options")
    taken.take("options")
    taken.tap("dock-options")


def evening(browser: Browser, folder: Path, view: dict[str, int], name: str, scheme: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        server = Server(Path(made))
        server.cli("init")
        server.cli("business", "add", "1", "--name", "La Ronda")
        server.cli("business", "set", "1", "--capacity", "200")
        server.start()
        try:
            api, _ = provision(server, "door")
            context = browser.new_context(viewport=view, color_scheme=scheme, locale="es-EC")
            page = context.new_page()
            page.goto(server.url)
            log_in(page)
            is_state(page, "live")
            photograph(api, Photographer(page, folder, name))
            api.close()
        finally:
            server.stop()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    asked.add_argument("--tablet", action="store_true")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, scheme in SCHEMES.items():
            evening(browser, given.folder, TABLET if given.tablet else PHONE, name, scheme)
        browser.close()


if __name__ == "__main__":
    main()
