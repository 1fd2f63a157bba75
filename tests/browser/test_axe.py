"""Every screen and dialog holds what axe asks for: names, roles, contrast, by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import log_in, provision
from tests.browser.tour import furnish, tour
from tests.servers import Server

AXE = Path(__file__).parents[2] / "build" / "clients" / "node_modules" / "axe-core" / "axe.min.js"
#: Animations are at their end, so that no colour is judged on its way.
STILL = "for (const each of document.getAnimations()) each.finish()"
#: A table's name says in words what its drawing shortens: "Mesa 1, 1 a 4 personas: libre".
RUN = """async () => {
  const { violations } = await axe.run({
    resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: false } },
  });
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map((node) => [id, node.html, node.failureSummary]));
}"""
WIDTHS = {390: 844, 1024: 768}
SCHEMES = ("light", "dark")


def problems(page: Page, place: str) -> list[str]:
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(STILL)
        found += [f"{place}, {scheme}: {each}" for each in page.evaluate(RUN)]
    return found


@pytest.mark.skipif(not AXE.exists(), reason="make test installs it")
def test_nothing_serious_stands_in_anybodys_way(server: Server, browser: Browser) -> None:
    api, _ = provision(server)
    parties = furnish(api)
    api.close()
    found: list[str] = []
    for width, height in WIDTHS.items():
        view = {"width": width, "height": height}
        with browser.new_context(viewport=view, locale="es-EC") as context:
            context.add_init_script(path=AXE)
            page = context.new_page()
            page.goto(server.url)
            page.get_by_test_id("login-submit").wait_for()
            found += problems(page, f"login {width}")
            log_in(page)
            for place in tour(page, parties):
                found += problems(page, f"{place} {width}")
    assert not found, "\n".join(found)
