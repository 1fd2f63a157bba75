"""The door screen: each verdict's face and what may be done next, on a phone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.conftest import Open, is_state, log_out, provision, scan
from tests.browser.evening import every_verdict, party
from tests.servers import Api, Server

PHONE = {"width": 390, "height": 844}
SCANS = re.compile("qr-scan")
#: Tone, and a word of the screen.
FACES = {
    "ok": ("ok", "Adelante +1"),
    "already_complete": ("warn", "Ya entraron"),
    "other_night": ("warn", "Es otra noche"),
    "no_show": ("warn", "Figura «No llegó»"),
    "finished": ("warn", "Visita terminada"),
    "too_early": ("bad", "Todavía no"),
    "expired": ("bad", "Ya pasó"),
    "cancelled": ("bad", "Cancelada"),
    "revoked_code": ("bad", "Código anulado"),
    "invalid_code": ("bad", "Código no válido"),
}


def at_door(server: Server, open_page: Open) -> Page:
    page = open_page(server)
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}/#/puerta")
    expect(page.get_by_test_id("ready")).to_be_visible()
    is_state(page, "live")
    return page


def type_code(page: Page, reserva: dict) -> None:
    """Scan by a wedge scanner."""
    page.keyboard.type(reserva["codigoQR"])
    page.keyboard.press("Enter")


def verdict(page: Page, code: str) -> Locator:
    shown = page.get_by_test_id("verdict")
    expect(shown).to_have_attribute("data-verdict", code)
    return shown


def inside(api: Api, reserva: dict) -> int:
    shown = api.insist("GET", f"/api/reservas/{reserva['id']}?businessId=1")["reserva"]
    return shown["asistenciaActual"]


def test_each_verdict_has_its_own_face(server: Server, open_page: Open) -> None:
    api, _ = provision(server)
    parties = every_verdict(api)
    page = at_door(server, open_page)
    signs, tones = set(), {}
    for code, (tone, word) in FACES.items():
        type_code(page, parties[code])
        shown = verdict(page, code)
        expect(shown.get_by_test_id("verdict-word")).to_have_text(word)
        expect(page.locator("html")).to_have_attribute("data-tone", tone)
        signs.add(shown.locator(".sign path").get_attribute("d"))
        tones[tone] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        if code != "invalid_code":
            expect(shown.get_by_test_id("verdict-name")).to_have_text(
                parties[code]["cliente"]["nombre"]
            )
            expect(shown.get_by_test_id("verdict-table")).to_have_text("12")
            expect(shown.get_by_test_id("verdict-notes")).to_contain_text("Alergia: maní")
            expect(shown.get_by_test_id("verdict-notes")).to_contain_text("Botella de cortesía")
    assert len(signs) == len(FACES)
    assert len(set(tones.values())) == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    api.close()


def test_what_follows_a_scan_are_those_who_are_missing(server: Server, open_page: Open) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Lucía Andrade")
    page = at_door(server, open_page)
    type_code(page, reserva)
    shown = verdict(page, "ok")
    expect(shown.get_by_test_id("verdict-party")).to_have_text("1 de 6")
    expect(page.get_by_test_id("enter-all")).to_have_text("Entran todos (5)")
    page.get_by_test_id("enter-one").click()
    expect(shown.get_by_test_id("verdict-party")).to_have_text("2 de 6")
    page.get_by_test_id("enter-people-more").click()
    page.get_by_test_id("enter-some").click()
    expect(shown.get_by_test_id("verdict-party")).to_have_text("5 de 6")
    expect(page.get_by_test_id("enter-all")).to_have_count(0)
    page.get_by_test_id("enter-one").click()
    expect(shown.get_by_test_id("verdict-party")).to_have_text("6 de 6")
    expect(page.get_by_test_id("enter-one")).to_have_count(0)
    assert inside(api, reserva) == 6
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 6")
    api.close()


def test_a_full_party_is_let_in_as_far_as_it_fits_or_all_the_same(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Lucía Andrade")
    page = at_door(server, open_page)
    type_code(page, reserva)
    verdict(page, "ok")
    body = {"cantidad": 3, "scanId": "the other door"}
    api.insist("POST", f"/api/reservas/{reserva['id']}/asistencia?businessId=1", body)
    page.get_by_test_id("enter-all").click()
    shown = verdict(page, "party_full")
    expect(shown.get_by_test_id("verdict-text")).to_have_text("Quedan 2 lugares de 6: no caben 5.")
    page.get_by_test_id("enter-all").click()
    verdict(page, "ok")
    assert inside(api, reserva) == 6
    api.close()


def test_a_host_overrules_with_a_reason_and_a_door_is_told_who_may(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server, "host")
    parties = every_verdict(api)
    page = at_door(server, open_page)
    for code in ("already_complete", "other_night", "no_show", "finished"):
        type_code(page, parties[code])
        verdict(page, code)
        page.get_by_test_id("overrule").click()
        if code == "no_show":
            page.get_by_test_id("overrule-reason").fill("Llegaron tarde")
            page.get_by_test_id("overrule-confirm").click()
        else:
            page.get_by_test_id("overrule-quick").first.click()
        verdict(page, "ok")
    got = api.insist("GET", f"/api/reservas/{parties['no_show']['id']}?businessId=1")["reserva"]
    assert got["registroEntradas"][-1]["motivo"] == "Llegaron tarde"
    type_code(page, parties["cancelled"])
    verdict(page, "cancelled")
    expect(page.get_by_test_id("overrule")).to_have_count(0)
    api.close()


def test_a_door_is_told_who_may_overrule(server: Server, open_page: Open) -> None:
    api, _ = provision(server, "door")
    parties = every_verdict(api)
    page = at_door(server, open_page)
    type_code(page, parties["other_night"])
    verdict(page, "other_night")
    expect(page.get_by_test_id("overrule")).to_have_count(0)
    expect(page.get_by_test_id("who-may")).to_have_text("Puede dejarlos entrar un anfitrión.")
    api.close()


def test_a_door_sees_only_the_door(server: Server, open_page: Open) -> None:
    api, _ = provision(server, "door")
    page = open_page(server)
    for hash_ in ("", "#/", "#/puerta"):
        page.goto(f"{server.url}/{hash_}")
        expect(page.get_by_test_id("verdict")).to_be_visible()
        expect(page.get_by_test_id("list")).to_have_count(0)
        expect(page.get_by_test_id("to-puerta")).to_be_hidden()
    log_out(page)
    expect(page.get_by_test_id("login-submit")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-tone", "")
    api.close()


def test_a_host_goes_to_the_door_and_back(server: Server, open_page: Open) -> None:
    api, _ = provision(server, "host")
    page = open_page(server)
    is_state(page, "live")
    expect(page.get_by_test_id("list")).to_be_visible()
    page.get_by_test_id("day-next").click()
    page.get_by_test_id("to-puerta").click()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    type_code(page, party(api, "Lucía Andrade"))
    verdict(page, "ok")
    page.get_by_test_id("to-noche").click()
    expect(page.get_by_test_id("list")).to_contain_text("Lucía Andrade")
    expect(page.locator("html")).to_have_attribute("data-tone", "")
    is_state(page, "live")
    api.close()


def test_entries_and_walk_ins_are_listed_and_taken_back(server: Server, open_page: Open) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Lucía Andrade")
    page = at_door(server, open_page)
    type_code(page, reserva)
    verdict(page, "ok")
    page.get_by_test_id("dock-walkin").click()
    page.get_by_test_id("walkin-people-more").click()
    page.get_by_test_id("walkin-people-more").click()
    page.get_by_test_id("walkin-submit").click()
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 4")
    page.get_by_test_id("walkin-submit").click()  # one too many
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 5")
    page.get_by_test_id("walkin-undo").click()
    page.get_by_test_id("undo-quick").first.click()
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 4")
    expect(page.get_by_test_id("walkin-undo")).to_be_hidden()
    page.get_by_test_id("dock-latest").click()
    entries = page.get_by_test_id("latest-entry")
    expect(entries).to_have_count(3)
    expect(entries.first).to_have_class("undone")
    expect(entries.nth(1)).to_contain_text("+3")
    expect(entries.nth(1)).to_contain_text("Sin reserva")
    for index, left in ((1, "Dentro 1"), (2, "Dentro 0")):
        entries.nth(index).get_by_test_id("latest-undo").click()
        page.get_by_test_id("undo-quick").first.click()
        expect(page.get_by_test_id("inside")).to_have_text(left)
        expect(entries.nth(index)).to_have_class("undone")
        expect(entries.nth(index)).to_contain_text("anulada")
    expect(page.get_by_test_id("latest-undo")).to_have_count(0)
    assert inside(api, reserva) == 0
    api.close()


def test_what_others_do_at_the_door_is_seen_at_once(server: Server, open_page: Open) -> None:
    api, reserva = provision(server, "door")
    page = at_door(server, open_page)
    page.get_by_test_id("dock-latest").click()
    scan(api, reserva, "a")
    api.insist("POST", "/api/sin-reserva?businessId=1", {"numeroPersonas": 5})
    entries = page.get_by_test_id("latest-entry")
    expect(entries).to_have_count(2, timeout=2000)
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 6")
    expect(entries.first).to_contain_text("+5")
    api.close()


def test_the_venues_capacity_is_beside_those_inside(server: Server, open_page: Open) -> None:
    server.cli("business", "set", "1", "--capacity", "120")
    api, reserva = provision(server, "door")
    scan(api, reserva, "a")
    page = at_door(server, open_page)
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 1 de 120")
    api.insist("POST", "/api/sin-reserva?businessId=1", {"numeroPersonas": 119})
    expect(page.get_by_test_id("inside")).to_have_text("Dentro 120 de 120 · lleno")
    api.close()


def test_a_party_is_found_by_name_or_phone_and_let_in(server: Server, open_page: Open) -> None:
    api, _ = provision(server, "door")
    reserva = party(api, "Íñigo Núñez")
    page = at_door(server, open_page)
    for words in ("inigo", "099 555", "0995550100"):
        page.get_by_test_id("dock-find").click()
        page.get_by_test_id("finder").fill(words)
        page.get_by_test_id("found").first.click()
        verdict(page, "look")
        expect(page.get_by_test_id("verdict-name")).to_have_text("Íñigo Núñez")
    page.get_by_test_id("enter-all").click()
    verdict(page, "ok")
    got = api.insist("GET", f"/api/reservas/{reserva['id']}?businessId=1")["reserva"]
    assert [(each["metodo"], each["cantidad"]) for each in got["registroEntradas"]] == [
        ("Manual", 6)
    ]
    api.close()


def test_a_line_that_is_about_to_be_tapped_stays_while_others_come_in(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server)
    page = at_door(server, open_page)
    page.get_by_test_id("dock-find").click()
    page.get_by_test_id("finder").fill(reserva["cliente"]["nombre"])
    page.get_by_test_id("found").focus()
    scan(api, reserva, "a")
    expect(page.get_by_test_id("found")).to_contain_text("1/")
    expect(page.get_by_test_id("found")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_test_id("enter-one").focus()
    page.keyboard.press("Enter")  # whoever has no mouse goes on with the next tab stop
    expect(page.get_by_test_id("verdict-word")).to_have_text("Adelante +1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-testid=verdict]') !== null")
    api.close()


def test_a_code_may_be_typed(server: Server, open_page: Open) -> None:
    api, reserva = provision(server, "door")
    page = at_door(server, open_page)
    page.get_by_test_id("dock-find").click()
    page.get_by_test_id("finder").fill(reserva["codigoQR"].lower())
    page.get_by_test_id("finder").press("Enter")
    verdict(page, "ok")
    assert inside(api, reserva) == 1
    api.close()


def test_the_whole_group_enters_or_the_door_is_asked_as_it_is_set(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server, "door")
    first, second = party(api, "Lucía Andrade"), party(api, "Tomás Vela")
    page = at_door(server, open_page)
    page.get_by_test_id("dock-options").click()
    page.get_by_test_id("mode-all").check()
    page.get_by_test_id("set-sound").uncheck()
    page.reload()
    is_state(page, "live")
    page.get_by_test_id("dock-options").click()
    expect(page.get_by_test_id("mode-all")).to_be_checked()
    expect(page.get_by_test_id("set-sound")).not_to_be_checked()
    type_code(page, first)
    expect(verdict(page, "ok").get_by_test_id("verdict-party")).to_have_text("6 de 6")
    page.get_by_test_id("dock-options").click()
    page.get_by_test_id("mode-ask").check()
    type_code(page, second)
    expect(verdict(page, "look").get_by_test_id("verdict-party")).to_have_text("0 de 6")
    assert inside(api, second) == 0
    page.wait_for_timeout(3_100)  # or it would be the same scan as before
    type_code(page, first)
    verdict(page, "already_complete")
    api.close()


def test_the_same_code_again_is_shown_and_not_sent(server: Server, open_page: Open) -> None:
    api, reserva = provision(server, "door")
    page = at_door(server, open_page)
    type_code(page, reserva)
    verdict(page, "ok")
    type_code(page, reserva)
    expect(verdict(page, "ok").get_by_test_id("verdict-text")).to_contain_text(
        "no se contó de nuevo"
    )
    assert inside(api, reserva) == 1
    page.wait_for_timeout(3_100)
    type_code(page, reserva)
    expect(verdict(page, "ok").get_by_test_id("verdict-party")).to_have_text("2 de 4")
    assert inside(api, reserva) == 2
    api.close()


def test_without_an_answer_nothing_is_called_registered(server: Server, open_page: Open) -> None:
    api, reserva = provision(server, "door")
    page = at_door(server, open_page)
    cut = [True]

    def maybe(route: Route) -> None:
        if cut[0]:
            route.abort()
        else:
            route.continue_()

    page.route(SCANS, maybe)
    type_code(page, reserva)
    shown = verdict(page, "offline")
    expect(page.locator("html")).to_have_attribute("data-tone", "warn")
    expect(shown.get_by_test_id("verdict-name")).to_have_text("Ana Pérez")
    expect(shown).to_contain_text("queda por confirmar")
    expect(page.get_by_test_id("waiting")).to_have_text("Sin enviar: 1")
    cut[0] = False
    verdict(page, "ok")
    expect(page.get_by_test_id("waiting")).to_be_hidden()
    assert inside(api, reserva) == 1
    api.close()


def test_the_last_verdict_is_of_the_last_scan(server: Server, open_page: Open) -> None:
    api, first = provision(server, "door")
    second = party(api, "Tomás Vela")
    page = at_door(server, open_page)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if not held and route.request.post_data_json["qrCode"] == first["codigoQR"]:
            held.append(route)
        else:
            route.continue_()

    page.route(SCANS, hold_the_first)
    type_code(page, first)
    verdict(page, "checking")
    type_code(page, second)
    verdict(page, "ok")
    first_of(page, held).continue_()
    expect(page.get_by_test_id("toast")).to_contain_text("Adelante: Ana Pérez")
    expect(page.get_by_test_id("verdict-name")).to_have_text("Tomás Vela")
    api.close()


def first_of(page: Page, held: list[Route]) -> Route:
    """Return the first request that was held; it is sent after the phone has written it down."""
    deadline = time.monotonic() + 10
    while not held:
        assert time.monotonic() < deadline, "nothing was sent"
        page.wait_for_timeout(20)
    return held[0]


def test_a_late_answer_stays_off_the_screen_while_the_next_code_comes(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server, "door")
    page = at_door(server, open_page)
    held: list[Route] = []
    page.route(SCANS, lambda route: held.append(route))
    type_code(page, reserva)
    verdict(page, "checking")
    page.keyboard.type("R1.ABC")  # and the scanner is still at it
    first_of(page, held).continue_()
    expect(page.get_by_test_id("toast")).to_contain_text("Adelante: Ana Pérez")
    expect(page.get_by_test_id("ready")).to_be_visible()
    page.keyboard.press("Escape")  # it was a person
    expect(page.get_by_test_id("verdict-name")).to_have_text("Ana Pérez")
    verdict(page, "ok")
    api.close()


def test_a_long_name_shrinks_until_it_fits_and_a_short_one_is_large(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server, "door")
    long = party(api, "Maximiliano Alejandro Villavicencio-Echeverría de la Torre y Borja")
    page = at_door(server, open_page)
    name = page.get_by_test_id("verdict-name")
    size = "(each) => parseFloat(getComputedStyle(each).fontSize)"
    type_code(page, reserva)
    verdict(page, "ok")
    assert name.evaluate(size) == 60
    type_code(page, long)
    expect(name).to_have_text(long["cliente"]["nombre"])
    verdict(page, "ok")
    assert 26 <= name.evaluate(size) < 60
    assert name.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    page.set_viewport_size({"width": 844, "height": 390})
    type_code(page, party(api, "Lucía Andrade"))
    expect(name).to_have_text("Lucía Andrade")
    for action in ("enter-people", "enter-all", "enter-one"):
        expect(page.get_by_test_id(action)).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 320, "height": 640})
    word = page.get_by_test_id("verdict-word")
    assert word.evaluate("(each) => each.getBoundingClientRect().right <= innerWidth")
    people = page.get_by_test_id("enter-people")
    people.fill("400")
    room = people.evaluate("(each) => [each.clientWidth, each.scrollWidth]")
    assert room[0] >= 40
    assert room[1] <= room[0], room
    api.close()


WATCHED = """
  window.locks = 0;
  const lock = { get released() { return window.lost; }, release() {} };
  const request = async () => (window.locks++, lock);
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
  window.shaken = [];
  navigator.vibrate = (pattern) => window.shaken.push(pattern.length);
  window.heard = [];
  window.OscillatorNode = class extends OscillatorNode {
    constructor(audio, options) {
      super(audio, options);
      window.heard.push(options.frequency);
    }
  };
"""


def test_the_screen_stays_on_and_verdicts_are_heard_and_felt(
    server: Server, open_page: Open
) -> None:
    api, reserva = provision(server, "door")
    page = open_page(server)
    page.add_init_script(WATCHED)
    page.reload()
    is_state(page, "live")
    assert page.evaluate("window.locks") == 1
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.locks") == 1
    page.evaluate("window.lost = true; document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.locks") == 2
    type_code(page, reserva)
    verdict(page, "ok")
    type_code(page, {"codigoQR": f"R1.{'A' * 16}.1.{'B' * 26}"})
    verdict(page, "invalid_code")
    assert page.evaluate("window.shaken") == [1, 1]
    up, down = page.evaluate("[window.heard.slice(0, 2), window.heard.slice(2)]")
    assert up == sorted(up)
    assert len(up) == 2
    assert len(down) == 1
    page.get_by_test_id("set-vibration").uncheck()
    page.get_by_test_id("set-sound").uncheck()
    page.evaluate("window.shaken = []; window.heard = []")
    page.wait_for_timeout(3_100)
    type_code(page, reserva)
    expect(page.get_by_test_id("verdict-party")).to_have_text("2 de 4")
    assert page.evaluate("[window.shaken, window.heard]") == [[], []]
    api.close()


@pytest.mark.parametrize(("resolution", "attendance"), [("admitir", 1), ("descartar", 0)])
def test_a_host_sees_refused_scans_and_resolves_conflicts(
    server: Server, open_page: Open, resolution: str, attendance: int
) -> None:
    api, _ = provision(server, "host")
    parties = every_verdict(api)
    page = open_page(server)
    is_state(page, "live")
    badge = page.get_by_test_id("incidents")
    expect(badge).to_be_hidden()
    lost = parties["no_show"]
    made = {
        "increment": 1,
        "scanId": "offline",
        "scannedAt": lost["fechaCreacion"],
        "offline": True,
    }
    batch = {"deviceNow": lost["fechaCreacion"], "scans": [{"qrCode": lost["codigoQR"], **made}]}
    api.insist("POST", "/api/reservas/qr-scan/batch?businessId=1", batch)
    expect(badge).to_have_text("1 conflicto")
    page.get_by_test_id("scan-input").fill(parties["cancelled"]["codigoQR"])
    page.get_by_test_id("scan-input").press("Enter")
    expect(badge).to_have_text("1 conflicto · 1 rechazo")
    page.reload()
    expect(badge).to_have_text("1 conflicto · 1 rechazo")
    badge.click()
    expect(page.get_by_test_id("refusal")).to_contain_text("Tomás Vela")
    expect(page.get_by_test_id("conflict")).to_contain_text("Camila Ríos: +1")
    page.get_by_test_id(f"resolve-{resolution}").click()
    page.get_by_test_id("resolve-reason").fill("Los vi")
    refused = {"qrCode": "R1.X", "action": "increment", "scanId": "forged"}
    api.ask("POST", "/api/reservas/qr-scan?businessId=1", refused)
    expect(page.get_by_test_id("refusal")).to_have_count(2)
    expect(page.get_by_test_id("resolve-reason")).to_have_value("Los vi")
    expect(page.get_by_test_id("resolve-reason")).to_be_focused()
    page.get_by_test_id("resolve-confirm").click()
    expect(page.get_by_test_id("conflict")).to_have_count(0)
    expect(badge).to_have_text("2 rechazos")
    assert inside(api, lost) == attendance
    api.close()


def test_a_refusal_counts_once_whether_it_is_heard_before_the_list_or_after(
    server: Server, open_page: Open
) -> None:
    api, _ = provision(server, "host")
    page = open_page(server)
    is_state(page, "live")
    badge = page.get_by_test_id("incidents")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/api/puerta/rechazos*", lambda route: held.append((route, route.fetch())))
    page.reload()
    while not held:
        page.wait_for_timeout(20)
    is_state(page, "live")

    def refused(scan_id: str, told: str) -> None:
        body = {"qrCode": "R1.X", "action": "increment", "scanId": scan_id}
        api.ask("POST", "/api/reservas/qr-scan?businessId=1", body)
        expect(badge).to_have_text(told)

    refused("first", "1 rechazo")
    route, older = held[0]
    with page.expect_response("**/api/puerta/rechazos*"):
        route.fulfill(response=older)
    refused("second", "2 rechazos")
    api.close()
