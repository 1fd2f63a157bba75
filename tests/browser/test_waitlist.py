"""The waiting list on two hosts' screens, and on the page of a party that waits."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, is_state, provision
from tests.servers import Api, Server

PLAN = {
    "zonas": [{"id": "z", "nombre": "Sala"}],
    "mesas": [
        {"id": name, "nombre": name, "zona": "z", "min": 1, "max": most, "forma": "redonda"}
        | {"x": 100 * most, "y": 100, "w": 80, "h": 80, "giro": 0, "unible": []}
        for name, most in (("M2", 2), ("M6", 6))
    ],
}


def plan(server: Server) -> None:
    owner = Api(server, server.token("1", name="plano"))
    owner.insist("PUT", "/api/plano?businessId=1", PLAN, If_Match="0")


def add(page: Page, name: str, people: int) -> None:
    page.get_by_test_id(f"waiting-size-{people}").click()
    page.get_by_test_id("waitlist-name").fill(name)
    page.get_by_test_id("waitlist-add").click()
    expect(page.get_by_test_id("waitlist-told")).to_contain_text(name)


def test_two_hosts_and_a_guest_see_one_line(server: Server, open_page: Open) -> None:
    provision(server, "host")
    plan(server)
    ana, luis = open_page(server), open_page(server)
    for page in (ana, luis):
        page.get_by_test_id("to-espera").click()
        is_state(page, "live")
    add(ana, "Rosa Mora", 2)
    add(ana, "Luis Vega", 6)
    add(ana, "Inés Paz", 2)
    expect(ana.get_by_test_id("waitlist-told")).to_contain_text("Espera de unos")
    parties = luis.get_by_test_id("waiting")
    expect(parties).to_have_count(3)
    expect(parties.nth(2)).to_contain_text("Inés Paz")
    guest = luis.context.new_page()
    guest.goto(
        parties.nth(2)
        .get_by_test_id("waiting-link")
        .get_attribute("href")
        .split("%20")[-1]
        .replace("%3A", ":")
        .replace("%2F", "/")
    )
    expect(guest.locator("#titulo")).to_have_text("Estás en el lugar 3")

    parties.nth(0).get_by_test_id("waiting-seat").click()
    luis.get_by_test_id("seat-table").first.click()
    expect(luis.get_by_test_id("seat-dialog")).to_have_count(0)
    expect(ana.locator("[data-testid=waitlist] > li")).to_have_count(2)
    ana.get_by_test_id("waiting").nth(1).get_by_test_id("waiting-left").click()  # and back again
    ana.get_by_text("Sentados y quienes se fueron").click()
    ana.get_by_test_id("waiting-return").click()
    ana.get_by_test_id("waiting").nth(1).get_by_test_id("waiting-call").click()
    expect(luis.locator("[data-testid=waiting][data-estado=llamado]")).to_contain_text("Inés Paz")
    expect(guest.locator("#titulo")).to_have_text("¡Tu mesa está lista!", timeout=15_000)
