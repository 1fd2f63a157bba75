"""What an idle person costs: `python -m bench.idle [MINUTES]` (5), in a real browser.

Two people sit before the evening list of two servers, and nothing happens: one has streams, the
other has them turned off and polls every 30 s. Each server stands behind a relay that counts what
passes, both ways, and the requests in it. Beside it ten tabs over plain http: their streams, how
long a click waits for its answer in each, and how long it takes until all are live again when the
one that holds the stream hangs, crashes or is closed. Writes docs/idle.md.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from contextlib import suppress

from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.served import ROOT, served
from tests.browser.conftest import is_state, launch, log_in, provision, row, scan, wait_for
from tests.servers import Server

TABS = 10
HOUR_S, DAY_S = 3600, 86_400
#: A request line, which begins a packet: browsers do not pipeline.
REQUEST = re.compile(rb"(?:GET|POST|PUT|PATCH|DELETE|HEAD) /\S* HTTP/1\.1\r\n")
HANG = "setTimeout(() => { for (const until = Date.now() + 6000; Date.now() < until;); })"


class Relay:
    """A port that passes all on to the server's; counts bytes and requests."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.bytes = 0
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", self._to))
                for one, other, asks in ((near, far, True), (far, near, False)):
                    threading.Thread(
                        target=self._pass, args=(one, other, asks), daemon=True
                    ).start()

    def _pass(self, one: socket.socket, other: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self.bytes += len(data)
                if asks:
                    self.requests += [line.decode() for line in REQUEST.findall(data)]
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()


def opened(browser: Browser, port: int) -> Page:
    page = browser.new_context(locale="es-EC", timezone_id="America/Guayaquil").new_page()
    page.goto(f"http://bar.test:{port}")
    log_in(page)
    wait_for(page, "['live', 'polling'].includes(document.getElementById('chip').dataset.state)")
    return page


def idle(browser: Browser, minutes: float) -> dict[str, tuple[int, int]]:
    """Return the requests and bytes of `minutes`, with streams and without."""
    with served() as live, served(sse_enabled="0") as polling:
        relays = {"streams": Relay(live.port), "polling": Relay(polling.port)}
        for server, relay in ((live, relays["streams"]), (polling, relays["polling"])):
            provision(server)
            opened(browser, relay.port)
        time.sleep(10)  # what a page asks when it opens is no part of it
        before = {kind: (len(each.requests), each.bytes) for kind, each in relays.items()}
        # Playwright's own loop has to run for the pages' timers to be served.
        browser.contexts[0].pages[0].wait_for_timeout(minutes * 60_000)
        found = {
            kind: (len(each.requests) - before[kind][0], each.bytes - before[kind][1])
            for kind, each in relays.items()
        }
        for context in browser.contexts:
            context.close()
        for relay in relays.values():
            relay.close()
    return found


def streams(server: Server) -> int:
    return int(sum(float(line.split()[-1]) for line in server.metrics("reservas_streams_open")))


def clicked(page: Page) -> float:
    """Return the milliseconds from a click on the day to the answer of the list."""
    with page.expect_response("**/api/reservas?*") as waited:
        page.get_by_test_id("day-today").click()
    timing = waited.value.request.timing
    return float(timing["responseEnd"] if timing["responseEnd"] > 0 else timing["responseStart"])


#: Notes when the page last became live, and when the party's row last changed.
WATCH = """
(id) => {
  const chip = document.getElementById("chip");
  new MutationObserver(() => { if (chip.dataset.state === "live") window.liveAt = Date.now(); })
    .observe(chip, { attributes: true });
  new MutationObserver(() => {
    const shown = document.querySelector(`[data-testid=row][data-id='${id}']`)?.dataset.attendance;
    if (shown !== window.shown) Object.assign(window, { shown, shownAt: Date.now() });
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}
"""


def tabs(browser: Browser) -> tuple[int, list[float], dict[str, float]]:
    """Return the streams, the answers in ms, and the seconds that each loss takes."""
    losses = {}
    with served() as server:
        api, reserva = provision(server)
        asked: list[Page] = []
        pages = [opened(browser, server.port)]
        for _ in range(TABS - 1):
            pages.append(pages[0].context.new_page())
            pages[-1].goto(pages[0].url)
        for page in pages:
            page.on(
                "request", lambda asks, page=page: "/events?" in asks.url and asked.append(page)
            )
            is_state(page, "live")
        count, answers = streams(server), [clicked(page) for page in pages]
        asked.append(pages[0])
        for inside, loss in enumerate(("hangs", "crashes", "is closed"), 1):
            holder = [page for page in asked if page in pages][-1]
            pages.remove(holder)
            for page in pages:
                page.evaluate(WATCH, reserva["id"])
            at = time.time()
            if loss == "hangs":
                holder.evaluate(HANG)
            elif loss == "crashes":
                with suppress(Error):
                    holder.goto("chrome://crash")
            else:
                holder.close()
            scan(api, reserva, loss)
            for page in pages:
                is_state(page, "live")
                wait_for(page, f"window.shown === '{inside}'")
            losses[loss] = max(page.evaluate("window.shownAt") for page in pages) / 1000 - at
            assert row(pages[0], reserva).get_attribute("data-attendance") == str(inside)
    return count, answers, losses


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    with sync_playwright() as playwright, launch(playwright) as browser:
        count, answers, losses = tabs(browser)
        found = idle(browser, minutes)
    lines = [
        "# An idle person",
        "",
        "Written by `make idle`, in Chromium by a name over plain http. Nothing happens at the"
        " venue; requests and bytes (both ways, heads included) are counted in front of the server"
        f" for {minutes:g} minutes, from 10 s after the page opened, and extrapolated to the hour"
        " and the day.",
        "",
        f"| | requests in {minutes:g} min | requests an hour | KB a day |",
        "|---|---|---|---|",
    ]
    words = {"streams": "one stream", "polling": "streams off, a poll every 30 s"}
    for kind, (requests, size) in found.items():
        hour, day = requests * HOUR_S / 60 / minutes, size * DAY_S / 60 / minutes
        lines.append(f"| {words[kind]} | {requests} | {hour:.0f} | {day / 1024:.0f} |")
    lines += [
        "",
        f"{TABS} tabs of one browser: streams at the server {count}; a click waits for its answer"
        f" {sorted(answers)[TABS // 2]:.0f} ms at the median, {max(answers):.0f} ms at the most."
        " From the loss of the tab that holds the stream until all others show a scan that was made"
        " right after: "
        + "; ".join(f"it {loss}: {seconds:.1f} s" for loss, seconds in losses.items())
        + ".",
    ]
    (ROOT / "docs" / "idle.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
