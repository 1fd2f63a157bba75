"""An owner looks at a person, erases their data, and every screen shows it; and takes the data."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open, is_state, provision
from tests.servers import Server


def test_an_owner_erases_a_persons_data_after_being_asked(server: Server, open_page: Open) -> None:
    api, reserva = provision(server)
    address = f"/api/reservas/{reserva['id']}?businessId=1"
    page = open_page(server)
    is_state(page, "live")
    page.get_by_test_id("row-open").first.click()
    page.get_by_test_id("person-open").click()
    expect(page.get_by_test_id("person-nights")).to_contain_text("0 de 4 personas")
    page.get_by_test_id("person-erase").click()
    page.get_by_test_id("person-confirm").click()
    # They are expected tonight.
    expect(page.get_by_role("alert")).to_contain_text("cancélala primero")
    api.insist("PATCH", address, {"estado": "Cancelado"})
    page.get_by_test_id("person-confirm").click()
    expect(page.get_by_test_id("person")).to_have_count(0)
    expect(page.get_by_text("Datos borrados")).to_be_visible()
    expect(page.get_by_text("Ana Pérez")).to_have_count(0)
    page.evaluate("location.hash = '#/ajustes'")
    with page.expect_download() as taken:
        page.get_by_test_id("export").click()
    assert re.fullmatch(r"1-\d{4}-\d\d-\d\d\.zip", taken.value.suggested_filename)
