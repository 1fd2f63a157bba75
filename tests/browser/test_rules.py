"""What the page offers is what the server allows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from reservas.domain.reservation import LABELS, Estado, moves
from tests.browser.conftest import Open, is_state, provision, row, scan
from tests.servers import Api, Server, booking

PATH = "/api/reservas"

#: How a party gets into each state that it can be in, without and with people inside.
WAYS: dict[tuple[Estado, int], list[str]] = {
    (Estado.EN_PROGRESO, 0): [],
    (Estado.ACTIVA, 0): ["Activa"],
    (Estado.EN_CAMINO, 0): ["Activa", "En Camino"],
    (Estado.CAIDA, 0): ["Reserva Caída"],
    (Estado.CANCELADO, 0): ["Cancelado"],
    (Estado.ACTIVA, 1): ["scan"],
    (Estado.EN_CAMINO, 1): ["scan", "En Camino"],
}


def party(api: Api, ways: list[str]) -> dict:
    body = booking(cliente={"nombre": " ".join(ways) or "Nueva"})
    reserva = api.insist("POST", f"{PATH}?businessId=1", body)["reserva"]
    for way in ways:
        if way == "scan":
            scan(api, reserva, reserva["id"])
        else:
            one = f"{PATH}/{reserva['id']}?businessId=1"
            api.insist("PATCH", one, {"estado": way})
    return reserva


def offered(page: Page) -> dict[str, str]:
    expect(page.get_by_test_id("detail")).to_be_visible()
    buttons = page.get_by_test_id("detail").locator("[data-move]")
    return {each.get_attribute("data-move"): each.inner_text() for each in buttons.all()}


def test_the_moves_offered_are_the_ones_the_server_allows(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    parties = {state: party(api, ways) for state, ways in WAYS.items()}
    page = open_page(server)
    is_state(page, "live")
    for (estado, inside), reserva in parties.items():
        expect(row(page, reserva)).to_have_attribute("data-estado", estado)
        label = "Adentro" if (estado, inside) == (Estado.ACTIVA, 1) else LABELS[estado]
        expect(row(page, reserva).locator(".badge")).to_have_text(label)
        row(page, reserva).click()
        assert offered(page) == moves(estado, inside)
        page.keyboard.press("Escape")
    moved = parties[Estado.CAIDA, 0]
    row(page, moved).click()
    page.locator("[data-move='Activa']").click()
    expect(row(page, moved)).to_have_attribute("data-estado", "Activa")
    assert offered(page) == moves(Estado.ACTIVA, 0)
    api.close()


@pytest.mark.parametrize(("role", "deletes"), [("host", False), ("owner", True)])
def test_a_role_is_offered_what_it_may_do(
    server: Server, open_page: Open, role: str, deletes: bool
) -> None:
    api, reserva = provision(server, role)
    page = open_page(server)
    is_state(page, "live")
    expect(page.get_by_test_id("new-button")).to_have_count(1)
    row(page, reserva).click()
    assert offered(page)
    expect(page.get_by_text("Eliminar")).to_have_count(int(deletes))
    api.close()


def test_a_cut_entry_log_says_so_and_shows_all_when_asked(server: Server, open_page: Open) -> None:
    api, reserva = provision(server)
    for number in range(25):
        body = {"cantidad": 1, "scanId": str(number), "force": True}
        api.insist("POST", f"{PATH}/{reserva['id']}/asistencia?businessId=1", body)
    page = open_page(server)
    is_state(page, "live")

    def cut(route) -> None:
        answer = route.fetch()
        body = answer.json()
        for each in body["reservas"]:
            entries = each["registroEntradas"]
            each["totalEntradas"] = each.get("totalEntradas", len(entries))
            each["registroEntradas"] = entries[-20:]
        route.fulfill(response=answer, json=body)

    page.route("**/api/reservas?*", cut)
    with page.expect_response("**/api/reservas?*"):
        page.get_by_test_id("day-today").click()
    row(page, reserva).click()
    entries = page.get_by_test_id("detail").locator(".entries li")
    count = page.get_by_test_id("entries-count")
    expect(count).to_have_text("20 de 25 entradas")
    expect(entries).to_have_count(20)
    page.get_by_test_id("entries-all").click()
    expect(count).to_have_text("25 entradas")
    expect(entries).to_have_count(25)
    expect(page.get_by_test_id("entries-all")).to_have_count(0)
    body = {"cantidad": 2, "scanId": "one more", "force": True}
    api.insist("POST", f"{PATH}/{reserva['id']}/asistencia?businessId=1", body)
    expect(count).to_have_text("26 entradas")
    expect(entries.last).to_contain_text("+2")
    api.close()
