"""A tour of the page: leads a logged-in owner to every screen and dialog, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.conftest import is_state, scan
from tests.browser.evening import every_verdict, party
from tests.servers import Api

MENU = "[data-testid=menu]"
#: The dialogs of each screen: their name, and what is pressed to open them.
DIALOGS = {
    "#/noche": {
        "detail": ["[data-testid=row-open] >> nth=0"],
        "person": ["[data-testid=row-open] >> nth=0", "[data-testid=person-open]"],
        "booking": ["[data-testid=new-button]"],
        "walkin": ["[data-testid=walkin-button]"],
        "help": [MENU, "[data-testid=help-button]"],
        "devices": [MENU, "[data-testid=devices-button]"],
        "incidents": ["[data-testid=incidents]"],
    },
    "#/espera": {
        "seat": ["[data-testid=waiting-seat] >> nth=0"],
        "waiting": ["[data-testid=waiting-edit] >> nth=0"],
    },
    "#/personas": {
        "invite": ["[data-testid=people-invite]"],
        "sessions": ["#account", "[data-testid=my-sessions]"],
    },
    "#/dispositivos": {"pair": ["[data-testid=gadgets-pair]"]},
}
#: What shows that a screen has read what it shows.
SETTLED = {"#/registro": "[data-state=intact]"}
#: Panels of the door; on a wide screen they stand beside the verdict, without a button.
PANELS = ("find", "walkin", "latest", "options")


def furnish(api: Api) -> dict[str, dict]:
    """Book an evening that has something on each screen; returns a party for some verdicts."""
    parties = every_verdict(api)
    for name, people, hour in (("Sofía Cárdenas", 4, "19:30"), ("José Luis Paredes", 9, "21:00")):
        reserva = party(api, name, numeroPersonas=people, hora=hour, promotor={"nombre": "Nico"})
        scan(api, reserva, name)
    refused = {"qrCode": parties["cancelled"]["codigoQR"], "action": "increment", "scanId": "late"}
    api.ask("POST", "/api/reservas/qr-scan?businessId=1", {**refused, "increment": 1})
    for nombre, people in (("Amelia Serrano", 2), ("Rafael Torres", 4)):
        guest = {"nombre": nombre, "telefono": "0991234567", "numeroPersonas": people}
        api.insist("POST", "/api/espera?businessId=1", guest)
    plan = {"zonas": [{"id": "z", "nombre": "Salón"}], "mesas": [*map(table, range(1, 7))]}
    api.insist("PUT", "/api/plano?businessId=1", plan)
    return {name: parties[name] for name in ("ok", "other_night", "cancelled", "already_complete")}


def table(number: int) -> dict[str, object]:
    shape = {"forma": "redonda" if number % 2 else "cuadrada", "w": 90, "h": 90, "giro": 0}
    place = {"x": 100 + (number - 1) % 3 * 200, "y": 100 + (number - 1) // 3 * 200}
    known = {"id": f"m{number}", "nombre": str(number), "zona": "z", "min": 1, "max": 4}
    return {**known, **shape, **place, "unible": []}


def tour(page: Page, parties: dict[str, dict]) -> Iterator[str]:
    """Yield the name of each place when the page shows it."""
    is_state(page, "live")
    links = page.locator("#screens a")
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        page.locator(f"#screens a[href='{address}']").click()
        expect(page.locator("#screens a[aria-current]")).to_have_attribute("href", address)
        clear(page)
        yield address[2:]
        yield from dialogs(page, address)
        if address == "#/puerta":
            yield from door(page, parties)
    more = page.locator("#more-screens a")
    for address in [str(link.get_attribute("href")) for link in more.all()]:
        page.locator("#account").click()
        page.locator(f"#more-screens a[href='{address}']").click()
        page.locator(SETTLED.get(address, "main h1")).first.wait_for()
        clear(page)
        yield address[2:]
        yield from dialogs(page, address)


def dialogs(page: Page, address: str) -> Iterator[str]:
    for name, openers in DIALOGS.get(address, {}).items():
        for opener in openers:
            page.locator(opener).click()
        yield from opened(page, name)


def opened(page: Page, name: str) -> Iterator[str]:
    """Yield the name when a dialog shows; closes it afterwards."""
    box = page.get_by_role("dialog")
    expect(box).to_be_visible()
    yield name
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def door(page: Page, parties: dict[str, dict]) -> Iterator[str]:
    for name in PANELS:
        button = page.get_by_test_id(f"dock-{name}")
        if button.is_visible():
            button.click()
            yield f"door-{name}"
            button.click()
    for verdict, reserva in parties.items():
        page.keyboard.type(reserva["codigoQR"])
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-verdict", verdict)
        clear(page)
        yield f"door-{verdict}"


def clear(page: Page) -> None:
    """Take away what tells of changes in passing."""
    page.evaluate("document.getElementById('toasts').replaceChildren()")
