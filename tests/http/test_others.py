"""Walk-ins, figures, log-in, events, health: each works, and keeps to its venue."""

from __future__ import annotations

import re
import time

import pytest

from reservas.config import SettingError, Settings, load
from reservas.domain.attendance import OVERRULED_BY
from reservas.domain.events import KINDS
from reservas.domain.reservation import Estado, may_move
from reservas.services import accounts, backups, devices
from reservas.store import walkins
from tests.database import sql
from tests.http.conftest import Cast

PASSWORD = "una-clave-larga"


def test_walk_ins_are_counted_and_taken_back(cast: Cast) -> None:
    made = cast.host.ask("POST", "/api/sin-reserva", {"numeroPersonas": 5, "notas": "Barra"})
    path = f"/api/sin-reserva/{made.get_json()['sinReserva']['id']}"
    assert cast.door.ask("GET", "/api/sin-reserva").get_json()["total"] == 5
    assert cast.door.ask("GET", "/api/reservas/stats").get_json()["totalSinReserva"] == 5
    assert cast.stranger.ask("GET", "/api/sin-reserva").get_json()["sinReserva"] == []
    assert cast.stranger.ask("DELETE", path).status_code == 404
    assert cast.host.ask("DELETE", path).status_code == 403
    assert cast.owner.ask("DELETE", path).status_code == 200
    assert cast.owner.ask("DELETE", path).status_code == 404


def test_pages_of_walk_ins_join_without_loss_and_the_total_is_of_all(cast: Cast) -> None:
    days = ("2026-11-24", "2026-11-23", "2026-11-25")
    made = [
        cast.host.ask("POST", "/api/sin-reserva", {"numeroPersonas": n + 1, "fecha": days[n % 3]})
        for n in range(8)
    ]
    ids = {each.get_json()["sinReserva"]["id"] for each in made}
    path = "/api/sin-reserva?desde=2026-11-01&limit=3"
    seen: list[dict] = []
    body: dict = {"cursor": ""}
    while "cursor" in body:
        cursor = f"&cursor={body['cursor']}" if body["cursor"] else ""
        body = cast.door.ask("GET", path + cursor).get_json()
        seen += body["sinReserva"]
        assert body["total"] == 36
    assert (len(seen), {each["id"] for each in seen}) == (8, ids)
    order = [(each["diaNegocio"], each["fechaCreacion"]) for each in seen]
    assert order == sorted(order)
    # Not base64; another list's; a number that no database has.
    for bad in ("x", "WyIiLCIiLCIiXQ==", "WyIiLDE4NDQ2NzQ0MDczNzA5NTUxNjE1LCIiXQ=="):
        answer = cast.door.ask("GET", f"{path}&cursor={bad}")
        assert (answer.status_code, answer.get_json()["field"]) == (400, "cursor")


def test_many_walk_ins_of_one_day_are_not_all_read_for_a_page(cast: Cast) -> None:
    sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO walk_in (id, venue_id, numero_personas, fecha, hora, dia_negocio, notas,"
        " usuario, created_ms) SELECT 'w' || i, 1, 1, '2026-11-24', '20:00', '2026-11-24', '',"
        " 'x', i FROM n"
    )
    body = cast.door.ask("GET", "/api/sin-reserva?fecha=2026-11-24").get_json()
    assert (len(body["sinReserva"]), body["total"]) == (500, 20_000)
    (plan,) = sql(
        f"EXPLAIN QUERY PLAN {walkins._BETWEEN}", 1, "2026-11-24", "2026-11-24", "", 0, "", 501
    )
    assert "TEMP B-TREE" not in plan[3]
    assert "walk_in_venue_id_dia_negocio_created_ms_id" in plan[3]


def test_figures_have_one_definition_on_every_screen(cast: Cast) -> None:
    made = [cast.host.book() for _ in range(3)]
    cast.door.scan(made[0], "a", increment=3)
    cast.host.ask("PATCH", f"/api/reservas/{made[1]['id']}", {"estado": "Cancelado"})
    month = made[0]["diaNegocio"][:7]
    alone = cast.door.ask("GET", f"/api/reservas/stats?mes={month}").get_json()["stats"]
    assert (alone["totalReservas"], alone["totalAsistentes"]) == (2, 3)
    listed = cast.door.ask("GET", "/api/reservas?include=stats").get_json()["stats"]
    assert listed == cast.door.ask("GET", "/api/reservas/stats").get_json()["stats"]
    for bad in ("2026-13", "x", "2026-1"):
        answer = cast.door.ask("GET", f"/api/reservas/stats?mes={bad}")
        assert (answer.status_code, answer.get_json()["field"]) == (400, "mes")


def test_people_log_in_and_out(cast: Cast) -> None:
    accounts.add_person("ana@x.test", "1", "host", PASSWORD)
    client = cast.nobody
    wrong = client.ask("POST", "/api/login", {"email": "ana@x.test", "password": "no"})
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "bad_credentials")
    right = client.ask("POST", "/api/login", {"email": "ANA@x.test", "password": PASSWORD})
    assert right.get_json()["locales"][0]["businessId"] == "1"
    assert "HttpOnly" in right.headers["Set-Cookie"]
    assert client.ask("GET", "/api/reservas?businessId=10").status_code == 404
    evil = {"Origin": "http://evil.test"}
    foreign = client.ask("POST", "/api/sin-reserva", {"numeroPersonas": 1}, headers=evil)
    assert (foreign.status_code, foreign.get_json()["error"]) == (403, "foreign_origin")
    accounts.add_person("ana@x.test", "10", "door", PASSWORD + "2")
    ended = client.ask("GET", "/api/session")
    assert (ended.status_code, ended.get_json()["error"]) == (401, "unauthenticated")
    assert ended.get_json()["motivo"] == "session_ended"
    client.ask("POST", "/api/login", {"email": "ana@x.test", "password": PASSWORD + "2"})
    unsaid = client.ask("GET", "/api/reservas")
    assert (unsaid.status_code, unsaid.get_json()["error"]) == (400, "businessId required")
    assert client.ask("POST", "/api/reservas?businessId=10", {}).status_code == 403
    client.ask("POST", "/api/logout")
    out = client.ask("GET", "/api/session")
    assert (out.status_code, "motivo" in out.get_json()) == (401, False)


def test_the_configuration_comes_with_the_session_under_the_names_that_clients_know(
    cast: Cast,
) -> None:
    accounts.add_person("ana@x.test", "1", "host", PASSWORD)
    body = {"email": "ana@x.test", "password": PASSWORD}
    logged_in = cast.nobody.ask("POST", "/api/login", body).get_json()["configuracion"]
    found = cast.door.ask("GET", "/api/session").get_json()["configuracion"]
    assert found == logged_in
    assert found == {
        "sse": {"enabled": True},
        "reconnectDelay": 600,
        "maxReconnectAttempts": 3,
        "heartbeatInterval": 30_000,
        "polling": {"interval": 30_000},
        "staleTime": 30_000,
        "refetchOnWindowFocus": True,
        "refetchOnMount": True,
        "events": list(KINDS),
    }


def test_the_rules_come_with_the_session_and_are_the_ones_that_are_kept(cast: Cast) -> None:
    accounts.add_person("ana@x.test", "1", "host", PASSWORD)
    body = {"email": "ana@x.test", "password": PASSWORD}
    rules = cast.nobody.ask("POST", "/api/login", body).get_json()["reglas"]
    assert cast.nobody.ask("GET", "/api/session").get_json()["reglas"] == rules
    assert rules["roles"] == ["door", "host", "owner"]
    assert rules["forzables"] == OVERRULED_BY
    states = {each["valor"]: each for each in rules["estados"]}
    assert set(states) == set(Estado)
    assert states["Activa"]["etiqueta"] == "Confirmada"
    assert states["Activa"]["etiquetaConGente"] == "Adentro"
    for estado in Estado:
        for name, attendance in (("pasos", 0), ("pasosConGente", 1)):
            sent = {move["a"] for move in states[estado][name]}
            allowed = {other for other in Estado if may_move(estado, other, attendance)}
            assert sent == allowed - {estado}


@pytest.mark.parametrize("inside", [0, 1])
def test_the_server_takes_the_moves_it_sends_and_no_others(cast: Cast, inside: int) -> None:
    rules = cast.host.ask("GET", "/api/session").get_json()["reglas"]
    for state in rules["estados"]:
        offered = {move["a"] for move in state["pasosConGente" if inside else "pasos"]}
        for wanted in {each["valor"] for each in rules["estados"]} - {state["valor"]}:
            made = cast.host.book()
            if inside:
                cast.door.scan(made, made["id"])
            # Set past the rules: some states are out of reach with people inside.
            sql("UPDATE reservation SET estado = ? WHERE id = ?", state["valor"], made["id"])
            answer = cast.host.ask("PATCH", f"/api/reservas/{made['id']}", {"estado": wanted})
            assert answer.status_code == (200 if wanted in offered else 422), (state, wanted)


def test_a_device_that_is_taken_away_is_out_within_a_second(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast.door.ask("GET", "/api/reservas").status_code == 200
    sql("DELETE FROM membership WHERE role = 'door'")
    later = time.monotonic() + devices.DEVICE_KNOWN_S
    monkeypatch.setattr(devices, "monotonic", lambda: later)
    assert cast.door.ask("GET", "/api/reservas?businessId=1").status_code == 404
    sql("DELETE FROM device_token WHERE name = 'door 1'")
    later += devices.DEVICE_KNOWN_S
    assert cast.door.ask("GET", "/api/reservas").status_code == 401


def test_a_token_counts_whatever_cookie_comes_with_it(cast: Cast) -> None:
    accounts.add_person("ana@x.test", "1", "owner", PASSWORD)
    client = cast.door
    client.ask("POST", "/api/login", {"email": "ana@x.test", "password": PASSWORD})
    made = cast.host.book()
    assert client.ask("DELETE", f"/api/reservas/{made['id']}").status_code == 403
    client.headers = {"Authorization": "Bearer no"}
    assert client.ask("GET", "/api/reservas?businessId=1").status_code == 401
    client.headers = {}
    assert client.ask("DELETE", f"/api/reservas/{made['id']}").status_code == 200


def test_a_person_behind_a_proxy_with_a_password_of_its_own_stays_logged_in(cast: Cast) -> None:
    accounts.add_person("eva@x.test", "1", "host", "una clave larga")
    client = cast.app.test_client()
    proxys = {"Authorization": "Basic ZXZhOng="}
    given = {"email": "eva@x.test", "password": "una clave larga"}
    assert client.post("/api/login", json=given, headers=proxys).status_code == 200
    assert client.get("/api/session", headers=proxys).status_code == 200
    assert cast.app.test_client().get("/api/session", headers=proxys).status_code == 401


def test_guessing_passwords_is_slowed(cast: Cast) -> None:
    body = {"email": "ana@x.test", "password": "no"}
    codes = [cast.nobody.ask("POST", "/api/login", body).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_each_change_is_one_event_without_a_hole(cast: Cast) -> None:
    made = cast.host.book()
    cast.door.scan(made, "a")
    cast.door.scan(made, "a")
    cast.door.scan(made, "b", increment=400)
    cast.host.ask("PATCH", f"/api/reservas/{made['id']}", {"mesa": "1", "estado": "En Camino"})
    cast.host.ask("PATCH", f"/api/reservas/{made['id']}", {"estado": "Activa"})
    cast.owner.ask("DELETE", f"/api/reservas/{made['id']}")
    found = sql("SELECT seq, kind FROM event ORDER BY seq")
    assert found == [
        (1, "reservation-created"),
        (2, "qr-scanned"),
        (3, "scan-refused"),
        (4, "reservation-updated"),
        (5, "status-changed"),
        (6, "reservation-deleted"),
    ]


def test_health_is_open_and_metrics_only_to_owners(cast: Cast) -> None:
    assert cast.nobody.ask("GET", "/healthz").status_code == 200
    assert cast.nobody.ask("GET", "/readyz").status_code == 200
    for who, status in ((cast.nobody, 401), (cast.door, 403), (cast.owner, 200)):
        assert who.ask("GET", "/metrics").status_code == status
    assert b"reservas_events" in cast.owner.ask("GET", "/metrics").data


def test_the_moment_of_the_newest_backup_is_a_figure(cast: Cast) -> None:
    settings = cast.app.extensions["reservas"]
    made = backups.make(settings)
    shown = cast.owner.ask("GET", "/metrics").get_data(as_text=True)
    (line,) = re.findall(r"^reservas_backup_last_success_timestamp_seconds (.+)$", shown, re.M)
    assert float(line) * 1000 == pytest.approx(made.taken_ms)
    assert backups.listed(settings) == [made]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RESERVAS_WORKER", "2"),
        ("RESERVAS_WORKERS", "0"),
        ("RESERVAS_BIND", "8000"),
        ("RESERVAS_DATABASE", "mysql://x"),
        ("RESERVAS_SSE_ENABLED", "yes"),
        ("RESERVAS_HEARTBEAT_S", "nan"),
        ("RESERVAS_SECRET_KEY", "short"),
    ],
)
def test_an_unknown_or_unusable_setting_names_itself(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        load({name: value})
    assert load({"RESERVAS_WORKERS": "3", "PATH": "x"}) == Settings(workers=3)
