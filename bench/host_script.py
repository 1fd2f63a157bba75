"""A host's tasks on this screen and on the one before: `python -m bench.host_script [REVISION]`.

Each task is done in Chromium as a person would, and every tap and key is counted. A tap takes 1.3 s
and a key 0.28 s (Card, Moran and Newell's keystroke-level model: pointing and pressing, an average
typist), a choice among what is shown 1.35 s; what the page takes to answer is measured. Adds its
table to docs/evening-speed.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bench.figures import put_section
from bench.revision import checked_out
from bench.servers import ROOT
from tests.browser.conftest import launch, log_in, provision, row
from tests.plans import plan, table
from tests.servers import Api, Server, booking

TAP_S, KEY_S, CHOICE_S = 1.3, 0.28, 1.35
#: The revision whose list and form this screen replaced.
BEFORE = "1792614"
PAGE = ROOT / "docs" / "evening-speed.md"
MARK = "## A host's tasks"
#: For so long a dialog that was just opened takes no tap.
OPENING_MS = 450
GUEST = {"nombre": "Lucía Andrade", "telefono": "0986555123"}


@dataclass
class Hand:
    """What a person does on a page: `seconds` with what the page took to answer."""

    page: Page
    taps: int = 0
    keys: int = 0
    seconds: float = 0.0

    def tap(self, where: Locator, *, chosen: bool = False) -> None:
        self.taps += 1
        self.seconds += TAP_S + (CHOICE_S if chosen else 0)
        self._timed(where.click)

    def type(self, text: str, into: Locator | None = None) -> None:
        if into is not None:
            self.tap(into)
        for key in text:
            self.press(key)

    def press(self, key: str) -> None:
        self.keys += 1
        self.seconds += KEY_S
        if len(key) == 1:
            self.page.keyboard.type(key)  # letters with accents too
        else:
            self.page.keyboard.press(key)

    def see(self, what: Locator, **count: int) -> None:
        self._timed(lambda: expect(what).to_have_count(count.get("count", 1)))

    def sees(self, where: Locator, text: str) -> None:
        self._timed(lambda: expect(where).to_contain_text(text))

    def _timed(self, act: Callable[[], object]) -> None:
        began = time.monotonic()
        act()
        self.seconds += time.monotonic() - began


Task = Callable[[Hand, dict], None]


def named(page: Page, text: str) -> Locator:
    return page.get_by_test_id("row").filter(has_text=text)


# The screen of today.


def books(hand: Hand, _: dict) -> None:
    at = hand.page.get_by_test_id
    hand.tap(at("new-button"))
    hand.see(at("field-nombre"))
    hand.type("luc and")
    hand.tap(at("guest").filter(has_text=GUEST["nombre"]), chosen=True)
    hand.tap(at("book-size-4"))
    hand.tap(hand.page.locator("[data-testid=hour][data-hora='21:30']"), chosen=True)
    hand.tap(at("form-submit"))
    hand.see(at("qr-image"))


def arrives(hand: Hand, reserva: dict) -> None:
    hand.tap(row(hand.page, reserva).get_by_test_id("arrive"))
    hand.sees(row(hand.page, reserva), "6/6")


def moves_hour(hand: Hand, reserva: dict) -> None:
    hand.tap(row(hand.page, reserva).get_by_test_id("row-more"))
    for _ in range(2):
        hand.tap(hand.page.get_by_test_id("later"))
    hand.sees(row(hand.page, reserva).locator(".row-open"), "20:30")


def moves_table(hand: Hand, reserva: dict) -> None:
    ours = row(hand.page, reserva)
    hand.tap(ours.get_by_test_id("row-more"))
    hand.tap(ours.get_by_test_id("field-mesa"))
    hand.page.keyboard.press("Control+a")
    hand.type("12")
    hand.tap(ours.get_by_test_id("row-assign"))
    hand.sees(ours.locator(".table"), "12")


def walks_in(hand: Hand, _: dict) -> None:
    at = hand.page.get_by_test_id
    hand.tap(at("walkin-button"))
    hand.page.wait_for_timeout(OPENING_MS)  # a person is slower
    hand.tap(at("walkin-size-3"))
    hand.see(hand.page.locator("dialog[open]"), count=0)


def seats_waiting(hand: Hand, _: dict) -> None:
    at = hand.page.get_by_test_id
    hand.tap(at("to-espera"))
    hand.tap(at("waiting-seat"))
    hand.tap(at("seat-table").first, chosen=True)
    hand.see(hand.page.locator("dialog[open]"), count=0)


def undoes(hand: Hand, reserva: dict) -> None:
    row(hand.page, reserva).get_by_test_id("arrive").click()  # which was the wrong one
    hand.tap(hand.page.get_by_test_id("entered-action"))
    hand.sees(row(hand.page, reserva), "0/")


# The one before.


def booked(hand: Hand, _: dict) -> None:
    at = hand.page.get_by_test_id
    hand.tap(at("new-button"))
    hand.type(GUEST["nombre"])
    hand.type(GUEST["telefono"], at("field-telefono"))
    hand.type("4", at("field-numeroPersonas"))
    hand.tap(at("field-hora"))
    hand.keys += 4
    hand.seconds += 4 * KEY_S
    at("field-hora").fill("21:30")
    hand.tap(at("form-submit"))
    hand.see(at("qr-image"))


def arrived(hand: Hand, reserva: dict) -> None:
    hand.tap(row(hand.page, reserva))
    hand.type("6", hand.page.get_by_test_id("detail").get_by_label("Personas que entran"))
    hand.tap(hand.page.get_by_role("button", name="Registrar entrada"))
    hand.press("Escape")
    hand.sees(row(hand.page, reserva), "6/6")


def moved_hour(hand: Hand, reserva: dict) -> None:
    """The hour could not be changed: the party was cancelled and booked again, with a new code."""
    at = hand.page.get_by_test_id
    hand.tap(row(hand.page, reserva))
    hand.tap(hand.page.locator("[data-move=Cancelado]"))
    hand.press("Escape")
    hand.tap(at("new-button"))
    hand.type("Tomás Vela")
    hand.type("0986555777", at("field-telefono"))
    hand.type("5", at("field-numeroPersonas"))
    hand.tap(at("field-hora"))
    hand.keys += 4
    hand.seconds += 4 * KEY_S
    at("field-hora").fill("20:30")
    hand.tap(at("form-submit"))
    hand.see(at("qr-image"))


def moved_table(hand: Hand, reserva: dict) -> None:
    hand.tap(row(hand.page, reserva))
    mesa = hand.page.get_by_test_id("detail").get_by_label("Mesa")
    hand.tap(mesa)
    hand.page.keyboard.press("Control+a")
    hand.type("12")
    hand.tap(hand.page.get_by_role("button", name="Asignar"))
    hand.press("Escape")
    hand.sees(row(hand.page, reserva).locator(".table"), "12")


def walked_in(hand: Hand, _: dict) -> None:
    hand.tap(hand.page.get_by_role("button", name="Sin reserva"))
    hand.type("3")
    hand.tap(hand.page.get_by_role("button", name="Registrar"))
    hand.see(hand.page.locator("dialog[open]"), count=0)


def undid(hand: Hand, reserva: dict) -> None:
    hand.page.keyboard.press("Escape")
    row(hand.page, reserva).click()
    hand.page.get_by_test_id("detail").get_by_label("Personas que entran").fill("2")
    hand.page.get_by_role("button", name="Registrar entrada").click()
    hand.tap(hand.page.get_by_test_id("detail").get_by_role("button", name="Anular la entrada"))
    hand.tap(hand.page.get_by_test_id("undo-quick").first, chosen=True)
    hand.press("Escape")
    hand.sees(row(hand.page, reserva), "0/")


TASKS: dict[str, tuple[Task | None, Task]] = {
    "book a known guest by phone: 4 people, 21:30": (booked, books),
    "a party of 6 arrives": (arrived, arrives),
    "move a party half an hour": (moved_hour, moves_hour),
    "move a party to another table": (moved_table, moves_table),
    "3 walk in": (walked_in, walks_in),
    "undo an arrival that was just entered": (undid, undoes),
    "seat the first of the waiting list at a table that fits": (None, seats_waiting),
}


@contextmanager
def served(root: Path | None) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), root)
        server.cli("init")
        server.cli("business", "add", "1", "--name", "Local 1", "--timezone", "America/Guayaquil")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def furnish(api: Api) -> list[dict]:
    """Return a party for each task; the guest who calls was here last week."""
    week = (date.fromisoformat(booking()["fecha"]) - timedelta(days=7)).isoformat()
    parties = [
        booking(cliente=GUEST, fecha=week),
        booking(cliente={"nombre": "Emilia Cueva"}, numeroPersonas=6),
        booking(
            cliente={"nombre": "Tomás Vela", "telefono": "0986555777"}, numeroPersonas=5, mesa="3"
        ),
        booking(cliente={"nombre": "Zoé Paz"}, mesa="7"),
        booking(cliente={"nombre": "Camila Ríos"}, mesa="8"),
        booking(cliente={"nombre": "Joaquín Mora"}, numeroPersonas=2),
        booking(cliente={"nombre": "Lucía Vela"}),
    ]
    return [api.insist("POST", "/api/reservas?businessId=1", body)["reserva"] for body in parties]


def line_up(api: Api) -> None:
    """Give the venue tables, which the tasks before need none of, and a party that waits."""
    tables = [table(f"T{number}", 4) for number in range(1, 7)]
    api.insist("PUT", "/api/plano?businessId=1", plan(*tables), If_Match="0")
    waiting = {"nombre": "Zoé Paz", "numeroPersonas": 3}
    api.insist("POST", "/api/espera?businessId=1", waiting)


def measured(browser: Browser, server: Server, which: int) -> list[Hand | None]:
    api, _ = provision(server)
    parties = furnish(api)
    context = browser.new_context(
        locale="es-EC", timezone_id="America/Guayaquil", viewport={"width": 1024, "height": 768}
    )
    page = context.new_page()
    page.goto(server.url)
    log_in(page)
    expect(page.get_by_test_id("row").first).to_be_visible()
    hands: list[Hand | None] = []
    for (name, tasks), reserva in zip(TASKS.items(), parties, strict=True):
        task = tasks[which]
        if task is None:
            hands.append(None)
            continue
        if task is seats_waiting:
            line_up(api)
        page.reload()
        expect(page.get_by_test_id("row").first).to_be_visible()
        hand = Hand(page)
        task(hand, reserva)
        hands.append(hand)
        print(f"{name}: {hand.taps} taps, {hand.keys} keys, {hand.seconds:.1f} s")
    context.close()
    api.close()
    return hands


def cell(hand: Hand | None) -> str:
    if hand is None:
        return "– | –"
    return f"{hand.taps} + {hand.keys} | {hand.seconds:.1f}"


def write(before: list[Hand | None], after: list[Hand | None], revision: str) -> None:
    lines = [
        MARK,
        "",
        f"Written by `make evening`: the tasks done in Chromium here and at {revision}, by taps and"
        f" keys. {TAP_S} s for a tap, {KEY_S} s for a key, {CHOICE_S} s for a choice among what is"
        " shown (keystroke-level model), and what the page took to answer.",
        "",
        "| task | before: taps + keys | s | now: taps + keys | s |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {cell(was)} | {cell(now)} |"
            for name, was, now in zip(TASKS, before, after, strict=True)
        ),
        "",
        f"At {revision} an hour could not be changed: the party was cancelled and booked again;"
        " there was no waiting list.",
    ]
    put_section(PAGE, MARK, lines)
    print("\n".join(lines))


def main() -> None:
    revision = sys.argv[1] if len(sys.argv) > 1 else BEFORE
    with sync_playwright() as playwright, launch(playwright) as browser:
        with checked_out(revision) as root, served(root) as server:
            before = measured(browser, server, 0)
        with served(None) as server:
            after = measured(browser, server, 1)
    write(before, after, revision)


if __name__ == "__main__":
    main()
