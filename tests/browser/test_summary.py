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


def test_an_owner_sets_services_and_stays_and_a_bad_one_is_shown_where_it_is(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    page.get_by_test_id("menu").click()
    page.get_by_test_id("venue-button").click()
    page.get_by_test_id("timetable-button").click()
    page.get_by_test_id("add-service").click()
    service = page.get_by_test_id("service")
    service.locator("[data-field=nombre]").fill("Cena")
    service.locator("[data-field=ultima]").fill("18:00")
    page.get_by_test_id("add-stay").click()
    page.locator("[data-field=hasta]").fill("4")
    page.get_by_test_id("timetable-pacing").fill("20")
    page.get_by_test_id("timetable-save").click()
    expect(service.locator("[data-field=ultima]")).to_have_attribute("aria-invalid", "true")
    service.locator("[data-field=ultima]").fill("01:00")
    page.get_by_test_id("timetable-save").click()
    expect(service).to_have_count(0)
    known = api.insist("GET", "/api/servicios?businessId=1")
    (saved,) = known["servicios"]
    assert (saved["nombre"], saved["primera"], saved["ultima"]) == ("Cena", "19:00", "01:00")
    assert saved["dias"] == [1, 2, 3, 4, 5, 6, 7]
    assert (known["estancias"], known["ritmo"]) == ([{"hasta": 4, "minutos": 120}], 20)
