"""The page opens without a server, whole and of one version, and lets an upgrade in."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Open, is_state, log_in, log_out, provision, wait_for
from tests.servers import Server

ROOT = Path(__file__).parents[2]
SAME = shutil.ignore_patterns("__pycache__")
KEPT = "navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')"
SHELLS = "caches.keys().then((names) => names.filter((name) => name.startsWith('shell-')))"
ONE_KEPT = f"{SHELLS}.then((names) => names.length === 1)"
WAITING = "navigator.serviceWorker.getRegistration().then((it) => Boolean(it.waiting))"
#: What becomes of the next version.
NEXT_WORKER = """
  navigator.serviceWorker.getRegistration().then((it) => new Promise((done) => {
    it.addEventListener("updatefound", () => {
      const worker = it.installing;
      const ends = ["installed", "redundant"];
      worker.onstatechange = () => ends.includes(worker.state) && done(worker.state);
    });
    it.update();
  }))
"""
#: How many nights' lists the phone keeps.
NIGHTS = """
  new Promise((done) => {
    const opening = indexedDB.open("reservas");
    opening.onsuccess = () => {
      const all = opening.result.transaction("manifests").objectStore("manifests").count();
      all.onsuccess = () => (opening.result.close(), done(all.result));
    };
  })
"""


@pytest.fixture
def service_workers() -> Literal["allow", "block"]:
    return "allow"


def kept_nights(count: int) -> str:
    return f"{NIGHTS}.then((found) => found === {count})"


def reopen(page: Page, url: str) -> Page:
    """Kill the page, and open it as from the home screen."""
    context = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto(url)
    return fresh


def test_the_page_opens_at_the_door_without_a_server_and_goes_on_when_it_is_back(
    server: Server, open_page: Open
) -> None:
    provision(server)[0].close()
    page = open_page(server)
    wait_for(page, KEPT)
    is_state(page, "live")
    server.stop()
    page = reopen(page, server.url)
    expect(page.locator("#venue-name")).to_have_text("Local 1")
    expect(page.locator(".door")).to_be_visible()
    is_state(page, "offline", 5)
    assert page.url.endswith("#/puerta")
    server.start()
    is_state(page, "live", 30)


def test_who_logged_out_leaves_nothing_that_opens_without_a_server(
    server: Server, open_page: Open
) -> None:
    provision(server)[0].close()
    page = open_page(server)
    wait_for(page, KEPT)
    wait_for(page, kept_nights(1))
    log_out(page)
    expect(page.get_by_test_id("login-email")).to_be_visible()
    wait_for(page, kept_nights(0))
    server.stop()
    page = reopen(page, server.url)
    expect(page.get_by_test_id("login-problem")).to_contain_text("No hay respuesta")
    assert page.evaluate("localStorage.getItem('reservas-session')") is None


@pytest.fixture
def own_tree(tmp_path: Path) -> Iterator[Server]:
    """Return a server that runs a copy of the code, which a test may change."""
    tree = tmp_path / "tree"
    for name in ("reservas", "static", "templates"):
        shutil.copytree(ROOT / name, tree / name, ignore=SAME)
    for name in ("wsgi.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, tree / name)
    server = Server(tmp_path, root=tree)
    server.cli("init")
    server.cli("business", "add", "1", "--name", "Local 1")
    yield server.start()
    server.stop()


def upgrade(server: Server, *names: str) -> None:
    assert server.root is not None
    for name in names:
        with (server.root / "static" / name).open("a") as file:
            file.write(f"\n(window.parts ??= []).push('{name}');\n")


def open_until(page: Page, url: str, parts: list[str]) -> Page:
    """Close the page and open it until it runs these: a browser lets a version go in its time."""
    deadline = time.monotonic() + 30
    while True:
        page = reopen(page, url)
        is_state(page, "live")
        found = page.evaluate("window.parts")
        if found == parts:
            return page
        assert found is None, "a version that is mixed"
        assert time.monotonic() < deadline, "the new version did not take over"


def test_an_upgrade_is_taken_whole_at_the_next_opening(own_tree: Server, browser: Browser) -> None:
    provision(own_tree)[0].close()
    context = browser.new_context()
    page = opened(context, own_tree)
    upgrade(own_tree, "main.js", "format.js")
    page.reload()  # from the phone, while the new version is fetched
    is_state(page, "live")
    assert page.evaluate("window.parts") is None
    wait_for(page, WAITING)
    page = open_until(page, own_tree.url, ["format.js", "main.js"])
    wait_for(page, ONE_KEPT)
    context.close()


def test_a_version_that_cannot_be_had_whole_is_not_taken(
    own_tree: Server, browser: Browser
) -> None:
    provision(own_tree)[0].close()
    context = browser.new_context()
    page = opened(context, own_tree)
    upgrade(own_tree, "main.js")
    assert own_tree.root is not None
    worker = own_tree.root / "static" / "sw.js"
    torn = 'SHELL.files["/static/format.js"] = "sha256-" + "A".repeat(43) + "=";'
    worker.write_text(f"{torn}\n{worker.read_text()}")
    assert page.evaluate(NEXT_WORKER) == "redundant"
    page.reload()
    is_state(page, "live")
    assert page.evaluate("window.parts") is None
    context.close()


def test_another_tab_of_the_old_version_keeps_it(own_tree: Server, browser: Browser) -> None:
    provision(own_tree)[0].close()
    context = browser.new_context()
    page = opened(context, own_tree)
    other = context.new_page()
    other.goto(own_tree.url)
    is_state(other, "live")
    upgrade(own_tree, "main.js")
    page.reload()
    wait_for(page, WAITING)
    page.reload()
    is_state(page, "live")
    assert page.evaluate("window.parts") is None
    other.close()
    open_until(page, own_tree.url, ["main.js"])
    context.close()


def opened(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.goto(server.url)
    log_in(page)
    is_state(page, "live")
    wait_for(page, KEPT)
    page.reload()
    is_state(page, "live")
    return page
