"""Whether a page grows: `python -m bench.growth [EVENTS]`, an hour's events on two open screens.

The evening and the floor plan are open in one browser while 36,000 changes of all sorts (10 a
second for an hour) are made as fast as the page follows. Heap, nodes and listeners are read after
forced collections when a third, two and all of them were seen. Adds its table to
docs/evening-speed.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.evening import LANDSCAPE, fill, rows_are
from bench.figures import Goal, goals_table, put_section
from bench.servers import ROOT
from tests.browser.conftest import launch, log_in, provision, wait_for
from tests.plans import plan, table
from tests.servers import Api, Server, booking

HOUR = 36_000
PARTIES, TABLES = 200, 24
#: Events that are made before the page is waited for: as many as a stream may lag behind.
WRITERS, CHUNK = 4, 1_200
#: Parties that come in and out again: their logs are as long as events show them after a moment.
SCANNED = 10
#: What a page shows in passing is gone after so many seconds.
CALM_S = 9
PAGE = ROOT / "docs" / "evening-speed.md"
MARK = "## An hour's events"
#: A figure -> how much larger than after a third it may be.
ALLOWED = {"heap": 1.1, "nodes": 1.05, "listeners": 1.05}
UNITS = {"heap": "heap (MB)", "nodes": "DOM nodes", "listeners": "event listeners"}
Figures = dict[str, float]


def changes(api: Api, parties: list[dict[str, Any]]) -> Iterator[None]:
    """Make one change after the other, without an end; each is one event."""
    turn = 0
    while True:
        turn += 1
        party = f"/api/reservas/{parties[turn % len(parties)]['id']}"

        def ask(method: str, path: str, body: Any = None) -> dict[str, Any]:
            return api.insist(method, f"{path}?businessId=1", body)

        for word in ("Cumpleaños", "Cena", "Aniversario", "Trabajo"):
            ask("PATCH", party, {"razonVisita": f"{word} {turn}"})
            yield
        for estado in ("Cancelado", "En Progreso"):
            ask("PATCH", party, {"estado": estado})
            yield
        scanned, scan = (
            f"/api/reservas/{parties[turn % SCANNED]['id']}/asistencia",
            f"{id(api)}-{turn}",
        )
        ask("POST", scanned, {"cantidad": 1, "metodo": "Manual", "scanId": scan})
        yield
        ask("POST", f"{scanned}/{scan}/anular", {"scanId": f"{scan}-no", "motivo": "Error"})
        yield
        made = ask("POST", "/api/reservas", booking(hora="22:00"))["reserva"]
        yield
        ask("DELETE", f"/api/reservas/{made['id']}")
        yield
        seated = {"numeroPersonas": 2, "mesas": [str(turn % TABLES)], "duracion": 15}
        walk_in = ask("POST", "/api/sin-reserva", {**seated, "forzar": True, "motivo": "x"})
        yield
        ask("DELETE", f"/api/sin-reserva/{walk_in['sinReserva']['id']}")
        yield


def figures(page: Page) -> Figures:
    link = page.context.new_cdp_session(page)
    link.send("Performance.enable")
    for _ in range(3):  # what one collection sets free another may collect
        link.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(200)
    heap = link.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    found = {each["name"]: each["value"] for each in link.send("Performance.getMetrics")["metrics"]}
    link.detach()
    return {"heap": heap, "nodes": found["Nodes"], "listeners": found["JSEventListeners"]}


def opened(browser: Browser, server: Server) -> dict[str, Page]:
    context = browser.new_context(locale="es-EC", viewport=LANDSCAPE)
    evening = context.new_page()
    evening.goto(server.url)
    log_in(evening)
    rows_are(evening, PARTIES)
    floor = context.new_page()
    floor.goto(f"{server.url}/#/plano")
    wait_for(floor, f"document.querySelectorAll('[data-testid=table]').length === {TABLES}", 30)
    return {"evening": evening, "floor plan": floor}


def followed(pages: dict[str, Page], api: Api, party: dict[str, Any], number: int) -> None:
    """Wait until the evening shows a change that is made now."""
    path = f"/api/reservas/{party['id']}?businessId=1"
    api.insist("PATCH", path, {"cliente": {"nombre": f"Marca {number}"}})
    shown = f"document.querySelector('[data-id=\"{party['id']}\"]').textContent"
    wait_for(pages["evening"], f"{shown}.includes('Marca {number}')", 120)


def measured(
    server: Server, browser: Browser, events: int
) -> tuple[dict[str, list[Figures]], int, float]:
    api, marked = provision(server)
    parties = fill(api, PARTIES, 1)
    tables = [table(str(number)) for number in range(TABLES)]
    api.insist("PUT", "/api/plano?businessId=1", plan(*tables), If_Match="0")
    pages = opened(browser, server)
    streams = [changes(Api(server, api.token), parties[first::WRITERS]) for first in range(WRITERS)]

    def make(stream: Iterator[None]) -> None:
        for _ in range(CHUNK // WRITERS):
            next(stream)

    found: dict[str, list[Figures]] = {name: [] for name in pages}
    began, chunks = time.monotonic(), events // CHUNK
    with ThreadPoolExecutor(WRITERS) as pool:
        for chunk in range(chunks + 1):
            if chunk in {chunks * third // 3 for third in range(4)}:
                pages["evening"].wait_for_timeout(CALM_S * 1000)
                for name, page in pages.items():
                    found[name].append(figures(page))
                    print(chunk * CHUNK, name, found[name][-1], flush=True)
            if chunk < chunks:
                list(pool.map(make, streams))
                followed(pages, api, marked, chunk)
    return found, chunks * CHUNK, time.monotonic() - began


def goals_of(found: dict[str, list[Figures]]) -> list[Goal]:
    return [
        (
            f"{name}: {UNITS[each]} after all, against a third",
            values[3][each] / values[1][each],
            "<=",
            most,
        )
        for name, values in found.items()
        for each, most in ALLOWED.items()
    ]


def written(found: dict[str, list[Figures]], events: int, seconds: float) -> list[str]:
    lines = [
        MARK,
        "",
        f"Written by `make evening`: {events:,} changes (an hour of 10 a second has {HOUR:,}) in"
        f" {seconds / 60:.0f} minutes: edits, cancelling and reinstating, entries and undoing,"
        f" bookings made and deleted, walk-ins seated, with {PARTIES} parties and {TABLES} tables;"
        " the evening and the plan are two tabs of one browser. Read after forced collections.",
        "",
        "| | at first | a third | two thirds | all |",
        "|---|---|---|---|---|",
    ]
    for name, values in found.items():
        for each, unit in UNITS.items():
            cells = " | ".join(
                f"{value[each]:.1f}" if each == "heap" else f"{value[each]:.0f}" for value in values
            )
            lines.append(f"| {name}: {unit} | {cells} |")
    return [*lines, "", *goals_table(goals_of(found))]


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else HOUR
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.cli("init")
        server.cli("business", "add", "1", "--name", "Local 1", "--timezone", "America/Guayaquil")
        server.start()
        try:
            with launch(playwright) as browser:
                lines = written(*measured(server, browser, events))
        finally:
            server.stop()
    put_section(PAGE, MARK, lines)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
