"""Sending a guest their link, what the guest then sees, and the night on paper."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, is_state, provision, row, wait_for
from tests.servers import Api, Server, booking

SHARES = """
window.shared = [];
navigator.canShare = ({ files }) => files.every((file) => file.type === "image/png");
navigator.share = async (data) => {
  shared.push({ ...data, files: data.files?.map((file) => file.size) });
};
"""


def opened(server: Server, open_page: Open) -> tuple[Api, dict, Page]:
    api, reserva = provision(server)
    page = open_page(server)
    is_state(page, "live")
    row(page, reserva).click()
    expect(page.get_by_test_id("share-link")).to_have_value(re.compile("/t/"))
    return api, reserva, page


def cancel(page: Page) -> None:
    """Cancel what is open, let the time to undo it end, and open it again."""
    page.locator("[data-move=Cancelado]").click()
    page.goto(page.url.split("#")[0] + "#/puerta")
    page.goto(page.url.split("#")[0] + "#/noche")
    cancelled = page.locator("[data-testid=row][data-estado=Cancelado]")
    cancelled.click()


def test_a_host_sends_the_link_and_the_guest_sees_their_code(
    server: Server, open_page: Open, browser: Browser
) -> None:
    api, _, page = opened(server, open_page)
    link = page.get_by_test_id("share-link").input_value()
    address = page.get_by_test_id("share-whatsapp").get_attribute("href") or ""
    assert urlsplit(address)[1:3] == ("wa.me", "/593900000001")
    (text,) = parse_qs(urlsplit(address).query)["text"]
    assert text.startswith("Hola, Ana. Tu reserva en Local 1: ")
    assert text.endswith(link)
    expect(page.get_by_test_id("share-notice")).to_contain_text("solo abre en esta computadora")
    page.get_by_test_id("share-copy").click()
    expect(page.get_by_test_id("share-copy")).to_have_text("Copiado")

    guest = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    guest.goto(link)
    expect(guest.get_by_test_id("guest")).to_contain_text("Hola, Ana")
    wait_for(guest, "document.querySelector('img').naturalWidth > 0")
    assert guest.evaluate("document.documentElement.scrollWidth") <= 390
    with guest.expect_download() as download:
        guest.get_by_test_id("guest-card").click()
    assert download.value.suggested_filename == "Reserva Ana Pérez.png"

    cancel(page)
    expect(page.get_by_test_id("share-box")).to_be_hidden()
    guest.reload()
    expect(guest.get_by_test_id("guest-problem")).to_be_visible()
    guest.context.close()
    api.close()


def test_sharing_hands_over_the_card_where_the_device_takes_files(
    server: Server, browser: Browser, open_page: Open
) -> None:
    api, reserva = provision(server)
    page = open_page(server)
    page.add_init_script(SHARES)
    page.reload()
    row(page, reserva).click()
    page.get_by_test_id("share").click()
    wait_for(page, "shared.length === 1")
    (shared,) = page.evaluate("shared")
    assert shared["text"].endswith(page.get_by_test_id("share-link").input_value())
    assert shared["files"][0] > 10_000
    api.close()


def test_reviving_a_cancelled_party_says_that_its_code_changed_and_offers_the_new_one(
    server: Server, open_page: Open
) -> None:
    api, reserva, page = opened(server, open_page)
    old = page.get_by_test_id("share-link").input_value()
    expect(page.get_by_test_id("code-changed")).to_be_hidden()
    cancel(page)
    expect(page.get_by_test_id("share-box")).to_be_hidden()
    page.locator("[data-move='En Progreso']").click()
    expect(page.get_by_test_id("code-changed")).to_contain_text("Su código cambió")
    expect(page.get_by_test_id("share-link")).not_to_have_value(old)
    expect(page.get_by_test_id("share-whatsapp")).to_be_visible()
    body = {"qrCode": reserva["codigoQR"], "action": "info", "scanId": "old"}
    status, answer = api.ask("POST", "/api/reservas/qr-scan?businessId=1", body)
    assert (status, answer["error"]) == (422, "revoked_code")
    api.close()


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_night_prints_forty_lines_a_page_with_its_head_on_each(
    server: Server, open_page: Open, tmp_path: Path
) -> None:
    api, first = provision(server)
    for number in range(80):
        cliente = {"nombre": f"Invitado {number}"}
        made = booking(cliente=cliente, detalles=["Alergia al maní"], mesa=str(number))
        api.insist("POST", "/api/reservas?businessId=1", made)
    path = f"/api/reservas/{first['id']}?businessId=1"
    api.insist("PATCH", path, {"estado": "Cancelado"})
    page = open_page(server)
    expect(page.get_by_test_id("row")).to_have_count(81)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheet = page.get_by_test_id("sheet")
    names = sheet.locator("tbody td:nth-child(2)").all_text_contents()
    assert names == sorted(f"Invitado {number}" for number in range(80))
    expect(sheet.locator("tfoot")).to_contain_text("80 reservas · 320 personas · sin 1 cancelada")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 2
    api.close()
