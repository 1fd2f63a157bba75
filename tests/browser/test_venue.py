"""An owner sets a venue up on the page of its settings, and reads who changed what."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, provision
from tests.servers import Server, booking


def settings(page: Page) -> None:
    page.evaluate("location.hash = '#/ajustes'")
    expect(page.get_by_test_id("venue-cutoff")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_test_id("venue-save").click()
    expect(page.get_by_test_id("venue-save")).to_be_disabled()
    expect(page.get_by_test_id("settings-status")).to_have_text("No hay cambios sin guardar.")


def test_an_owner_sets_the_night_the_capacity_and_the_hours(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page, other = open_page(server), open_page(server)
    other.goto(server.url + "/#/puerta")
    expect(other.get_by_test_id("inside")).to_be_visible()
    settings(page)
    expect(page.get_by_test_id("venue-save")).to_be_disabled()
    page.get_by_test_id("venue-cutoff").fill("06:30")
    page.get_by_test_id("venue-margin").fill("2")
    page.get_by_test_id("venue-capacity").fill("180")
    page.get_by_test_id("add-service").click()
    service = page.get_by_test_id("service")
    service.locator("[data-field=nombre]").fill("Cena")
    service.locator("[data-field=ultima]").fill("18:00")
    page.get_by_test_id("add-stay").click()
    page.locator("[data-field=hasta]").fill("4")
    page.get_by_test_id("timetable-pacing").fill("20")
    page.get_by_test_id("venue-save").click()
    # What is wrong is said beside it, and nothing was saved.
    expect(service.locator("[data-field=ultima]")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_test_id("settings-wrong")).to_contain_text("en la misma noche")
    service.locator("[data-field=ultima]").fill("01:00")
    save(page)
    known = api.insist("GET", "/api/local?businessId=1")
    local = known["local"]
    assert (local["corte"], local["margenH"], local["aforo"]) == ("06:30", 2, 180)
    (made,) = known["servicios"]
    assert (made["nombre"], made["primera"], made["ultima"]) == ("Cena", "19:00", "01:00")
    assert (known["estancias"], local["ritmo"]) == ([{"hasta": 4, "minutos": 120}], 20)
    # Another screen has heard of it by itself.
    expect(other.get_by_test_id("inside")).to_contain_text("de 180")
    page.get_by_test_id("venue-capacity").fill("")
    save(page)
    assert api.insist("GET", "/api/local?businessId=1")["local"]["aforo"] is None
    api.close()


def test_two_owners_do_not_overwrite_each_other(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    settings(page)
    # What another owner sets is shown at once where nothing is typed.
    api.insist("PATCH", "/api/local?businessId=1", {"aforo": 120})
    expect(page.get_by_test_id("venue-capacity")).to_have_value("120")
    page.get_by_test_id("venue-margin").fill("1")
    api.insist("PATCH", "/api/local?businessId=1", {"aforo": 90})
    expect(page.get_by_test_id("settings-notice")).to_contain_text("Aforo")
    expect(page.get_by_test_id("venue-margin")).to_have_value("1")
    page.get_by_test_id("settings-mine").click()
    expect(page.get_by_test_id("venue-capacity")).to_have_value("90")
    expect(page.get_by_test_id("venue-save")).to_be_disabled()
    local = api.insist("GET", "/api/local?businessId=1")["local"]
    assert (local["margenH"], local["aforo"]) == (1, 90)
    api.close()


def test_an_owner_reads_the_history_of_a_reservation(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    given = booking(cliente={"nombre": "Olmedo"}, hora="20:00")
    made = api.insist("POST", "/api/reservas?businessId=1", given)["reserva"]
    path = f"/api/reservas/{made['id']}?businessId=1"
    api.insist("PATCH", path, {"hora": "21:00"})
    api.close()
    page = open_page(server)
    page.get_by_test_id("row-open").filter(has_text="Olmedo").click()
    page.get_by_test_id("history").click()
    rows = page.get_by_test_id("registro-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("cambió la hora de Olmedo de 20:00 a 21:00")
    expect(page.get_by_test_id("registro-about")).to_contain_text("Historia de Olmedo")
    expect(page.get_by_test_id("registro-chain")).to_contain_text("Cadena intacta")
    rows.first.locator("summary").click()
    expect(rows.first.locator("tbody tr")).to_contain_text(["hora"])
    with page.expect_download() as download:
        page.get_by_test_id("registro-file").click()
    text = download.value.path().read_text()
    assert "de 20:00 a 21:00" in text
    assert "sello" in text
    rows.first.get_by_test_id("registro-open").click()
    expect(page.get_by_role("dialog")).to_contain_text("Olmedo")
    page.keyboard.press("Escape")
    page.get_by_test_id("registro-whole").click()
    page.get_by_test_id("registro-search").fill("ana@local")
    expect(rows.first).to_contain_text("ana@local.test entró al sistema")
