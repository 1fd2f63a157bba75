"""The chip says En vivo only while the list is whole and the stream is heard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Open, is_state, provision, row, scan, wait_for
from tests.servers import Server

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
        body["reglas"]["eventos"].append("a-new-kind")
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
