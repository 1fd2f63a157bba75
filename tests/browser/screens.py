"""Pictures of every screen on a phone, a tablet and a desktop: `python -m tests.browser.screens`.

They go to docs/screens/, or to the folder that is given; `--english` takes them in English.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, log_in, provision
from tests.browser.tour import furnish, tour
from tests.servers import Server

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
#: Phones and tablets are held in the dark, desks stand in the light.
SCHEMES = {"phone": "dark", "tablet": "light", "desktop": "light"}
#: So many colours keep a picture small, and edges smooth.
COLOURS = 64


def take(page: Page, path: Path) -> None:
    with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def visit(
    browser: Browser, address: str, parties: dict[str, dict], name: str, given: argparse.Namespace
) -> None:
    width, height = SIZES[name]
    view = {"width": width, "height": height}
    scheme = SCHEMES[name]
    context = browser.new_context(viewport=view, color_scheme=scheme, locale="es-EC")
    page = context.new_page()
    page.goto(address)
    if given.english:
        page.get_by_test_id("language").select_option("en")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_test_id("login-email")).to_be_visible()
    take(page, given.folder / f"login-{name}.png")
    log_in(page)
    for place in tour(page, parties):
        take(page, given.folder / f"{place}-{name}.png")
    context.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    asked.add_argument("--english", action="store_true")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        server = Server(Path(made))
        server.cli("init")
        server.cli("business", "add", "1", "--name", "La Ronda")
        server.cli("business", "set", "1", "--capacity", "200")
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            api, _ = provision(server)
            parties = furnish(api)
            for name in SIZES:
                visit(browser, server.url, parties, name, given)
            api.close()
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
