"""Three people at once: one scans, one edits, one seats; two of them lose the network meanwhile.

ACTIONS says how many things they do by turns (30 where it is not set).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Request, expect

from tests.browser.conftest import Open, is_state, provision, row
from tests.browser.test_plan import mesa, table
from tests.servers import Api, Server, booking, wait_until

ACTIONS = int(os.environ.get("ACTIONS", "30"))
PARTIES = 14
PLAN = "/api/plano?businessId=1"
#: What a row shows: id -> hour, name, table, inside/planned, state.
ROWS = """(list) => Object.fromEntries(list.map((row) => [row.dataset.id, [
  row.querySelector(".hour").textContent, row.querySelector(".who strong").textContent,
  row.querySelector(".table").title, row.querySelector(".count").firstChild.textContent,
  row.dataset.estado]]))"""

pytestmark = pytest.mark.timeout(900)


class Person:
    """One of the three: a page, what it asks for, and what it does when it is its turn."""

    def __init__(self, page: Page, screen: str) -> None:
        self.page = page
        self.lists = 0
        page.on("request", self._count)
        page.get_by_test_id(f"to-{screen}").click()

    def _count(self, request: Request) -> None:
        if request.method == "GET" and "/api/reservas?" in request.url:
            self.lists += 1

    def try_to(self, act: Callable[[], Any]) -> None:
        """Do it, as far as the screen lets somebody: a party may be over, a table taken."""
        try:
            act()
        except Error:
            self.page.keyboard.press("Escape")

    def cut(self) -> None:
        self.page.context.set_offline(True)
        is_state(self.page, "offline", 30)

    def join(self) -> None:
        """Come back, and live on at most one more list."""
        self.lists = 0
        self.page.context.set_offline(False)
        is_state(self.page, "live", 30)
        assert self.lists <= 1, f"{self.lists} lists after one cut"


def scans(person: Person, reserva: dict[str, Any], _chance: random.Random) -> None:
    person.page.keyboard.type(reserva["codigoQR"])
    person.page.keyboard.press("Enter")


def edits(person: Person, reserva: dict[str, Any], chance: random.Random) -> None:
    ours = row(person.page, reserva)
    if chance.random() < 0.5:
        ours.get_by_test_id("arrive-less").click(timeout=500)
        ours.get_by_test_id("arrive").click(timeout=500)
        return
    ours.get_by_test_id("row-more").click(timeout=500)
    person.page.get_by_test_id(chance.choice(["earlier", "later"])).click(timeout=500)
    person.page.keyboard.press("Escape")


def seats(person: Person, reserva: dict[str, Any], chance: random.Random) -> None:
    name = reserva["cliente"]["nombre"]
    party = person.page.get_by_test_id("plan-party").filter(has_text=name)
    party.drag_to(table(person.page, str(chance.randrange(6))), timeout=1_000)
    choice = person.page.get_by_test_id("choice").first
    if choice.is_visible():
        choice.click(timeout=500)
    person.page.keyboard.press("Escape")


def stored(api: Api) -> dict[str, list[str]]:
    found = api.insist("GET", f"/api/reservas?businessId=1&fecha={booking()['fecha']}&limit=500")
    return {
        each["id"]: [
            each["hora"],
            each["cliente"]["nombre"],
            each["mesa"],
            f"{each['asistenciaActual']}/{each['numeroPersonas']}",
            each["estado"],
        ]
        for each in found["reservas"]
    }


def test_three_screens_and_the_database_agree_after_all_that_they_did(
    server: Server, open_page: Open
) -> None:
    api, first = provision(server)
    zone = {"id": "z", "nombre": "Salón"}
    mesas = [mesa(str(number), 100 + 150 * number) for number in range(6)]
    api.insist("PUT", PLAN, {"zonas": [zone], "mesas": mesas})
    parties = [first]
    for number in range(PARTIES - 1):
        body = booking(cliente={"nombre": f"Grupo{number:02} Paz"}, numeroPersonas=6)
        parties.append(api.insist("POST", "/api/reservas?businessId=1", body)["reserva"])
    chance = random.Random(7)
    door, host, floor = (
        Person(open_page(server), screen) for screen in ("puerta", "noche", "plano")
    )
    for person in (door, host, floor):
        is_state(person.page, "live")
    away: Person | None = None
    for number in range(ACTIONS):
        if number in (ACTIONS // 5, ACTIONS * 3 // 5):
            away = host if number == ACTIONS // 5 else floor
            away.cut()
        if away is not None and number in (ACTIONS * 2 // 5, ACTIONS * 4 // 5):
            away.join()
            away = None
        person, act = [(door, scans), (host, edits), (floor, seats)][number % 3]
        if person is not away:
            reserva = chance.choice(parties)
            person.try_to(lambda p=person, a=act, r=reserva: a(p, r, chance))
    before = stored(api)
    assert len({tuple(each[2:4]) for each in before.values()}) > 3, "little has happened"
    for person in (door, host, floor):
        person.lists = 0
        person.page.keyboard.press("Escape")
        person.page.get_by_test_id("to-noche").click()
        expect(person.page.get_by_test_id("row")).to_have_count(PARTIES)
        is_state(person.page, "live")
        wait_until(lambda p=person: shown(p.page) == stored(api), 15, "the same on every screen")
        assert person.lists == 0, "the screens agree without reading again"
    assert api.insist("GET", PLAN)["version"] == 1
    server.cli("check")
    api.close()


def shown(page: Page) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = page.get_by_test_id("row").evaluate_all(ROWS)
    page.wait_for_timeout(50)
    return rows
