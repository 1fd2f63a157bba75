"""Many tabs of one browser have one stream, whatever becomes of the tab that holds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect

from tests.browser.conftest import PASSWORD, Open, is_state, log_in, log_out, provision, row, scan
from tests.servers import Server, wait_until

#: Lets a test hide and show the page: a headless browser shows all of them.
HIDE = """
  window.shown = (visible) => {
    Object.defineProperty(document, "hidden", { value: !visible, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  };
"""
HANG = "setTimeout(() => { for (const until = Date.now() + 5000; Date.now() < until;); })"


class Tabs:
    """Tabs of one browser; `asked` has each request and the tab it came from."""

    def __init__(self, context: BrowserContext, url: str, first: Page) -> None:
        self.context, self.url = context, url
        self.pages: list[Page] = []
        self.asked: list[tuple[Page, str]] = []
        self._add(first)

    def _add(self, page: Page) -> Page:
        def note(request: Request) -> None:
            self.asked.append((page, request.url))

        page.on("request", note)
        self.pages.append(page)
        return page

    def open(self, count: int = 1) -> None:
        for _ in range(count):
            self._add(self.context.new_page()).goto(self.url, timeout=5000)

    def holder(self) -> Page:
        """Return the tab that asked for a stream last."""
        return [page for page, url in self.asked if "/events?" in url and page in self.pages][-1]

    def all_show(self, reserva: dict, inside: int) -> None:
        for page in self.pages:
            is_state(page, "live")
            expect(row(page, reserva)).to_have_attribute("data-attendance", str(inside))


@pytest.fixture
def tabs(browser: Browser) -> Callable[[Server], Tabs]:
    """Return a function that logs in at the server by a name over plain http."""

    def open_tabs(server: Server) -> Tabs:
        context = browser.new_context(locale="es-EC", timezone_id="America/Guayaquil")
        page = context.new_page()
        url = f"http://bar.test:{server.port}"
        page.goto(url)
        log_in(page)
        page.wait_for_selector("#bar:not([hidden])")
        found = Tabs(context, url, page)
        page.reload()
        return found

    return open_tabs


def one_stream(server: Server) -> None:
    def count() -> float:
        lines = server.metrics("reservas_streams_open")
        return sum(float(line.split()[-1]) for line in lines)

    wait_until(lambda: count() == 1, what="one stream")


def test_ten_tabs_have_one_stream_and_lose_nothing_with_who_holds_it(
    server: Server, tabs: Callable[[Server], Tabs]
) -> None:
    api, reserva = provision(server)
    ten = tabs(server)
    assert not ten.pages[0].evaluate("isSecureContext")  # so there are no locks
    ten.open(9)
    scan(api, reserva, "a")
    ten.all_show(reserva, 1)
    one_stream(server)
    for inside, end in enumerate(("hang", "crash", "close"), 2):
        holder = ten.holder()
        ten.pages.remove(holder)
        if end == "hang":
            holder.evaluate(HANG)
        elif end == "crash":
            with pytest.raises(Error):
                holder.goto("chrome://crash")
        else:
            holder.close()
        lists = [url for _, url in ten.asked if "/api/reservas?" in url]
        scan(api, reserva, end)
        ten.all_show(reserva, inside)
        assert lists == [url for _, url in ten.asked if "/api/reservas?" in url]
        one_stream(server)
        if end == "hang":
            holder.close()  # else it wakes some day, and may be the next to hold it
    ten.context.close()
    api.close()


def test_tabs_that_all_begin_at_once_settle_on_one_stream(
    server: Server, tabs: Callable[[Server], Tabs]
) -> None:
    api, reserva = provision(server)
    some = tabs(server)
    some.open(5)
    for page in some.pages:
        page.evaluate(f"setTimeout(() => (location.href = '{some.url}/'), 100)")
    for page in some.pages:
        page.wait_for_url(f"{some.url}/")
    scan(api, reserva, "a")
    some.all_show(reserva, 1)
    one_stream(server)
    some.context.close()
    api.close()


def test_the_tab_that_is_looked_at_takes_the_stream_from_a_hidden_one_without_a_word(
    server: Server, tabs: Callable[[Server], Tabs]
) -> None:
    api, reserva = provision(server)
    two = tabs(server)
    two.context.add_init_script(HIDE)
    two.pages[0].reload()
    is_state(two.pages[0], "live")
    two.open()
    is_state(two.pages[1], "live")
    assert two.holder() is two.pages[0]
    two.pages[1].evaluate(
        """() => {
          window.states = [];
          const chip = document.getElementById("chip");
          new MutationObserver(() => window.states.push(chip.dataset.state))
            .observe(chip, { attributes: true });
        }"""
    )
    two.pages[0].evaluate("window.shown(false)")
    wait_until(lambda: two.pages[0].title() and two.holder() is two.pages[1])
    one_stream(server)
    scan(api, reserva, "a")
    two.all_show(reserva, 1)
    assert set(two.pages[1].evaluate("window.states")) <= {"live"}
    two.context.close()
    api.close()


def test_a_tab_that_was_away_reads_the_list_once(
    server: Server, tabs: Callable[[Server], Tabs]
) -> None:
    api, reserva = provision(server)
    two = tabs(server)
    is_state(two.pages[0], "live")
    # As in the browser's cache of pages: what is told meanwhile is never heard.
    two.context.add_init_script("""
      window.away = false;
      const { set } = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, "onmessage");
      Object.defineProperty(BroadcastChannel.prototype, "onmessage", { set(hear) {
        set.call(this, (message) => window.away || hear(message));
      } });
    """)
    two.open()
    is_state(two.pages[1], "live")
    two.pages[1].evaluate("window.away = true")
    scan(api, reserva, "a")
    expect(row(two.pages[0], reserva)).to_have_attribute("data-attendance", "1")
    two.asked.clear()
    two.pages[1].evaluate("window.away = false")
    expect(row(two.pages[1], reserva)).to_have_attribute("data-attendance", "1")
    is_state(two.pages[1], "live")
    assert len([url for _, url in two.asked if "/api/reservas?" in url]) == 1
    two.context.close()
    api.close()


def test_who_logs_in_in_one_tab_is_who_works_in_all(
    server: Server, tabs: Callable[[Server], Tabs]
) -> None:
    api, reserva = provision(server)
    words = ("user", "add", "beto@local.test", "--business", "10", "--role", "owner")
    server.cli(*words, "--password-stdin", stdin=PASSWORD + "\n")
    two = tabs(server)
    two.open()
    for page in two.pages:
        is_state(page, "live")
    log_out(two.pages[0])
    for page in two.pages:
        expect(page.get_by_test_id("login-email")).to_be_visible()
    two.pages[0].get_by_test_id("login-email").fill("beto@local.test")
    two.pages[0].get_by_test_id("login-password").fill(PASSWORD)
    two.pages[0].get_by_test_id("login-submit").click()
    for page in two.pages:
        expect(page.locator("#venue-name")).to_have_text("Local 10")
        is_state(page, "live")
        expect(row(page, reserva)).to_have_count(0)
    # A tab that heard nothing of it asks for its stream as who it was.
    refused = two.pages[0].evaluate(
        "fetch('/api/reservas/events?businessId=10&usuario=person:0').then((r) => r.status)"
    )
    assert refused == 401
    one_stream(server)
    server.cli("user", "remove", "beto@local.test")
    for page in two.pages:  # by itself, in both
        expect(page.get_by_test_id("login-email")).to_be_visible()
    two.context.close()
    api.close()


def test_streams_are_turned_off_and_on_by_one_setting_and_one_tab_polls_for_all(
    server: Server, tabs: Callable[[Server], Tabs]
) -> None:
    api, reserva = provision(server)
    three = tabs(server)

    three.context.add_init_script("""
      const { json } = Response.prototype;
      Response.prototype.json = async function () {
        const body = await json.call(this);
        if (body.configuracion) body.configuracion.polling.interval = 1_000;
        return body;
      };
    """)
    three.pages[0].reload()
    three.open(2)
    for page in three.pages:
        is_state(page, "live")

    def turn(streams: str) -> None:
        api.close()
        server.stop()
        server.env["RESERVAS_SSE_ENABLED"] = streams
        server.start()

    turn("0")
    for page in three.pages:
        is_state(page, "polling", 30)
    expect(three.pages[0].get_by_test_id("chip")).to_contain_text("Actualizando cada 1 s")
    three.pages[0].wait_for_timeout(3_000)  # what each asked when it was refused is answered
    three.asked.clear()
    scan(api, reserva, "a")
    for page in three.pages:
        expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
        is_state(page, "polling")
    three.pages[0].wait_for_timeout(1_000)
    asking = {page for page, url in three.asked if "/api/session" in url}
    assert len(asking) == 1
    lists = [page for page, url in three.asked if "/api/reservas?" in url]
    assert all(lists.count(page) == 1 for page in three.pages if page not in asking)
    turn("1")
    for page in three.pages:
        is_state(page, "live", 30)
    one_stream(server)
    three.context.close()
    api.close()


def test_a_hidden_tab_gives_its_stream_back_and_catches_up_when_shown(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    page.add_init_script(HIDE)
    page.clock.install()
    page.reload()
    is_state(page, "live")
    page.evaluate("window.shown(false)")
    page.clock.run_for(40_000)
    is_state(page, "live")
    page.clock.run_for(21_000)
    is_state(page, "resting")
    scan(api, reserva, "a")
    asked: list[str] = []
    page.on("request", lambda request: "/api/" in request.url and asked.append(request.url))
    page.clock.run_for(300_000)
    # What the phone keeps for a night without a connection follows by itself.
    assert [url for url in asked if "/api/puerta/manifest" not in url] == []
    page.evaluate("window.shown(true)")
    is_state(page, "live")
    expect(row(page, reserva)).to_have_attribute("data-attendance", "1")
    assert not [url for url in asked if "/api/reservas?" in url], "the stream brings what it missed"
    api.close()


def test_a_stream_that_does_not_begin_gives_its_connection_back(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    held: list[object] = []
    # Neither answered nor refused.
    page.route("**/api/reservas/events?*", lambda route: held.append(route))
    page.reload()
    is_state(page, "connecting")
    is_state(page, "reconnecting", 12)
    for _ in range(100):
        if len(held) > 1:
            break
        page.wait_for_timeout(100)
    assert len(held) > 1, "it is tried again"
    page.unroute("**/api/reservas/events?*")
    is_state(page, "live", 15)
    api.close()
