"""The state of the box, as an owner sees it."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Open, is_state, provision, scan
from tests.servers import Server
from tests.sse import Stream


def test_an_owner_sees_in_one_line_how_the_box_does_and_who_is_connected(
    server: Server, open_page: Open, follow: Callable[..., Stream]
) -> None:
    api, reserva = provision(server)
    server.cli("backup")
    follow(server, server.token("1", "host", "Tablet barra"), "1")
    scan(api, reserva, "in")
    page = open_page(server)
    is_state(page, "live")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("location.hash = '#/estado'")
    verdict = page.get_by_test_id("status-verdict")
    expect(verdict).to_have_attribute("data-state", "bien")
    expect(verdict.locator("h1")).to_have_text("Todo bien")
    devices = page.get_by_test_id("status-devices")
    expect(devices).to_contain_text("Tablet barra")
    expect(devices).to_contain_text("en vivo hace")
    expect(page.locator("[data-figure=copia] dd").first).to_contain_text("hace")
    expect(page.locator("[data-figure=pantallas] dd").first).to_have_text("2")
    expect(page.get_by_test_id("status-workers").locator("li")).to_have_count(2)

    # What comes next is what a box with a full disk answers, and then nobody.
    known = api.insist("GET", "/api/estado?businessId=1")
    known["estado"] = "alarma"
    known["problemas"] = [
        {"codigo": "disk_low", "nivel": "alarma", "datos": {"libres": 9_000_000}}
        | {"mensaje": "El disco tiene 9 MB libres.", "consejo": "Borra o mueve archivos."}
    ]
    known["sinDatos"] = ["cifras"]
    page.route("**/api/estado*", lambda route: route.fulfill(json=known))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(verdict.locator("h1")).to_have_text("El disco tiene 9 MB libres.")
    expect(verdict).to_contain_text("Sin datos ahora: las cifras.")
    page.unroute("**/api/estado*")
    failed = json.dumps({"success": False, "error": "busy", "message": "El servidor está ocupado."})
    page.route("**/api/estado*", lambda route: route.fulfill(status=503, body=failed))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_test_id("status-problem")).to_contain_text("se intenta otra vez")
    expect(verdict.locator("h1")).to_have_text("El disco tiene 9 MB libres.")
    # Elsewhere it is not read.
    page.evaluate("location.hash = '#/noche'")
    expect(verdict).to_have_count(0)
    asked.clear()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
    assert [url for url in asked if "/api/estado" in url] == []
