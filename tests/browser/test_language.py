"""Who works there has the page in their language, on each device, under the thumb on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import is_state, log_in, log_out, provision, row
from tests.servers import Server

PHONE = {"width": 390, "height": 844}


def shows(page: Page, language: str, evening: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_test_id("to-noche")).to_have_text(evening)


def test_a_person_takes_their_language_along(server: Server, browser: Browser) -> None:
    api, reserva = provision(server)
    api.close()
    with browser.new_context(viewport=PHONE) as one, browser.new_context(viewport=PHONE) as other:
        page = one.new_page()
        page.goto(server.url)
        log_in(page)
        shows(page, "es", "Noche")
        page.locator("#account").click()
        with page.expect_response(lambda answer: answer.url.endswith("/api/session/idioma")):
            page.get_by_test_id("language").select_option("en")
        shows(page, "en", "Tonight")
        is_state(page, "live")
        expect(page.get_by_test_id("chip")).to_have_text("Live")
        expect(row(page, reserva)).to_contain_text("Expected")
        elsewhere = other.new_page()
        elsewhere.goto(server.url)
        log_in(elsewhere)
        shows(elsewhere, "en", "Tonight")
        log_out(elsewhere)
        # The device keeps it; what the server says is in it too.
        elsewhere.get_by_test_id("login-email").fill("nobody@local.test")
        elsewhere.get_by_test_id("login-password").fill("wrong")
        elsewhere.get_by_test_id("login-submit").click()
        said = elsewhere.get_by_test_id("login-problem")
        expect(said).to_have_text(re.compile("Wrong email or password."))


def test_on_a_phone_all_screens_and_the_chip_are_in_reach(server: Server, browser: Browser) -> None:
    api, _ = provision(server)
    api.close()
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(server.url)
        log_in(page)
        is_state(page, "live")
        links = page.locator("#screens a")
        for link in links.all():
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["width"] >= 44
            assert box["y"] + box["height"] <= PHONE["height"]
            assert box["y"] > PHONE["height"] - 80
        chip = page.get_by_test_id("chip").bounding_box()
        assert chip is not None
        assert chip["x"] + chip["width"] <= PHONE["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
