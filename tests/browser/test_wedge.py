"""A scanner that types: each code is scanned once, wherever the focus is, and leaves nothing."""

from __future__ import annotations

import itertools
import os
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
WINDOWS = 4

#: What the focus can be on: in the dialog on top where there is one, behind which nothing can;
#: else in the part of the page that is looked at.
FOCUSABLE = """[...([...document.querySelectorAll("dialog[open]")].at(-1)
  ?? document.querySelector(window.part ?? "body"))
  .querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((each) => !each.disabled && each.checkVisibility())"""
#: All that the fields hold, where the page is, and which dialogs are open.
KEPT = """JSON.stringify([location.hash, document.querySelectorAll("dialog").length,
  [...document.querySelectorAll("input, select, textarea")]
    .map((each) => [each.value, each.checked])])"""
#: What is there once a screen has its data.
READY = ", ".join(
    f"[data-testid={name}]" for name in ("row", "latest-undo", "waitlist-name", "summary-figures")
)
VERDICT = "[data-testid=scan-verdict], [data-testid=verdict]"
#: Notes before each key is heard whether a verdict can be seen.
WATCHER = f"""
  window.shown = [];
  const isShown = (each) => each.dataset.verdict && each.getClientRects().length > 0;
  const seen = () => [...document.querySelectorAll("{VERDICT}")].some(isShown);
  addEventListener("keydown", () => window.shown.push(seen()), {{ capture: true }});
"""
#: Whether the slower rhythms too are typed into each place, and not into one of each kind.
EVERY_PLACE = bool(os.environ.get("WEDGE_EVERY_PLACE"))
KINDS = f"{FOCUSABLE}.map((each) => `${{each.tagName}} ${{each.type ?? ''}}`)"
#: Those that do the same, as the hours of a night do, are one.
NAMES = f"{FOCUSABLE}.map((each) => each.dataset.testid ?? (each.id || each.textContent))"
#: A window whose keys came later than this apart was not typed into by a scanner.
STALLED_S = 0.3


#: Milliseconds a key, and what the scanner ends a code with.
RHYTHMS = ((5, "Enter"), (20, "Tab"), (5, None))
#: Screens into which all rhythms are typed; into the others the quickest.
FULL = {"walk-in"}


# The rhythm of the keys is what tells a scanner from a person.
pytestmark = pytest.mark.timed


@dataclass(frozen=True)
class Place:
    """A screen with what lies over it; `least`: so many can have the focus there."""

    hash: str
    least: int
    open: Callable[[Page], object] = lambda page: None
    is_dialog: bool = False
    stays: bool = True  # a scan at the door closes its dialogs
    part: str = "body"
    answers_over: bool = False  # the verdict comes in a dialog over the screen

    def ready(self, page: Page) -> None:
        if self.is_dialog and not page.locator("dialog[open]").count():
            self.open(page)
            page.locator("dialog[open]").first.wait_for()  # it is loaded when it is opened

    def settle(self, page: Page) -> None:
        if self.answers_over:
            page.keyboard.press("Escape")
            expect(page.locator("dialog")).to_have_count(0)


def detail(page: Page) -> None:
    page.get_by_test_id("row").first.click()


def undo(page: Page) -> None:
    detail(page)
    page.get_by_test_id("undo").first.click()


def undo_at_the_door(page: Page) -> None:
    page.get_by_test_id("latest-undo").first.click()


def book(page: Page) -> None:
    page.get_by_test_id("new-button").click()
    page.get_by_test_id("more-fields").click()


def walk_in(page: Page) -> None:
    page.get_by_test_id("walkin-button").click()


def tools(page: Page) -> None:
    page.get_by_test_id("row-more").first.click()


def filters(page: Page) -> None:
    page.get_by_test_id("filters").click()


PLACES = {
    "list": Place("", 16),
    "tools": Place("", 6, tools, part="[data-testid=row-tools]"),
    "filters": Place("", 4, filters, part="details.filters"),
    "detail": Place("", 16, detail, is_dialog=True),
    "form": Place("", 20, book, is_dialog=True),
    "walk-in": Place("", 4, walk_in, is_dialog=True),
    "undo": Place("", 4, undo, is_dialog=True),
    "waiting list": Place("#/espera", 14, answers_over=True),
    "summary": Place("#/resumen", 7, answers_over=True),
    "door": Place("#/puerta", 14),
    "door-undo": Place("#/puerta", 4, undo_at_the_door, is_dialog=True, stays=False),
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
    page.add_init_script(WATCHER)
    return sent


def focus(page: Page, index: int) -> str:
    """Put the focus on the one with this index and return what it is; empty when there is none."""
    found = page.evaluate_handle(f"(index) => {FOCUSABLE}[index] ?? null", index).as_element()
    if found is None:
        return ""
    found.focus()
    page.evaluate("window.shown = []")
    return found.evaluate("(each) => each.outerHTML.slice(0, 80)")


def places(page: Page, *, every: bool) -> list[int]:
    """Return the indices of what can have the focus, or of the first of each kind."""
    if every and EVERY_PLACE:
        return list(range(len(page.evaluate(KINDS))))
    kinds: list[str] = page.evaluate(NAMES if every else KINDS)
    first = [index for index, kind in enumerate(kinds) if kind not in kinds[:index]]
    # Fields before buttons: there a character could stay.
    return sorted(first, key=lambda index: kinds[index].startswith(("BUTTON", "A ", "SUMMARY")))


def at_place(page: Page, place: Place) -> None:
    page.goto(page.url.split("#")[0] + place.hash)
    page.reload()
    is_state(page, "live")
    wait_for(page, f"document.querySelector('{READY}') !== null")
    if not place.is_dialog:
        place.open(page)
    place.ready(page)
    page.evaluate("(part) => (window.part = part)", place.part)


def heard(page: Page, code: str, sent: list[str], what: str) -> None:
    verdict = page.locator(VERDICT)
    expect(verdict).to_have_attribute("data-verdict", "invalid_code")
    expect(verdict).to_be_visible()
    assert sent.count(code) == 1, f"sent {sent.count(code)} times from {what}"
    meanwhile = page.evaluate("window.shown")[1 : len(code)]
    assert not any(meanwhile), f"a verdict amid the keys of {what}: {meanwhile}"


def type_at_once(pages: list[Page], chosen: list[str]) -> bool:
    """Type a code and Enter into each window at 100 ms a key; tell whether that was kept."""
    pressed = [time.monotonic() for _ in chosen]
    longest = 0.0
    for keys in zip(*([*code, "Enter"] for code in chosen), strict=True):
        began = time.monotonic()
        for number, key in enumerate(keys):
            pages[number].keyboard.press(key)
            now = time.monotonic()
            longest, pressed[number] = max(longest, now - pressed[number]), now
        time.sleep(max(0, began + 0.1 - time.monotonic()))
    return longest < STALLED_S


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
    for ms, ending in RHYTHMS if name in FULL or EVERY_PLACE else RHYTHMS[:1]:
        at_place(page, place)
        every = places(page, every=True)
        assert len(every) >= place.least
        for index in every if EVERY_PLACE or ending == "Enter" else places(page, every=False):
            place.ready(page)
            what = focus(page, index)
            kept = page.evaluate(KEPT)
            code = next(scanned)
            page.keyboard.type(code, delay=ms)
            if ending:
                page.keyboard.press(ending)
            heard(page, code, sent, what)
            place.settle(page)
            if place.stays:
                assert page.evaluate(KEPT) == kept, f"{what} at {ms} ms"
    api.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PLACES if EVERY_PLACE else ["form"])
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
    for page in pages:
        page.goto(server.url)
    scanned = codes()
    at_place(pages[0], place)
    assert len(places(pages[0], every=True)) >= place.least
    wanted = places(pages[0], every=EVERY_PLACE)
    if not EVERY_PLACE:
        del wanted[WINDOWS:]
    while wanted:
        for page in pages:
            at_place(page, place)
        now = wanted[:WINDOWS]
        whats = [focus(page, index) for page, index in zip(pages, now, strict=False)]
        chosen = list(itertools.islice(scanned, len(now)))
        kept = [page.evaluate(KEPT) for page in pages]
        if not type_at_once(pages, chosen):
            continue  # the machine was too busy for it
        for page, code, sent, what, before in zip(pages, chosen, sents, whats, kept, strict=False):
            heard(page, code, sent, what)
            place.settle(page)
            if place.stays:
                assert page.evaluate(KEPT) == before, what
        del wanted[:WINDOWS]
    for context in contexts:
        context.close()
    api.close()


def test_what_people_type_arrives_whole(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    sent = sent_by(page)
    book(page)
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
    expect(page.get_by_test_id("detail").get_by_test_id("field-mesa")).to_have_value("RRr1")
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
    filters(page)
    estado = page.get_by_test_id("filter-estado")
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
