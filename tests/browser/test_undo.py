"""Taking an entry back on screen, live for others; numbers are replaced by what is typed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open, is_state, provision, row, scan
from tests.servers import Server


def test_an_entry_is_taken_back_with_a_reason_and_others_see_it(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    scan(api, reserva, "a")
    pages = [open_page(server), open_page(server)]
    for page in pages:
        is_state(page, "live")
        expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    page, other = pages
    row(page, reserva).click()
    page.get_by_test_id("undo").click()
    page.get_by_test_id("undo-reason").fill("Persona equivocada")
    page.get_by_test_id("undo-confirm").click()
    for each in pages:
        expect(row(each, reserva)).to_have_attribute("data-attendance", "0", timeout=2000)
    expect(other.get_by_test_id("toast")).to_contain_text("se anuló una entrada de 1")
    expect(page.get_by_test_id("detail")).to_contain_text("anulación: Persona equivocada")
    expect(page.get_by_test_id("undo")).to_have_count(0)
    shown = api.insist("GET", f"/api/reservas/{reserva['id']}?businessId=1")["reserva"]
    assert (shown["asistenciaActual"], shown["estado"]) == (0, "En Progreso")
    api.close()


def test_typing_into_a_number_replaces_it(server: Server, open_page: Open) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "live")
    page.get_by_test_id("scan-people").click()
    page.keyboard.type("6")
    expect(page.get_by_test_id("scan-people")).to_have_value("6")
    row(page, reserva).click()
    expect(page.get_by_test_id("detail")).to_be_visible()
    page.get_by_label("Personas que entran").last.click()
    page.keyboard.type("3")
    expect(page.get_by_label("Personas que entran").last).to_have_value("3")
    api.close()
