"""From a code to what people see: `python -m bench.glance [SCANS]` (60), in a real browser.

A door's screen, the host's list of another person and a second door stand open beside 500 other
streams. A wedge scanner types codes at the first door, one a second. Each page notes, by the one
clock of this machine, when its last key came, and the first frame that is drawn with the verdict
or with the entry. Writes docs/glance.md.
"""

from __future__ import annotations

import json
import sys
import time

from playwright.sync_api import Browser, Page, sync_playwright

from bench.crowd import Crowd
from bench.servers import ROOT, reservas
from tests.browser.conftest import launch, log_in, provision, wait_for
from tests.servers import Server, booking

OTHERS, PAUSE_S = 500, 1.0
VIEWPORTS = {"door": (390, 844), "list": (1180, 820), "other door": (390, 844)}

#: Notes the frame after the one in which `found()` becomes true, in milliseconds since 1970.
WATCH = """
(kind) => {
  globalThis.seen = {};
  globalThis.pressed = 0;
  const now = () => performance.timeOrigin + performance.now();
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") globalThis.pressed = performance.timeOrigin + event.timeStamp;
  }, true);
  const all = (...parts) => [...document.querySelectorAll(parts.join(" "))].at(-1)?.textContent;
  const names = {
    door: () => all("[data-testid=verdict][data-verdict=ok]", "[data-testid=verdict-name]"),
    list: () => all('[data-testid=row]:not([data-attendance="0"])', "strong"),
    "other door": () => all("[data-testid=inside]", "strong"),
  };
  let last = names[kind]();
  new MutationObserver(() => {
    const found = names[kind]();
    if (!found || found === last) return;
    last = found;
    requestAnimationFrame(() => setTimeout(() => { globalThis.seen[found] ??= now(); }));
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}
"""


def opened(browser: Browser, server: Server, kind: str) -> Page:
    width, height = VIEWPORTS[kind]
    context = browser.new_context(
        locale="es-EC",
        timezone_id="America/Guayaquil",
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    page.goto(server.url + ("" if kind == "list" else "/#/puerta"))
    log_in(page)
    wait_for(page, "document.getElementById('chip').dataset.state === 'live'")
    page.evaluate(WATCH, kind)
    return page


def scanned(server: Server, browser: Browser, count: int) -> dict[str, list[float]]:
    """Return the milliseconds from the last key to each kind of page's frame."""
    api, _ = provision(server)
    parties = [
        api.insist(
            "POST",
            "/api/reservas?businessId=1",
            # Listed by hour, so the newest arrival is the last of those who are inside.
            booking(cliente={"nombre": f"Grupo {n:03}"}, hora=f"{20 + n // 60}:{n % 60:02}"),
        )["reserva"]
        for n in range(count)
    ]
    pages = {kind: opened(browser, server, kind) for kind in VIEWPORTS}
    door, times = pages["door"], {kind: [] for kind in VIEWPORTS}
    for number, party in enumerate(parties, 1):
        name = party["cliente"]["nombre"]
        door.keyboard.type(party["codigoQR"])
        door.keyboard.press("Enter")
        shown = {"door": name, "list": name, "other door": str(number)}
        for kind, page in pages.items():
            key = json.dumps(shown[kind])
            wait_for(page, f"{key} in globalThis.seen")
        pressed = door.evaluate("globalThis.pressed")
        for kind, page in pages.items():
            seen = page.evaluate(f"globalThis.seen[{json.dumps(shown[kind])}]")
            times[kind].append(seen - pressed)
        time.sleep(PAUSE_S)
    return times


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with reservas() as target, Crowd(target, OTHERS), sync_playwright() as playwright:
        assert target.server is not None
        with launch(playwright) as browser:
            times = scanned(target.server, browser, count)
    lines = [
        "# At a glance",
        "",
        f"Written by `make glance`: {count} codes typed by a wedge scanner at a door in Chromium,"
        f" beside {OTHERS} other streams, server and browsers on the same 2 processors. From the"
        " scanner's last key to the first drawn frame that shows it, commit to disk included.",
        "",
        "| screen | p50 ms | p99 ms | longest ms |",
        "|---|---|---|---|",
    ]
    words = {
        "door": "the verdict at the door",
        "list": "the party in another person's list",
        "other door": "people inside, at another door",
    }
    for kind, found in times.items():
        ordered = sorted(found)
        lines.append(
            f"| {words[kind]} | {ordered[len(ordered) // 2]:.0f}"
            f" | {ordered[int(len(ordered) * 0.99)]:.0f} | {ordered[-1]:.0f} |"
        )
    (ROOT / "docs" / "glance.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
