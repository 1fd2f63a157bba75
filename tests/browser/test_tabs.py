"""Many tabs of one browser, which has six connections to a server over HTTP/1.1."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, is_state, provision, row, scan
from tests.servers import Server

#: Lets a test hide and show the page: a headless browser shows all of them.
HIDE = """
  window.shown = (visible) => {
    Object.defineProperty(document, "hidden", { value: !visible, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  };
"""


def states(pages: list[Page]) -> list[str | None]:
    return [page.get_by_test_id("chip").get_attribute("data-state") for page in pages]


def settled(pages: list[Page], live: int) -> None:
    """Wait until `live` pages are live and the others say that there are too many."""
    wanted = sorted(["live"] * live + ["crowded"] * (len(pages) - live))
    for _ in range(100):
        if sorted(map(str, states(pages))) == wanted:
            return
        pages[0].wait_for_timeout(100)
    assert sorted(map(str, states(pages))) == wanted


@pytest.mark.parametrize("count", [6, 7])
def test_so_many_tabs_say_what_they_are_and_none_hangs(
    server: Server, open_page: Open, count: int
) -> None:
    api, reserva = provision(server)
    pages = [open_page(server)]
    for _ in range(count - 1):
        pages.append(pages[0].context.new_page())
        pages[-1].goto(server.url, timeout=5000)
    settled(pages, 4)
    crowded = [page for page in pages if "crowded" in states([page])]
    for page in crowded:
        expect(page.get_by_test_id("chip")).to_contain_text("Demasiadas pestañas abiertas")
        expect(row(page, reserva)).to_have_attribute("data-attendance", "0")
    for page in pages:  # each gets its own answer at once
        page.get_by_test_id("scan-input").fill(reserva["codigoQR"])
        page.get_by_test_id("scan-people").fill("1")
        page.get_by_test_id("scan-input").press("Enter")
        verdict = page.get_by_test_id("scan-verdict")
        expect(verdict).not_to_have_attribute("data-verdict", "checking", timeout=2000)
    scan_count = min(count, 4)
    live = [page for page in pages if page not in crowded]
    for page in live:
        expect(row(page, reserva)).to_have_attribute("data-attendance", str(scan_count))
    live[0].close()  # its stream goes to one that had none
    pages.remove(live[0])
    settled(pages, 4)
    api.close()


def test_tabs_that_all_begin_at_once_settle_on_four(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    first = open_page(server)
    pages = [first, *(first.context.new_page() for _ in range(6))]
    for page in pages:
        page.evaluate(f"setTimeout(() => (location.href = '{server.url}/'), 100)")
    for page in pages:
        page.wait_for_url(f"{server.url}/")
    settled(pages, 4)
    api.close()


def test_the_tab_that_is_looked_at_gets_a_stream_before_hidden_ones(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    pages = [open_page(server)]
    pages[0].context.add_init_script(HIDE)
    pages[0].reload()
    for _ in range(4):
        is_state(pages[-1], "live")
        pages.append(pages[0].context.new_page())
        pages[-1].goto(server.url)
    settled(pages, 4)
    assert states(pages[4:]) == ["crowded"]
    scan(api, reserva, "a")
    pages[0].evaluate("window.shown(false)")
    is_state(pages[4], "live")
    expect(row(pages[4], reserva)).to_have_attribute("data-attendance", "1")
    is_state(pages[0], "crowded")
    pages[0].evaluate("window.shown(true)")
    settled(pages, 4)
    api.close()


def test_a_hidden_tab_gives_its_stream_back_and_catches_up_when_shown(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    page.add_init_script(HIDE)
    page.clock.install()
    page.reload()
    is_state(page, "live")
    page.evaluate("window.shown(false)")
    page.clock.run_for(40_000)
    is_state(page, "live")
    page.clock.run_for(21_000)
    is_state(page, "resting")
    scan(api, reserva, "a")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(300_000)
    # What the phone keeps for a night without a connection follows by itself.
    assert [url for url in asked if "/api/puerta/manifest" not in url] == []
    page.evaluate("window.shown(true)")
    is_state(page, "live")
    expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    assert not [url for url in asked if "/api/reservas?" in url], "the stream brings what it missed"
    api.close()


def test_a_stream_that_does_not_begin_gives_its_connection_back(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    held: list[object] = []
    # Neither answered nor refused.
    page.route("**/api/reservas/events?*", lambda route: held.append(route))
    page.reload()
    is_state(page, "connecting")
    is_state(page, "reconnecting", 12)
    for _ in range(100):
        if len(held) > 1:
            break
        page.wait_for_timeout(100)
    assert len(held) > 1, "it is tried again"
    page.unroute("**/api/reservas/events?*")
    is_state(page, "live", 15)
    api.close()
