"""How quick the host's evening is: `python -m bench.evening`, in a real browser on this machine.

A night of 1,500 parties is scrolled and searched while the page notes each frame; single changes
come by the stream while Chromium counts what its main thread does for one; a night of 2,000 is
opened. Writes docs/evening-speed.md.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.figures import Goal, goals_table
from bench.servers import ROOT
from tests.browser.conftest import launch, log_in, provision, wait_for
from tests.servers import Api, Server, booking

LONG, LONGEST = 1_500, 2_000
CHANGES, OPENINGS = 40, 7
#: At 60 frames a second one more was due when two are further apart than this.
DROPPED_MS = 25
LANDSCAPE = {"width": 1024, "height": 768}

NAMES = ("Lucía Andrade", "Tomás Vela", "Camila Ríos", "Joaquín Mora", "Emilia Cueva", "Zoé Paz")

#: Notes the time between frames while `frames.on`.
FRAMES = """
  globalThis.frames = { on: false, last: 0, gaps: [] };
  const look = (at) => {
    const { frames } = globalThis;
    if (frames.on && frames.last) frames.gaps.push(at - frames.last);
    frames.last = frames.on ? at : 0;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
#: Notes the frame after the one that has so many rows, in ms since the page was asked for.
OPENED = """
  const rows = document.getElementsByClassName("row");
  const look = () => {
    if (rows.length < COUNT) return requestAnimationFrame(look);
    setTimeout(() => { globalThis.opened = performance.now(); });
  };
  requestAnimationFrame(look);
"""
#: Which rows a change touched.
TOUCHED = """() => {
  globalThis.touched = new Set();
  new MutationObserver((records) => {
    for (const { target } of records) {
      const row = (target.closest ?? target.parentElement.closest).call(
        target.closest ? target : target.parentElement, "li[data-id]");
      if (row) globalThis.touched.add(row.dataset.id);
    }
  }).observe(document.querySelector("[data-testid=list]"), {
    subtree: true, childList: true, attributes: true, characterData: true });
}"""
WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


@dataclass(frozen=True)
class Frames:
    """The gaps between frames, in ms."""

    gaps: list[float]

    @property
    def dropped(self) -> int:
        return sum(gap > DROPPED_MS for gap in self.gaps)


def fill(api: Api, count: int, have: int) -> list[dict]:
    made = []
    for number in range(have, count):
        minute = number % 300
        body = booking(
            cliente={"nombre": f"{NAMES[number % len(NAMES)]} {number}"},
            hora=f"{18 + minute // 60}:{minute % 60:02}",
            numeroPersonas=1 + number % 8,
            mesa=str(number % 90),
            detalles=["Cumpleaños"] if number % 5 == 0 else [],
        )
        made.append(api.insist("POST", "/api/reservas?businessId=1", body)["reserva"])
    return made


def rows_are(page: Page, count: int) -> None:
    wait_for(page, f"document.getElementsByClassName('row').length === {count}", 30)


def framed(page: Page, act) -> Frames:
    page.evaluate("Object.assign(frames, { on: true, last: 0, gaps: [] })")
    act()
    page.wait_for_timeout(100)
    return Frames(page.evaluate("(frames.on = false, frames.gaps)"))


def scrolled(page: Page) -> Frames:
    page.mouse.move(500, 500)

    def act() -> None:
        for turn in range(120):
            page.mouse.wheel(0, 400 if turn < 80 else -600)
            page.wait_for_timeout(16)

    return framed(page, act)


def searched(page: Page) -> Frames:
    page.get_by_test_id("search").focus()

    def act() -> None:
        for key in [*"camila 7", *["Backspace"] * 8, *"ze paz 1", *["Backspace"] * 8]:
            page.keyboard.press(key)
            page.wait_for_timeout(90)

    return framed(page, act)


def work_s(link: CDPSession) -> float:
    found = link.send("Performance.getMetrics")["metrics"]
    return sum(each["value"] for each in found if each["name"] in WORK)


def changed(page: Page, link: CDPSession, api: Api, parties: list[dict]) -> tuple[list[float], int]:
    """Return the main thread's ms for each change, and the most rows that one touched."""
    page.evaluate(TOUCHED)
    spent, most = [], 0
    for number in range(CHANGES):
        reserva = parties[number * 7 % len(parties)]
        page.wait_for_timeout(250)  # what the one before still animates
        page.evaluate("touched.clear()")
        before = work_s(link)
        body = {"mesa": f"T{number}"}
        api.insist("PATCH", f"/api/reservas/{reserva['id']}?businessId=1", body)
        wait_for(page, "touched.size > 0")
        spent.append((work_s(link) - before) * 1000)
        most = max(most, page.evaluate("touched.size"))
    return spent, most


def opened(browser: Browser, server: Server, count: int) -> list[float]:
    context = browser.new_context(locale="es-EC", viewport=LANDSCAPE)
    page = context.new_page()
    page.goto(server.url)
    log_in(page)
    rows_are(page, count)
    page.add_init_script(OPENED.replace("COUNT", str(count)))
    times = []
    for _ in range(OPENINGS):
        page.reload()
        wait_for(page, "globalThis.opened > 0", 30)
        times.append(page.evaluate("opened"))
    context.close()
    return sorted(times)


def measured(server: Server, browser: Browser) -> tuple[list[Goal], list[str]]:
    api, _ = provision(server)
    parties = fill(api, LONG, 1)
    page = browser.new_context(locale="es-EC", viewport=LANDSCAPE).new_page()
    page.add_init_script(FRAMES)
    page.goto(server.url)
    log_in(page)
    rows_are(page, LONG)
    wait_for(page, "document.getElementById('chip').dataset.state === 'live'")
    page.wait_for_timeout(1_000)
    link = page.context.new_cdp_session(page)
    link.send("Performance.enable")
    idle = framed(page, lambda: page.wait_for_timeout(3_000))
    scroll, search = scrolled(page), searched(page)
    rows_are(page, LONG)
    spent, most = changed(page, link, api, parties)
    page.context.close()
    fill(api, LONGEST, LONG)
    times = opened(browser, server, LONGEST)
    api.close()
    ordered = sorted(spent)
    goals: list[Goal] = [
        (f"frames dropped while {LONG:,} rows scroll", scroll.dropped, "<=", idle.dropped),
        (f"frames dropped while {LONG:,} rows are searched", search.dropped, "<=", idle.dropped),
        ("ms of the main thread for one change, median", ordered[CHANGES // 2], "<=", 16),
        ("ms of the main thread for one change, longest", ordered[-1], "<=", 16),
        ("rows that one change touches, at the most", most, "<=", 1),
        (f"ms until {LONGEST:,} are on the screen, median", times[OPENINGS // 2], "<=", 700),
    ]
    notes = [
        f"Idle for 3 s the page itself dropped {idle.dropped} of {len(idle.gaps)} frames; of"
        f" {len(scroll.gaps)} frames while scrolling the longest took {max(scroll.gaps):.0f} ms, of"
        f" {len(search.gaps)} while searching {max(search.gaps):.0f} ms. A night of {LONGEST:,}"
        f" took {times[0]:.0f} to {times[-1]:.0f} ms from asking for the page to the drawn list,"
        f" {OPENINGS} times.",
    ]
    return goals, notes


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.cli("init")
        server.cli("business", "add", "1", "--name", "Local 1", "--timezone", "America/Guayaquil")
        server.start()
        try:
            with launch(playwright) as browser:
                goals, notes = measured(server, browser)
        finally:
            server.stop()
    lines = [
        "# The evening's speed",
        "",
        "Written by `make evening`: Chromium at 1024 x 768, server and browser on the same 2"
        " processors. A frame counts as dropped when the next one comes more than"
        f" {DROPPED_MS} ms after it; a change's work is script, style and layout of the page's main"
        " thread from the request of somebody else to the row that shows it.",
        "",
        *goals_table(goals),
        "",
        *notes,
    ]
    (ROOT / "docs" / "evening-speed.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
