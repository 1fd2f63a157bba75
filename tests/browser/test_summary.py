"""The summary of a night, closing it, and an owner's settings of services and stays."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open, is_state, provision, scan
from tests.servers import Server, booking


def test_an_owner_closes_the_night_and_its_summary_tells_it_on_paper_too(
    server: Server, open_page: Open
) -> None:
    api, came = provision(server)
    scan(api, came, "in")
    page = open_page(server)
    is_state(page, "live")
    page.get_by_test_id("to-resumen").click()
    covers = page.locator("[data-figure=cubiertos] dd").first
    expect(covers).to_have_text("1")
    # What others do meanwhile is shown by itself.
    lost = booking(cliente={"nombre": "Luis Vera"})
    api.insist("POST", "/api/reservas?businessId=1", lost)
    expect(page.get_by_test_id("summary-status")).to_contain_text("faltan por llegar 1 reserva.")
    page.get_by_test_id("close-night").click()
    page.get_by_test_id("close-night-confirm").click()
    expect(page.get_by_test_id("summary-status")).to_contain_text("Cerrada")
    expect(page.get_by_test_id("summary-no-shows")).to_contain_text("Luis Vera")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    paper = page.get_by_test_id("summary-sheet")
    expect(paper).to_be_visible()
    expect(paper).to_contain_text("Luis Vera")
    expect(page.get_by_test_id("close-night")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    # A code that a scanner reads here gets its verdict over the summary.
    page.keyboard.type(came["codigoQR"] + "\n")
    expect(page.get_by_test_id("scan-verdict")).to_have_attribute("data-verdict", "ok")
