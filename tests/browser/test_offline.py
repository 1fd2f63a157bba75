"""The door without a connection: nothing that was said there is lost, and nothing counts twice."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import (
    EMAIL,
    PASSWORD,
    is_state,
    log_in,
    log_out,
    provision,
    scan,
    wait_for,
)
from tests.browser.swallow import Swallow
from tests.servers import Api, Server, booking, wait_until

SCANS = 50
KEPT = "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')"

pytestmark = pytest.mark.timeout(300)


class Phone:
    """A phone at the door, and the way that its network goes."""

    def __init__(self, context: BrowserContext, server: Server, way: Swallow | None) -> None:
        self.context, self.way = context, way
        self.url = server.url if way is None else f"http://127.0.0.1:{way.port}"
        self.page = self._open()
        log_in(self.page)
        expect(self.page.locator(".door")).to_be_visible()
        is_state(self.page, "live")
        wait_for(self.page, KEPT)

    def _open(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.url}/#/puerta")
        return page

    def knows(self, parties: int) -> None:
        """Wait until tonight's list is on it."""
        kept = (
            "import('/static/door/shelf.js').then(({ Shelf }) => new Shelf().get('manifests', '1'))"
        )
        wait_for(self.page, f"{kept}.then((list) => list?.reservas.length === {parties})")

    def cut(self) -> None:
        if self.way is None:
            self.context.set_offline(True)
        else:
            self.way.dead = True

    def join(self) -> None:
        if self.way is None:
            self.context.set_offline(False)
        else:
            self.way.dead = False

    def kill(self) -> None:
        """End the page without a word, and open it again, as from the home screen."""
        self.page.close()
        self.page = self._open()
        expect(self.page.locator(".door")).to_be_visible(timeout=10_000)

    def scan(self, reserva: dict, verdict: str) -> None:
        self.page.keyboard.type(reserva["codigoQR"])
        self.page.keyboard.press("Enter")
        shown = self.page.get_by_test_id("verdict")
        expect(shown).to_have_attribute("data-verdict", verdict)
        expect(shown).to_contain_text(reserva["cliente"]["nombre"].split()[0])

    def waits(self, text: str, seconds: float = 10) -> None:
        expect(self.page.get_by_test_id("waiting")).to_have_text(text, timeout=seconds * 1000)

    def is_done(self, seconds: float = 45) -> None:
        expect(self.page.get_by_test_id("waiting")).to_be_hidden(timeout=seconds * 1000)


MakePhone = Callable[..., Phone]


@pytest.fixture
def make_phone(browser: Browser) -> Iterator[MakePhone]:
    """Return a function that logs a phone in; with `swallows` a proxy is what cuts its network."""
    made: list[Phone] = []
    errors: list[str] = []

    def make(server: Server, *, swallows: bool = False) -> Phone:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.on("weberror", lambda error: errors.append(str(error.error)))
        made.append(Phone(context, server, Swallow(server.port) if swallows else None))
        return made[-1]

    yield make
    for phone in made:
        phone.context.close()
        if phone.way is not None:
            phone.way.close()
    assert errors == []


def party(api: Api, nombre: str, people: int = 4) -> dict:
    body = booking(cliente={"nombre": nombre}, numeroPersonas=people)
    return api.insist("POST", "/api/reservas?businessId=1", body)["reserva"]


def entered(server: Server) -> list[str]:
    """Return the reservations of the entry log, in its order."""
    with closing(sqlite3.connect(server.folder / "data" / "reservas.db", timeout=5)) as link:
        return [row[0] for row in link.execute("SELECT reservation_id FROM entry ORDER BY id")]


@pytest.mark.parametrize("swallows", [False, True], ids=["cut by the browser", "swallowed"])
def test_fifty_scans_of_a_dead_network_outlive_the_page_and_count_once_in_the_doors_order(
    server: Server, make_phone: MakePhone, swallows: bool
) -> None:
    api, _ = provision(server, "door")
    parties = [party(api, f"Grupo{number:02} Prueba") for number in range(SCANS)]
    phone = make_phone(server, swallows=swallows)
    phone.knows(SCANS + 1)
    random.Random(1).shuffle(parties)
    phone.cut()
    for reserva in parties:
        phone.scan(reserva, "offline")
    phone.waits(f"Sin enviar: {SCANS}")
    phone.kill()
    is_state(phone.page, "offline")
    phone.waits(f"Sin enviar: {SCANS}")
    expect(phone.page.get_by_test_id("inside")).to_contain_text(f"Dentro {SCANS}")
    phone.page.get_by_test_id("dock-find").click()
    phone.page.get_by_test_id("finder").fill("grupo07")
    expect(phone.page.get_by_test_id("found")).to_contain_text("1/4")
    assert entered(server) == []
    phone.join()
    phone.is_done()
    assert entered(server) == [reserva["id"] for reserva in parties]
    is_state(phone.page, "live", 30)
    api.close()


def test_a_page_opened_without_a_connection_finds_by_name_and_counts_its_own(
    server: Server, make_phone: MakePhone
) -> None:
    api, _ = provision(server, "door")
    lucia = party(api, "Lucía Andrade")
    scan(api, party(api, "Marco Vera"), "a")
    phone = make_phone(server)
    phone.knows(3)
    inside = phone.page.get_by_test_id("inside")
    expect(inside).to_have_text("Dentro 1")
    phone.cut()
    phone.scan(lucia, "offline")
    expect(inside).to_have_text("Dentro 2")
    phone.kill()
    expect(phone.page.get_by_test_id("inside")).to_have_text("Dentro 2")
    phone.page.get_by_test_id("dock-find").click()
    phone.page.get_by_test_id("finder").fill("luc")
    phone.page.get_by_test_id("found").click()
    expect(phone.page.get_by_test_id("verdict-name")).to_have_text("Lucía A.")
    phone.page.get_by_test_id("enter-one").click()
    phone.waits("Sin enviar: 2")
    phone.page.get_by_test_id("waiting").click()
    phone.join()
    expect(phone.page.get_by_test_id("waiting-list")).to_have_text("Todo está enviado.")
    assert attendance(api, lucia) == 2
    api.close()


@pytest.mark.parametrize(("resolution", "inside"), [("admitir", 2), ("descartar", 1)])
def test_two_phones_that_admitted_the_same_people_end_as_one_conflict_that_a_host_resolves(
    server: Server, make_phone: MakePhone, resolution: str, inside: int
) -> None:
    api, _ = provision(server)
    reserva = party(api, "Rosa Mora", people=1)
    phones = [make_phone(server), make_phone(server)]
    for phone in phones:
        phone.knows(2)
        phone.cut()
        phone.scan(reserva, "offline")
    for phone in phones:
        phone.join()
        expect(phone.page.get_by_test_id("waiting")).not_to_contain_text(
            "Sin enviar", timeout=20_000
        )
    phones[0].is_done()
    phones[1].waits("Por revisar: 1")
    expect(phones[1].page.get_by_test_id("verdict")).to_have_attribute("data-verdict", "conflict")
    assert attendance(api, reserva) == 1
    host = phones[0].page
    host.get_by_test_id("incidents").click()
    conflict = host.get_by_test_id("conflict")
    expect(conflict).to_contain_text("Rosa Mora: +1")
    host.get_by_test_id(f"resolve-{resolution}").click()
    conflict.get_by_test_id("resolve-reason").fill("Estaban adentro")
    conflict.get_by_test_id("resolve-confirm").click()
    expect(conflict).to_have_count(0)
    phones[1].is_done()  # it hears that somebody has looked
    assert attendance(api, reserva) == inside
    api.close()


def test_who_was_turned_away_without_a_connection_is_not_counted_later(
    server: Server, make_phone: MakePhone
) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Rosa Mora", people=1)
    phone = make_phone(server)
    phone.knows(2)
    phone.scan(reserva, "ok")
    phone.cut()
    phone.page.wait_for_timeout(3100)  # a code that stays before the reader is no new scan
    phone.scan(reserva, "already_complete")
    phone.join()
    is_state(phone.page, "live", 30)
    assert attendance(api, reserva) == 1
    api.close()


def test_what_waits_outlives_the_session_and_is_sent_after_the_next_log_in(
    server: Server, make_phone: MakePhone
) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Rosa Mora")
    phone = make_phone(server)
    phone.knows(2)
    phone.cut()
    phone.scan(reserva, "offline")
    words = ("user", "add", EMAIL, "--business", "1", "--role", "door", "--reset")
    server.cli(*words, "--password-stdin", stdin=PASSWORD + "\n")
    phone.join()
    expect(phone.page.get_by_test_id("login-problem")).to_contain_text("Tu sesión terminó")
    assert attendance(api, reserva) == 0
    log_in(phone.page)
    wait_until(lambda: attendance(api, reserva) == 1, what="what waited counts")
    phone.is_done()
    api.close()


def test_leaving_while_something_waits_is_asked_about(
    server: Server, make_phone: MakePhone
) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Rosa Mora")
    phone = make_phone(server)
    phone.knows(2)
    phone.cut()
    phone.scan(reserva, "offline")
    log_out(phone.page)
    expect(phone.page.get_by_role("dialog")).to_contain_text("Queda 1 escaneo sin enviar")
    phone.page.get_by_test_id("logout-stay").click()
    phone.waits("Sin enviar: 1")
    log_out(phone.page)
    phone.page.get_by_test_id("logout-anyway").click()
    expect(phone.page.get_by_test_id("login-email")).to_be_visible()
    phone.join()
    phone.page.reload()  # nobody had heard of it
    expect(phone.page.get_by_test_id("login-email")).to_be_visible()
    log_in(phone.page)
    wait_until(lambda: attendance(api, reserva) == 1, what="what waited counts")
    phone.is_done()
    api.close()


SHELF = "import('/static/door/shelf.js').then(async ({ Shelf }) => { const shelf = new Shelf();"


def test_a_store_whose_connection_was_killed_is_opened_again(
    server: Server, make_phone: MakePhone
) -> None:
    provision(server, "door")[0].close()
    page = make_phone(server).page
    kept = page.evaluate(
        SHELF
        + """
          await shelf.put("manifests", { businessId: "x" });
          const begin = IDBDatabase.prototype.transaction;
          let killed = 0;
          IDBDatabase.prototype.transaction = function (...words) {
            if (killed++ === 0) throw new DOMException("closing", "InvalidStateError");
            return begin.apply(this, words);
          };
          await shelf.put("manifests", { businessId: "y" });
          IDBDatabase.prototype.transaction = begin;
          return [killed > 1, shelf.durable, Boolean(await new Shelf().get("manifests", "y"))];
        })"""
    )
    assert kept == [True, True, True]


@pytest.mark.parametrize("how", ["fail()", "0"], ids=["refuses", "says nothing"])
def test_a_phone_that_keeps_nothing_scans_on_and_says_so(
    server: Server, make_phone: MakePhone, how: str
) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Rosa Mora")
    phone = make_phone(server)
    phone.context.add_init_script(
        f"""const fail = () => {{ throw new DOMException("no", "UnknownError"); }};
            IDBFactory.prototype.open = () => {how} || new EventTarget();"""
    )
    phone.page.reload()
    is_state(phone.page, "live")
    phone.page.wait_for_timeout(500)
    phone.page.keyboard.type(reserva["codigoQR"])
    phone.page.keyboard.press("Enter")
    verdict = phone.page.get_by_test_id("verdict")
    expect(verdict).to_have_attribute("data-verdict", "ok", timeout=15_000)
    assert attendance(api, reserva) == 1
    api.close()


def attendance(api: Api, reserva: dict) -> int:
    path = f"/api/reservas/{reserva['id']}?businessId=1"
    return api.insist("GET", path)["reserva"]["asistenciaActual"]
