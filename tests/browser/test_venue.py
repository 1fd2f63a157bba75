"""An owner sets a venue's night and capacity on the page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Open, provision
from tests.servers import Server


def test_an_owner_sets_the_night_and_the_capacity(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    page.get_by_test_id("menu").click()
    page.get_by_test_id("venue-button").click()
    expect(page.get_by_test_id("venue-cutoff")).to_have_value("04:00")
    page.get_by_test_id("venue-cutoff").fill("06:30")
    page.get_by_test_id("venue-margin").fill("2")
    page.get_by_test_id("venue-capacity").fill("180")
    page.get_by_test_id("venue-save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    local = api.insist("GET", "/api/local?businessId=1")["local"]
    assert (local["corte"], local["margenH"], local["aforo"]) == ("06:30", 2, 180)
    api.close()
    page.goto(server.url + "/#/puerta")
    expect(page.get_by_test_id("inside")).to_contain_text("de 180")


def test_an_empty_capacity_is_none_and_a_colleague_has_no_button(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    server.cli("business", "set", "1", "--capacity", "90")
    page = open_page(server)
    page.get_by_test_id("menu").click()
    page.get_by_test_id("venue-button").click()
    page.get_by_test_id("venue-capacity").fill("")
    page.get_by_test_id("venue-save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert api.insist("GET", "/api/local?businessId=1")["local"]["aforo"] is None
    api.close()
    words = ("--business", "1", "--role", "host")
    server.cli("user", "add", "ana@local.test", *words)
    page.reload()
    expect(page.get_by_test_id("new-button")).to_be_visible()
    expect(page.get_by_test_id("venue-button")).to_have_count(0)


def test_what_another_owner_changes_stays_and_is_shown(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    page = open_page(server)
    api.insist("PATCH", "/api/local?businessId=1", {"aforo": 120})
    page.get_by_test_id("menu").click()
    page.get_by_test_id("venue-button").click()
    expect(page.get_by_test_id("venue-capacity")).to_have_value("120")
    api.insist("PATCH", "/api/local?businessId=1", {"aforo": 90})
    page.get_by_test_id("venue-margin").fill("1")
    page.get_by_test_id("venue-save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    local = api.insist("GET", "/api/local?businessId=1")["local"]
    assert (local["margenH"], local["aforo"]) == (1, 90)
    api.close()
