"""The chip says En vivo only while the list is whole and the stream is heard."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import (
    EMAIL,
    PASSWORD,
    Open,
    is_state,
    log_in,
    provision,
    row,
    scan,
    wait_for,
)
from tests.browser.swallow import Swallow
from tests.servers import Server, booking

LISTS = "**/api/reservas?*"
STREAMS = "**/api/reservas/events?*"

#: Lets a test lose the next event on its way, say what the server says after a cut log, and see
#: which kinds the page listens to.
MEDDLE = """
  window.lose = 0;
  window.kinds = [];
  const add = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, listener) {
    window.source = this;
    window.kinds.push(name);
    add.call(this, name, (message) => (window.lose > 0 ? window.lose-- : listener(message)));
  };
"""


def fail(route: Route) -> None:
    busy = {"success": False, "error": "busy", "message": "Ocupado."}
    route.fulfill(status=503, json=busy)


def record_states(page: Page) -> None:
    """Keep every state that the chip shows from now on in `window.states`."""
    page.evaluate(
        """() => {
          const chip = document.getElementById("chip");
          window.states = [chip.dataset.state];
          new MutationObserver(() => window.states.push(chip.dataset.state))
            .observe(chip, { attributes: true });
        }"""
    )


@pytest.mark.parametrize("cause", ["gap", "resync", "another day"])
def test_a_stale_list_is_never_called_live_and_is_read_until_it_is_there(
    server: Server, open_page: Open, cause: str
) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    page.add_init_script(MEDDLE)
    page.reload()
    is_state(page, "live")
    tries: list[str] = []
    page.route(LISTS, lambda route: (tries.append(route.request.url), fail(route)))
    if cause == "gap":
        page.evaluate("window.lose = 1")
        scan(api, reserva, "lost")
        wait_for(page, "window.lose === 0")
        scan(api, reserva, "after the gap")
    elif cause == "resync":
        scan(api, reserva, "a")
        expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
        page.evaluate("window.source.dispatchEvent(new MessageEvent('resync', { data: '{}' }))")
        scan(api, reserva, "b")
    else:
        page.get_by_test_id("day-today").click()
        scan(api, reserva, "a")
        scan(api, reserva, "b")
    is_state(page, "stale")
    expect(page.get_by_test_id("chip")).to_contain_text("Poniéndose al día…")
    record_states(page)
    page.wait_for_timeout(2500)
    assert len(tries) >= 2
    assert set(page.evaluate("window.states")) == {"stale"}
    page.unroute(LISTS)
    is_state(page, "live")
    expect(row(page, reserva)).to_have_attribute("data-attendance", "2")
    api.close()


def test_the_chip_changes_at_once_when_the_network_goes(server: Server, open_page: Open) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "live")
    page.context.set_offline(True)
    is_state(page, "offline", 1)
    scan(api, reserva, "while it was away")
    page.context.set_offline(False)
    is_state(page, "live")
    expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    api.close()


def test_a_dead_link_that_says_nothing_is_not_called_live_after_two_heartbeats(
    make_server, browser: Browser
) -> None:
    server = make_server(heartbeat_s="2")
    api, reserva = provision(server)
    way = Swallow(server.port)
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(MEDDLE)
    page.goto(f"http://127.0.0.1:{way.port}")
    log_in(page)
    is_state(page, "live")
    page.evaluate("window.source.addEventListener('message', () => (window.beaten = true))")
    wait_for(page, "window.beaten")
    way.dead = True  # right after a heartbeat, when the next is furthest
    expect(page.get_by_test_id("chip")).not_to_have_attribute("data-state", "live", timeout=4000)
    scan(api, reserva, "while the link was dead")
    way.dead = False
    is_state(page, "live", 30)
    expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    context.close()
    way.close()
    api.close()


def test_a_page_that_slept_does_not_wake_up_live(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    page.clock.install()
    page.reload()
    is_state(page, "live")
    page.route(STREAMS, lambda route: route.abort())
    page.clock.set_system_time(time.time() + 3600)  # the timers have stood still meanwhile
    expect(page.get_by_test_id("chip")).not_to_have_attribute("data-state", "live", timeout=3000)
    page.unroute(STREAMS)
    is_state(page, "live")
    api.close()


def test_a_polling_page_says_so_when_its_own_request_gets_no_answer(
    make_server, open_page: Open
) -> None:
    server = make_server(sse_enabled="0")
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "polling")
    page.route("**/api/**", lambda route: route.abort())
    row(page, reserva).click()
    page.locator("[data-move='Activa']").click()
    is_state(page, "offline", 1)
    page.unroute("**/api/**")
    is_state(page, "polling", 8)
    api.close()


def test_a_page_whose_streams_are_refused_but_whose_polls_are_answered_is_not_offline(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    page.route(STREAMS, fail)
    page.reload()
    is_state(page, "polling", 15)
    record_states(page)
    page.wait_for_timeout(4000)
    assert set(page.evaluate("window.states")) == {"polling"}
    page.unroute(STREAMS)
    is_state(page, "live")
    api.close()


def test_a_session_that_ended_says_why_at_the_log_in(server: Server, open_page: Open) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "live")
    expect(page.get_by_test_id("login-problem")).to_have_count(0)
    row(page, reserva).click()
    words = (
        "user",
        "add",
        EMAIL,
        "--business",
        "1",
        "--role",
        "owner",
        "--reset",
        "--password-stdin",
    )
    server.cli(*words, stdin="otra-clave-larga\n")
    problem = page.get_by_test_id("login-problem")  # by itself: nobody touches it
    expect(problem).to_contain_text("Tu sesión terminó", timeout=3000)
    expect(page.get_by_test_id("detail")).to_have_count(0)
    page.reload()
    expect(problem).to_contain_text("Tu sesión terminó")
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_test_id("login-email")).to_be_visible()
    expect(problem).to_have_text("")
    api.close()


def test_a_cookie_that_is_not_kept_is_explained(make_server, browser: Browser) -> None:
    server = make_server(secure_cookies="1")
    api, _ = provision(server)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://bar.test:{server.port}")
    log_in(page)
    problem = page.get_by_test_id("login-problem")
    expect(problem).to_contain_text("el servidor está configurado para https")
    expect(problem).to_contain_text(f"https://bar.test:{server.port}")
    expect(problem).to_contain_text("RESERVAS_SECURE_COOKIES")
    context.close()
    api.close()


@pytest.mark.parametrize("others", [0, 1])
def test_a_venue_that_is_taken_away_is_said_and_left(
    server: Server, open_page: Open, others: int
) -> None:
    api, _ = provision(server)
    if others:
        words = ("user", "add", EMAIL, "--business", "10", "--role", "door", "--password-stdin")
        server.cli(*words, stdin=PASSWORD + "\n")
    page = open_page(server)
    is_state(page, "live")
    withdraw(server, "1")
    lists: list[str] = []
    page.on("request", lambda request: "businessId=1&" in request.url and lists.append(request.url))
    page.get_by_test_id("day-next").click()
    if others:
        expect(page.get_by_test_id("toast")).to_contain_text("Ya no tienes acceso a «Local 1»")
        expect(page.locator("#venue-name")).to_have_text("Local 10")
        is_state(page, "live")
    else:
        problem = page.get_by_test_id("login-problem")
        expect(problem).to_contain_text("Ya no tienes acceso a «Local 1»")
    page.wait_for_timeout(3000)
    assert len(lists) < 5
    api.close()


def withdraw(server: Server, slug: str) -> None:
    """Take the venue from every person."""
    with closing(sqlite3.connect(server.folder / "data" / "reservas.db", timeout=5)) as link:
        link.execute(
            "DELETE FROM membership WHERE person_id IS NOT NULL"
            " AND venue_id = (SELECT id FROM venue WHERE slug = ?)",
            (slug,),
        )
        link.commit()


def test_one_correction_of_a_person_is_right_on_every_row_that_shows_them(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    other = api.insist("POST", "/api/reservas?businessId=1", booking(hora="22:00"))["reserva"]
    page = open_page(server)
    is_state(page, "live")
    body = {"cliente": {"nombre": "Ana Vera"}}
    api.insist("PATCH", f"/api/reservas/{reserva['id']}?businessId=1", body)
    for each in (reserva, other):
        expect(row(page, each)).to_contain_text("Ana Vera")
    row(page, other).click()
    page.locator("[data-move='Activa']").click()  # with the version that the event brought
    expect(row(page, other)).to_have_attribute("data-estado", "Activa")
    api.close()


def test_with_streams_off_the_network_going_is_said_as_well(
    make_server, browser: Browser, open_page: Open
) -> None:
    server = make_server(sse_enabled="0")
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "polling")
    page.context.set_offline(True)
    is_state(page, "offline", 1)
    page.context.set_offline(False)
    is_state(page, "polling", 1)
    api.close()


def test_after_a_request_without_an_answer_only_a_stream_that_is_heard_makes_it_live(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "live")
    row(page, reserva).click()
    page.route(STREAMS, lambda route: route.abort())
    page.route(f"**/api/reservas/{reserva['id']}?*", lambda route: route.abort())
    page.locator("[data-move='Activa']").click()
    expect(page.get_by_test_id("chip")).not_to_have_attribute("data-state", "live", timeout=1000)
    record_states(page)
    page.wait_for_timeout(1500)
    assert "live" not in page.evaluate("window.states")
    page.unroute(STREAMS)
    is_state(page, "live")
    api.close()


def test_a_page_that_comes_back_reads_its_rules_again(server: Server, open_page: Open) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    page.add_init_script(MEDDLE)
    page.reload()
    is_state(page, "live")

    def upgraded(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["configuracion"]["events"].append("a-new-kind")
        for each in body["reglas"]["estados"]:
            each["etiqueta"] += " (nuevo)"
        route.fulfill(response=answer, json=body)

    page.route("**/api/session", upgraded)
    row(page, reserva).click()
    badge = page.get_by_test_id("detail").locator(".badge")
    expect(badge).to_have_text("Esperada")
    page.context.set_offline(True)
    is_state(page, "offline")
    page.context.set_offline(False)
    expect(badge).to_have_text("Esperada (nuevo)", timeout=12_000)
    wait_for(page, "window.kinds.includes('a-new-kind')")
    is_state(page, "live")
    api.close()
