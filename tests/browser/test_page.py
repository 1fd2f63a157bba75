"""The page in a real browser: live, honest, and right again after a restart."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Browser, expect

from tests.browser.conftest import EMAIL, PASSWORD, Open, is_state, provision, row, scan, wait_for
from tests.conftest import MakeServer
from tests.servers import Server


def test_a_scan_from_outside_updates_both_windows_without_a_list_request(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    pages = [open_page(server), open_page(server)]
    lists: list[str] = []
    for page in pages:
        is_state(page, "live")
        expect(row(page, reserva)).to_have_attribute("data-attendance", "0")
        page.on("request", lambda request: lists.append(request.url))
    scan(api, reserva, "a")
    for page in pages:
        expect(row(page, reserva)).to_have_attribute("data-attendance", "1", timeout=1000)
        expect(row(page, reserva)).to_have_attribute("data-estado", "Activa")
        expect(page.get_by_test_id("stats-totalAsistentes")).to_have_text("1")
        expect(page.get_by_test_id("toast")).to_contain_text("Ana Pérez: +1 (1/4)")
    assert lists == []
    api.close()


def test_both_windows_are_live_and_right_within_5_s_of_a_restart(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    pages = [open_page(server), open_page(server)]
    for page in pages:
        is_state(page, "live")
    server.stop()
    for page in pages:
        expect(page.get_by_test_id("chip")).not_to_have_attribute("data-state", "live")
    time.sleep(4)  # long enough for the pauses between tries to have grown
    server.start()
    back = time.monotonic()
    api.close()
    scan(api, reserva, "while the pages were away")
    for page in pages:
        left = max(0.1, 5 - (time.monotonic() - back))
        is_state(page, "live", left)
        left = max(0.1, 5 - (time.monotonic() - back))
        expect(row(page, reserva)).to_have_attribute("data-attendance", "1", timeout=left * 1000)
    api.close()


def test_with_streams_off_the_page_polls_and_says_how_often(
    make_server: MakeServer, browser: Browser
) -> None:
    server = make_server(sse_enabled="0")
    api, reserva = provision(server)
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(server.url)
    page.get_by_test_id("login-email").fill(EMAIL)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    is_state(page, "polling")
    expect(page.get_by_test_id("chip")).to_contain_text("Actualizando cada 30 s")
    lists: list[str] = []
    page.on("request", lambda asked: "/api/reservas?" in asked.url and lists.append(asked.url))
    scan(api, reserva, "a")
    page.clock.run_for(20_000)
    assert lists == []
    expect(row(page, reserva)).to_have_attribute("data-attendance", "0")
    page.clock.run_for(11_000)
    expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    assert len(lists) == 1
    context.close()
    api.close()


def test_booking_shows_the_qr_and_its_code_lets_them_in(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    page.get_by_test_id("new-button").click()
    page.get_by_test_id("field-nombre").fill("<b>Zoé</b> Núñez")
    page.get_by_test_id("field-numeroPersonas").fill("3")
    page.get_by_test_id("form-submit").click()
    picture = page.get_by_test_id("qr-image")
    expect(picture).to_be_visible()
    wait_for(page, "document.querySelector('[data-testid=qr-image]').naturalWidth > 0")
    found = api.insist("GET", "/api/reservas?businessId=1&q=N%C3%BA%C3%B1ez")
    reserva = found["reservas"][0]
    assert reserva["cliente"]["nombre"] == "<b>Zoé</b> Núñez"
    page.keyboard.press("Escape")
    expect(row(page, reserva)).to_contain_text("<b>Zoé</b> Núñez")
    field = page.get_by_test_id("scan-input")
    verdict = page.get_by_test_id("scan-verdict")
    for expected in ("1", "2", "3"):
        field.fill(reserva["codigoQR"].lower())
        field.press("Enter")
        expect(row(page, reserva)).to_have_attribute("data-attendance", expected)
        expect(verdict).to_have_attribute("data-verdict", "ok")
    field.fill(reserva["codigoQR"])
    field.press("Enter")
    expect(verdict).to_have_attribute("data-tone", "warn")
    expect(row(page, reserva)).to_have_attribute("data-attendance", "3")
    page.get_by_test_id("scan-confirm").click()
    expect(row(page, reserva)).to_have_attribute("data-attendance", "4")
    field.fill("R1.FALSO")
    field.press("Enter")
    expect(verdict).to_have_attribute("data-verdict", "invalid_code")
    api.close()


def test_a_scan_without_an_answer_is_never_shown_as_success_and_counts_once(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "live")
    sent: list[str] = []

    def lose_the_answer(route) -> None:
        body = route.request.post_data_json
        sent.extend(each["scanId"] for each in body.get("scans", [body]))
        if len(sent) <= 2:
            if len(sent) == 2:
                route.fetch()  # it reaches the server, but the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("qr-scan"), lose_the_answer)
    page.get_by_test_id("scan-input").fill(reserva["codigoQR"])
    page.get_by_test_id("scan-input").press("Enter")
    verdict = page.get_by_test_id("scan-verdict")
    expect(verdict).to_have_attribute("data-verdict", "offline")
    expect(verdict).to_have_attribute("data-verdict", "ok")
    assert len(sent) == 3
    assert len(set(sent)) == 1
    expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    api.close()
