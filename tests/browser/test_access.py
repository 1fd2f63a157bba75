"""An owner invites, sees who is in, and takes access away; links lead where they should."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import EMAIL, Open, provision
from tests.servers import Server

NEW, PASSWORD = "luz@local.test", "otra-clave-larga"


def to_screen(page: Page, name: str) -> None:
    page.locator("#account").click()
    page.get_by_test_id(f"to-{name}").click()


def test_an_invited_person_gets_in_is_seen_and_is_put_out(
    server: Server, open_page: Open, browser: Browser
) -> None:
    api, _ = provision(server)
    api.close()
    page = open_page(server)
    to_screen(page, "personas")
    expect(page.get_by_test_id("person")).to_have_count(1)
    page.get_by_test_id("people-invite").click()
    page.get_by_test_id("invite-role").select_option("host")
    page.get_by_test_id("invite-note").fill("Luz")
    page.get_by_test_id("invite-submit").click()
    link = page.get_by_test_id("link-url").input_value()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("people-link")).to_contain_text("Luz")

    with browser.new_context(locale="es-EC") as context:
        guest = context.new_page()
        guest.goto(link)
        expect(guest.get_by_test_id("entry")).to_contain_text("Recepción")
        guest.get_by_test_id("entry-email").fill(NEW)
        guest.get_by_test_id("entry-password").fill(PASSWORD)
        guest.get_by_test_id("entry-submit").click()
        expect(guest.get_by_test_id("chip")).to_have_attribute("data-state", "live")
        assert link.partition("#")[2] not in guest.url

        # One's own sessions, from the account's menu.
        guest.locator("#account").click()
        guest.get_by_test_id("my-sessions").click()
        expect(guest.get_by_test_id("session")).to_contain_text("Chrome · Linux · 127.0.0.1")
        guest.keyboard.press("Escape")

        page.reload()
        luz = page.locator(f"[data-testid=person][data-email='{NEW}']")
        expect(luz).to_contain_text("visto")
        luz.get_by_test_id("person-role").select_option("door")
        expect(guest.get_by_test_id("to-noche")).to_have_count(0)
        luz.get_by_test_id("person-more").click()
        for _ in range(2):  # the second tap says that it is meant
            luz.get_by_test_id("person-end").click()
        expect(guest.get_by_test_id("login-email")).to_be_visible()

    mine = page.locator(f"[data-testid=person][data-email='{EMAIL}']")
    mine.get_by_test_id("person-role").select_option("host")
    expect(page.get_by_test_id("people-problem")).to_contain_text("única persona dueña")
    to_screen(page, "dispositivos")
    device = page.get_by_test_id("gadget").first
    device.get_by_test_id("gadget-name").fill("Barra")
    device.get_by_test_id("gadget-rename").click()
    expect(page.get_by_test_id("gadget-name").first).to_have_value("Barra")
