"""The floor plan: seating by dragging, drawing by keyboard, and the same as a list on a phone."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Open, is_state, log_in, provision
from tests.servers import Api, Server, booking

PLAN = "/api/plano?businessId=1"


def mesa(name: str, x: int, joins: tuple[str, ...] = ()) -> dict[str, Any]:
    shape = {"forma": "cuadrada", "x": x, "y": 100, "w": 80, "h": 80, "giro": 0}
    seats = {"min": 1, "max": 4}
    return {"id": name, "nombre": name, "zona": "z", **seats, **shape, "unible": list(joins)}


def draw(api: Api) -> None:
    mesas = [mesa("1", 100, ("2",)), mesa("2", 300, ("1",)), mesa("3", 600)]
    api.insist("PUT", PLAN, {"zonas": [{"id": "z", "nombre": "Salón"}], "mesas": mesas})


def table(page: Page, name: str) -> Locator:
    return page.locator(f"[data-testid=table][data-id='{name}']")


def card(page: Page, name: str) -> Locator:
    return page.get_by_test_id("plan-party").filter(has_text=name)


def booked(api: Api, name: str) -> dict[str, Any]:
    found = api.insist("GET", f"/api/reservas?businessId=1&fecha={booking()['fecha']}")["reservas"]
    return next(each for each in found if each["cliente"]["nombre"] == name)


def to_plan(page: Page) -> None:
    page.get_by_test_id("to-plano").click()
    expect(
        page.get_by_test_id("table").or_(page.get_by_test_id("plan-empty")).first
    ).to_be_visible()


def says(found: Locator, words: str, seconds: float = 5) -> None:
    """Expect that a table's spoken state holds `words`."""
    expect(found).to_have_attribute("aria-label", re.compile(words), timeout=seconds * 1000)


def test_a_party_is_dragged_to_a_table_and_a_taken_one_offers_what_else_there_is(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    draw(api)
    api.insist("POST", "/api/reservas?businessId=1", booking(cliente={"nombre": "Eva Luz"}))
    page, other = open_page(server), open_page(server)
    for each in (page, other):
        is_state(each, "live")
        to_plan(each)
    card(page, "Ana Pérez").drag_to(table(page, "1"))
    says(table(other, "1"), "Ana Pérez")
    assert booked(api, "Ana Pérez")["mesas"] == ["1"]
    card(page, "Eva Luz").drag_to(table(page, "1"))
    page.get_by_test_id("choice").filter(has_text="Usar 2").first.click()
    says(table(other, "2"), "Eva Luz")
    table(page, "1").drag_to(table(page, "2"))
    page.get_by_test_id("choice").filter(has_text="Cambiar").click()
    says(table(other, "1"), "Eva Luz")
    says(table(page, "2"), "Ana Pérez")
    card(page, "Ana Pérez").click()
    page.get_by_test_id("panel-arrive").click()
    expect(table(other, "2")).to_have_attribute("data-state", "seated")
    # Over another party by choice, with a reason.
    card(page, "Eva Luz").click()
    page.get_by_test_id("panel-move").click()
    table(page, "2").click()
    page.get_by_test_id("force-reason").fill("Se sientan juntos")
    page.get_by_test_id("force").click()
    expect(page.get_by_test_id("plan-said")).to_contain_text("Eva Luz: 2")
    assert booked(api, "Eva Luz")["mesas"] == ["2"]
    api.close()


def test_the_plan_is_drawn_by_keyboard_and_a_colleagues_change_is_brought_in_not_overwritten(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server)
    page = open_page(server)
    is_state(page, "live")
    to_plan(page)
    page.get_by_test_id("plan-edit").press("Enter")
    for forma in ("redonda", "barra"):
        page.get_by_test_id(f"add-{forma}").press("Enter")
    tables = page.get_by_test_id("table")
    expect(tables).to_have_count(2)
    expect(tables.nth(1)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.get_by_test_id("plan-undo").press("Enter")
    tables.nth(1).press("Enter")
    expect(page.get_by_test_id("table-nombre")).to_be_focused()
    page.keyboard.type("Barra")
    page.keyboard.press("Tab")
    page.get_by_test_id("table-join").press("Space")
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("plan-said")).to_have_text("Plano guardado")
    plan = api.insist("GET", PLAN)
    bar = next(each for each in plan["mesas"] if each["nombre"] == "Barra")
    other = next(each for each in plan["mesas"] if each["nombre"] == "1")
    assert (bar["giro"], bar["unible"], other["unible"]) == (15, [other["id"]], [bar["id"]])
    # A colleague moves the bar; the owner moves the other one.
    tables.first.press("ArrowDown")
    theirs = [{**each, "x": 700} if each == bar else each for each in plan["mesas"]]
    api.insist("PUT", PLAN, {"zonas": plan["zonas"], "mesas": theirs})
    expect(page.get_by_test_id("plan-colleague")).to_contain_text("Barra")
    page.get_by_test_id("plan-save").press("Enter")
    expect(page.get_by_test_id("plan-save")).to_be_enabled()
    assert {each["x"] for each in api.insist("GET", PLAN)["mesas"]} >= {700}
    page.get_by_test_id("plan-bring").press("Enter")
    page.get_by_test_id("plan-save").press("Enter")
    expect(page.get_by_test_id("plan-said")).to_have_text("Plano guardado")
    after = {each["nombre"]: each for each in api.insist("GET", PLAN)["mesas"]}
    assert (after["Barra"]["x"], after["1"]["y"]) == (700, other["y"] + 10)
    api.close()


def test_on_a_phone_the_tables_are_a_list_with_the_same_actions(
    server: Server, browser: Browser
) -> None:
    api, _ = provision(server)
    draw(api)
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(server.url + "/#/plano")
    log_in(page)
    expect(page.get_by_test_id("plan-list")).to_be_visible()
    card(page, "Ana Pérez").tap()
    table(page, "2").tap()
    page.get_by_test_id("panel-arrive").tap()
    expect(table(page, "2")).to_have_attribute("data-state", "seated")
    page.get_by_test_id("panel-join").tap()
    table(page, "1").tap()
    expect(table(page, "1")).to_have_attribute("data-state", "seated")
    assert booked(api, "Ana Pérez")["mesas"] == ["2", "1"]
    page.get_by_test_id("panel-finish").tap()
    expect(table(page, "1")).to_have_attribute("data-state", "clear")
    page.get_by_test_id("panel-cleared").tap()
    expect(page.locator("[data-testid=table][data-state=free]")).to_have_count(2)
    page.get_by_test_id("panel-close").tap()
    table(page, "3").tap()
    page.get_by_test_id("panel-seat-walkin").tap()
    expect(page.locator("[data-testid=table][data-state=seated]")).to_have_count(1)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    context.close()
    api.close()
