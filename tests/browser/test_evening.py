"""The host's evening: one tap, own changes at once, a colleague's never lost, booking by phone."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, is_state, log_in, provision, row
from tests.servers import Api, Server, booking, wait_until

PATH = "/api/reservas"


def stored(api: Api, reserva: dict) -> dict:
    return api.insist("GET", f"{PATH}/{reserva['id']}?businessId=1")["reserva"]


def book(api: Api, nombre: str, **changes: object) -> dict:
    body = booking(cliente={"nombre": nombre, "telefono": "0986 123 456"}, **changes)
    return api.insist("POST", f"{PATH}?businessId=1", body)["reserva"]


def here(server: Server, open_page: Open, role: str = "owner") -> tuple[Api, dict, Page]:
    api, reserva = provision(server, role)
    page = open_page(server)
    is_state(page, "live")
    return api, reserva, page


def test_one_tap_lets_all_in_a_stepper_some_and_the_last_one_is_undone(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = here(server, open_page)
    ours = row(page, reserva)
    expect(ours.get_by_test_id("arrive")).to_have_text("Llegaron todos (4)")
    ours.get_by_test_id("arrive-less").click()
    expect(ours.get_by_test_id("arrive")).to_have_text("Llegaron 3 de 4")
    ours.get_by_test_id("arrive").click()
    expect(
        page.get_by_test_id("group-inside").locator(f"[data-id='{reserva['id']}']")
    ).to_have_count(1)
    expect(ours).to_have_attribute("data-attendance", "3")
    expect(page.get_by_test_id("figure-inside")).to_have_text("3")
    expect(ours.get_by_test_id("arrive")).to_have_text("Llegó el resto (1)")
    ours.get_by_test_id("arrive").click()
    expect(ours).to_have_attribute("data-attendance", "4")
    expect(ours.get_by_test_id("arrive")).to_be_hidden()
    expect(page.get_by_test_id("entered-action")).to_have_count(2)
    page.get_by_test_id("entered-action").last.click()
    expect(ours).to_have_attribute("data-attendance", "3")
    assert stored(api, reserva)["asistenciaActual"] == 3
    expect(page.get_by_test_id("toast")).to_have_count(0)  # one's own is not repeated
    api.close()


def test_an_own_change_is_there_at_once_and_rolled_back_with_the_reason(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = here(server, open_page)
    page.evaluate(
        "addEventListener('force-card-refresh', ({ detail }) => (window.card = detail.reservaId))"
    )
    ours = row(page, reserva)
    ours.get_by_test_id("row-more").click()
    held: list[Route] = []
    is_held = True
    one = f"**{PATH}/{reserva['id']}?*"
    page.route(one, lambda route: held.append(route) if is_held else route.continue_())
    page.get_by_test_id("later").click()
    page.get_by_test_id("later").click()
    expect(ours.locator(".hour").first).to_have_text("20:30")
    assert page.evaluate("window.card") == reserva["id"]
    wait_until(lambda: held or page.wait_for_timeout(20))
    api.insist("PATCH", f"{PATH}/{reserva['id']}?businessId=1", {"mesa": "9"})
    expect(ours.locator(".table")).to_have_text("Mesa 9")  # theirs, under one's own
    expect(ours.locator(".hour").first).to_have_text("20:30")
    is_held = False
    for each in held:
        each.continue_()
    expect(page.get_by_test_id("rolled-back").first).to_contain_text("Otra persona la cambió")
    now = stored(api, reserva)
    expect(ours.locator(".hour").first).to_have_text(now["hora"])
    assert (now["mesa"], now["hora"]) == ("9", "20:00")
    page.get_by_test_id("later").click()
    wait_until(lambda: stored(api, reserva)["hora"] == "20:15")
    api.close()


def test_what_a_colleague_changes_is_shown_in_the_detail_and_never_overwritten(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = here(server, open_page)
    row(page, reserva).click()
    page.get_by_test_id("detail-hora").fill("21:00")
    page.get_by_test_id("detail-nombre").fill("Ana Vera")
    one = f"{PATH}/{reserva['id']}?businessId=1"
    api.insist("PATCH", one, {"hora": "22:00", "numeroPersonas": 7})
    expect(page.get_by_test_id("theirs-hora")).to_contain_text("Otra persona puso: 22:00")
    expect(page.get_by_test_id("detail-numeroPersonas")).to_have_value("7")
    expect(page.get_by_test_id("detail-hora")).to_have_value("21:00")
    expect(page.get_by_test_id("detail-save")).to_be_disabled()
    page.get_by_test_id("take-hora").click()
    page.get_by_test_id("detail-save").click()
    expect(page.get_by_test_id("detail-save")).to_be_hidden()
    now = stored(api, reserva)
    assert (now["cliente"]["nombre"], now["hora"], now["numeroPersonas"]) == (
        "Ana Vera",
        "22:00",
        7,
    )
    page.get_by_test_id("detail-hora").fill("01:00")  # of tonight: tomorrow by the calendar
    expect(page.get_by_test_id("detail")).to_contain_text("Las 01:00 son ya del")
    page.get_by_test_id("detail-save").click()
    wait_until(lambda: stored(api, reserva)["hora"] == "01:00")
    assert stored(api, reserva)["diaNegocio"] == reserva["diaNegocio"]
    api.close()


def test_cancelling_is_undone_and_deleting_is_done_when_the_screen_goes(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = here(server, open_page)
    ours = row(page, reserva)
    ours.click()
    page.locator("[data-move=Cancelado]").click()
    expect(ours).to_have_attribute("data-estado", "Cancelado")
    page.get_by_test_id("removed-action").click()
    expect(ours).to_have_attribute("data-estado", "En Progreso")
    ours.click()
    page.get_by_test_id("delete").click()
    expect(ours).to_have_count(0)
    assert stored(api, reserva)["codigoQR"] == reserva["codigoQR"]  # nothing was done yet
    page.goto(f"{server.url}/#/puerta")
    one = f"{PATH}/{reserva['id']}?businessId=1"
    wait_until(lambda: api.ask("GET", one)[0] == 404)
    api.close()


def test_a_booking_by_phone_finds_who_calls_and_says_the_night(
    server: Server, open_page: Open
) -> None:
    api, first, page = here(server, open_page, "host")
    tonight = date.fromisoformat(first["diaNegocio"])
    before = (tonight - timedelta(days=5)).isoformat()
    book(api, "Lucía Andrade", fecha=before)
    page.get_by_test_id("new-button").click()
    expect(page.get_by_test_id("night-words")).to_contain_text("Para esta noche")
    page.get_by_test_id("field-nombre").press_sequentially("andrade lu")
    page.get_by_test_id("guest").filter(has_text="Lucía Andrade").click()
    expect(page.get_by_test_id("guest-history")).to_contain_text("0 visitas")
    expect(page.get_by_test_id("field-telefono")).to_have_value("0986 123 456")
    page.get_by_test_id("book-size-6").click()
    page.get_by_test_id("field-hora").fill("01:00")
    expect(page.get_by_test_id("night-words")).to_contain_text("Las 01:00 son ya del")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("qr-image")).to_be_visible()
    page.keyboard.press("Escape")
    made = page.get_by_test_id("row").filter(has_text="Lucía Andrade")
    expect(made).to_contain_text("01:00")
    expect(made.locator(".count")).to_have_text("0/6")

    page.get_by_test_id("new-button").click()
    page.get_by_test_id("field-telefono").press_sequentially("+593986123456")
    expect(page.get_by_test_id("duplicate")).to_contain_text("Lucía Andrade, 01:00")
    tomorrow = (tonight + timedelta(days=1)).isoformat()
    page.get_by_test_id("field-fecha").fill(tomorrow)
    expect(page.get_by_test_id("night-words")).to_contain_text("Para otra noche")
    expect(page.get_by_test_id("duplicate")).to_be_hidden()
    api.close()


def test_a_filled_form_outlives_a_tap_outside_and_the_end_of_the_session(
    server: Server, open_page: Open
) -> None:
    api, _, page = here(server, open_page)
    page.get_by_test_id("new-button").click()
    page.get_by_test_id("field-nombre").press_sequentially("Tomás Vela")
    page.get_by_test_id("book-size-3").click()
    page.mouse.click(3, 300)
    expect(page.get_by_test_id("kept")).to_be_visible()
    expect(page.get_by_test_id("field-nombre")).to_have_value("Tomás Vela")
    over = {"success": False, "error": "unauthorized", "message": "Tu sesión terminó."}
    page.route(f"**{PATH}?*", lambda route: route.fulfill(status=401, json=over))
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("login-email")).to_be_visible()
    page.unroute(f"**{PATH}?*")
    log_in(page)
    expect(page.get_by_test_id("field-nombre")).to_have_value("Tomás Vela")
    expect(page.get_by_test_id("field-numeroPersonas")).to_have_value("3")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("detail")).to_contain_text("Tomás Vela")
    found = api.insist("GET", f"{PATH}?businessId=1&q=Vela")["reservas"]
    assert [each["numeroPersonas"] for each in found] == [3]
    api.close()


def test_keys_do_what_buttons_do_and_r_is_left_to_the_scanner(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = here(server, open_page)
    expect(row(page, reserva)).to_be_visible()
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("j")
    expect(row(page, reserva).get_by_test_id("row-open")).to_be_focused()
    page.keyboard.press("+")
    expect(row(page, reserva)).to_contain_text("20:15")
    page.keyboard.press("l")
    expect(row(page, reserva)).to_have_attribute("data-attendance", "4")
    expect(row(page, reserva).get_by_test_id("row-open")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_test_id("help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_test_id("search")).to_be_focused()
    page.keyboard.type("perez zz", delay=30)
    expect(page.get_by_test_id("row")).to_have_count(0)
    page.get_by_test_id("search").fill("perez ana")
    expect(page.get_by_test_id("row")).to_have_count(1)
    expect(page.locator("dialog[open]")).to_have_count(0)
    api.close()


def test_a_double_tap_is_one_tap_for_what_it_was_meant_for(server: Server, open_page: Open) -> None:
    api, reserva, page = here(server, open_page)
    book(api, "Bruno Paz", numeroPersonas=3)
    expect(page.get_by_test_id("row")).to_have_count(2)
    page.get_by_test_id("walkin-button").dblclick()  # opens, and does not close again
    expect(page.get_by_test_id("walkin-size-3")).to_be_visible()
    # A tap just after it opened may be the second one of what opened it; a key is meant.
    page.get_by_test_id("walkin-size-3").press("Enter")
    expect(page.get_by_test_id("figure-inside")).to_have_text("3")
    page.get_by_test_id("walked-in-action").click()
    expect(page.get_by_test_id("figure-inside")).to_have_text("0")
    first = page.get_by_test_id("row").first
    name = first.get_attribute("data-id")
    first.get_by_test_id("arrive").dblclick()  # it goes to those inside, the next one comes up
    expect(page.get_by_test_id("entered")).to_have_count(1)
    day = reserva["diaNegocio"]
    listed = api.insist("GET", f"{PATH}?businessId=1&fecha={day}")["reservas"]
    assert [each["id"] for each in listed if each["asistenciaActual"]] == [name]
    page.get_by_test_id("row-more").last.click()
    page.get_by_test_id("later").dblclick()  # a party that is moved stays under the finger
    expect(page.locator(".row-tools .hour")).to_have_text("20:30")
    api.close()


def test_another_screen_takes_neither_undoing_nor_what_was_typed(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = here(server, open_page)
    row(page, reserva).get_by_test_id("row-more").click()
    page.locator("[data-row-move=Cancelado]").click()
    page.get_by_test_id("to-espera").click()
    expect(page.get_by_test_id("waitlist")).to_be_attached()
    page.get_by_test_id("removed-action").click()
    page.get_by_test_id("to-noche").click()
    badge = row(page, reserva).locator(".badge")
    expect(badge).to_have_attribute("data-estado", "En Progreso")
    page.get_by_test_id("new-button").click()
    page.get_by_test_id("field-nombre").fill("Tomás Vela")
    page.go_back()
    expect(page.get_by_test_id("waitlist")).to_be_attached()
    expect(page.locator("dialog")).to_have_count(0)
    page.go_forward()
    expect(page.get_by_test_id("field-nombre")).to_have_value("Tomás Vela")
    page.reload()
    expect(page.get_by_test_id("field-nombre")).to_have_value("Tomás Vela")
    assert stored(api, reserva)["version"] == 1
    api.close()
