"""A scanner that types: each code is scanned once, wherever the focus is, and leaves nothing."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, is_state, provision, scan, wait_for
from tests.servers import Server

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#: So many windows get the same key in turn: more, and 100 ms a key could not be kept.
WINDOWS = 8

#: What the focus can be on: in the dialog on top where there is one, behind which nothing can.
FOCUSABLE = """[...([...document.querySelectorAll("dialog[open]")].at(-1) ?? document)
  .querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((each) => !each.disabled && each.getClientRects().length)"""
#: All that the fields hold, where the page is, and which dialogs are open.
KEPT = """JSON.stringify([location.hash, document.querySelectorAll("dialog").length,
  [...document.querySelectorAll("input, select, textarea")]
    .map((each) => [each.value, each.checked])])"""
VERDICT = "[data-testid=scan-verdict], [data-testid=verdict]"
#: Whether a verdict can be seen.
SHOWN = f"""[...document.querySelectorAll("{VERDICT}")]
  .some((each) => each.dataset.verdict && each.getClientRects().length)"""


@dataclass(frozen=True)
class Place:
    """A screen with what lies over it; `least`: so many can have the focus there."""

    hash: str
    least: int
    open: Callable[[Page], object] = lambda page: None
    is_dialog: bool = False
    stays: bool = True  # a scan at the door closes its dialogs

    def ready(self, page: Page) -> None:
        if self.is_dialog and not page.locator("dialog[open]").count():
            self.open(page)


def detail(page: Page) -> None:
    page.get_by_test_id("row").first.click()


def undo(page: Page) -> None:
    detail(page)
    page.get_by_test_id("undo").first.click()


def undo_at_the_door(page: Page) -> None:
    page.get_by_test_id("latest-undo").first.click()


def book(page: Page) -> None:
    page.get_by_test_id("new-button").click()


def walk_in(page: Page) -> None:
    page.get_by_role("button", name="Sin reserva").click()


PLACES = {
    "list": Place("", 12),
    "detail": Place("", 8, detail, is_dialog=True),
    "form": Place("", 12, book, is_dialog=True),
    "walk-in": Place("", 4, walk_in, is_dialog=True),
    "undo": Place("", 5, undo, is_dialog=True),
    "door": Place("#/puerta", 14),
    "door-undo": Place("#/puerta", 5, undo_at_the_door, is_dialog=True, stays=False),
}


def codes() -> Iterator[str]:
    """Yield codes that look genuine and that no reservation has, each another."""
    choose = random.Random(11)
    while True:
        some = "".join(choose.choices(LETTERS, k=42))
        yield f"R1.{some[:16]}.1.{some[16:]}"


def sent_by(page: Page) -> list[str]:
    """Return the codes that the page sends, from now on."""
    sent: list[str] = []

    def note(request) -> None:
        if request.url.split("?")[0].endswith("/qr-scan"):
            sent.append(request.post_data_json["qrCode"])

    page.on("request", note)
    return sent


def focus(page: Page, index: int) -> str:
    """Put the focus on the one with this index and return what it is; empty when there is none."""
    found = page.evaluate_handle(f"(index) => {FOCUSABLE}[index] ?? null", index).as_element()
    if found is None:
        return ""
    found.focus()
    return found.evaluate("(each) => each.outerHTML.slice(0, 80)")


def at_place(page: Page, place: Place) -> None:
    page.goto(page.url.split("#")[0] + place.hash)
    is_state(page, "live")
    wait_for(
        page, "document.querySelector('[data-testid=row], [data-testid=latest-undo]') !== null"
    )
    place.ready(page)


def heard(page: Page, code: str, sent: list[str], what: str) -> None:
    verdict = page.locator(VERDICT)
    expect(verdict).to_have_attribute("data-verdict", "invalid_code")
    expect(verdict).to_be_visible()
    assert sent.count(code) == 1, f"sent {sent.count(code)} times from {what}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PLACES)
def test_a_scanner_types_into_every_place_and_leaves_nothing(
    server: Server, open_page: Open, name: str
) -> None:
    place = PLACES[name]
    api, reserva = provision(server)
    scan(api, reserva, "a")
    page = open_page(server)
    sent = sent_by(page)
    scanned = codes()
    for ms, ending in ((5, "Enter"), (20, "Tab"), (5, None)):
        at_place(page, place)
        for index in itertools.count():
            place.ready(page)
            what = focus(page, index)
            if not what:
                assert index >= place.least
                break
            kept = page.evaluate(KEPT)
            code = next(scanned)
            page.keyboard.press(code[0])
            assert not page.evaluate(SHOWN), f"the old verdict is on the screen of {what}"
            page.keyboard.type(code[1:], delay=ms)
            if ending:
                page.keyboard.press(ending)
            heard(page, code, sent, what)
            if place.stays:
                assert page.evaluate(KEPT) == kept, f"{what} at {ms} ms"
    api.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PLACES)
def test_a_slow_scanner_types_into_every_place_and_leaves_nothing(
    server: Server, open_page: Open, browser: Browser, name: str
) -> None:
    place = PLACES[name]
    api, reserva = provision(server)
    scan(api, reserva, "a")
    state = open_page(server).context.storage_state()
    contexts = [browser.new_context(locale="es-EC", storage_state=state) for _ in range(WINDOWS)]
    pages = [context.new_page() for context in contexts]
    sents = [sent_by(page) for page in pages]
    scanned = codes()
    seen = 0
    while True:
        for page in pages:
            page.goto(server.url)
            at_place(page, place)
        whats = [focus(page, seen + number) for number, page in enumerate(pages)]
        chosen = [code for code, what in zip(scanned, whats, strict=False) if what]
        kept = [page.evaluate(KEPT) for page in pages]
        for keys in zip(*chosen, strict=True):
            began = time.monotonic()
            for page, key in zip(pages, keys, strict=False):
                page.keyboard.press(key)
            time.sleep(max(0, began + 0.1 - time.monotonic()))
        for page, code, sent, what, before in zip(pages, chosen, sents, whats, kept, strict=False):
            page.keyboard.press("Enter")
            heard(page, code, sent, what)
            if place.stays:
                assert page.evaluate(KEPT) == before, what
        seen += len(chosen)
        if len(chosen) < WINDOWS:
            break
    assert seen >= place.least
    for context in contexts:
        context.close()
    api.close()


def test_what_people_type_arrives_whole(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    sent = sent_by(page)
    page.get_by_test_id("new-button").click()
    texts = {
        "nombre": "Roberto R1. Barrera",
        "detalles": "R1.A R r1.rr",
        "email": "rr1.r@r1.rr",
        "mesa": "R1",
    }
    for field, text in texts.items():
        page.get_by_test_id(f"field-{field}").click()
        page.keyboard.type(text, delay=70)
    page.get_by_test_id("field-numeroPersonas").click()
    page.keyboard.type("12", delay=70)
    for field, text in texts.items():
        expect(page.get_by_test_id(f"field-{field}")).to_have_value(text)
    expect(page.get_by_test_id("field-numeroPersonas")).to_have_value("12")
    mesa = page.get_by_test_id("field-mesa")
    mesa.press("Home")
    page.keyboard.type("R", delay=0)
    mesa.press("ArrowRight")
    page.keyboard.type("R", delay=0)
    mesa.press("Backspace")
    expect(mesa).to_have_value("RR1")
    page.keyboard.type("r")
    page.get_by_test_id("form-submit").click()  # what was held goes before
    expect(page.get_by_test_id("detail")).to_contain_text("Roberto R1. Barrera")
    expect(page.get_by_test_id("detail")).to_contain_text("RRr1")
    assert sent == []
    api.close()


def test_a_code_that_is_pasted_and_a_shortcut_with_r_are_left_alone(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    search = page.get_by_label("Buscar")
    search.fill("R1.ABC")
    search.press("Control+a")
    search.press("Control+x")
    page.get_by_test_id("scan-input").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_test_id("scan-input")).to_have_value("R1.ABC")
    estado = page.get_by_label("Estado")
    estado.focus()
    estado.evaluate("(each) => each.add(new Option('Rara', 'Rara'))")
    page.keyboard.type("R")  # as typing does in a list of choices
    expect(estado).to_have_value("Rara")
    api.close()


def test_a_persons_r_gives_the_verdict_back(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    page.goto(f"{server.url}/#/puerta")
    is_state(page, "live")
    page.keyboard.type(next(codes()))
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_attribute("data-verdict", "invalid_code")
    page.get_by_test_id("finder").focus()
    page.keyboard.type("r")
    expect(page.get_by_test_id("ready")).to_be_visible()
    expect(verdict).to_have_attribute("data-verdict", "invalid_code")
    expect(page.get_by_test_id("finder")).to_have_value("r")
    api.close()


def test_a_code_of_another_kind_presses_no_button_and_is_refused(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    page.goto(f"{server.url}/#/puerta")
    is_state(page, "live")
    sent = sent_by(page)
    page.get_by_test_id("walkin-submit").focus()
    page.keyboard.type("WIFI:S:Casa 12;P:clave;;", delay=5)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-verdict", "invalid_code")
    assert sent == ["WIFI:S:CASA 12;P:CLAVE;;"]
    assert api.insist("GET", "/api/sin-reserva?businessId=1")["sinReserva"] == []
    api.close()
