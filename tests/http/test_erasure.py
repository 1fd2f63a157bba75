"""Who is forgotten is nowhere any more: no answer, no event and no byte of the files has them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from reservas.config import Settings
from reservas.services import accounts, audit_chain, clock, erasure
from reservas.store import cleaning, close, open_database
from reservas.store import log as event_log
from tests.database import sql
from tests.http.conftest import Cast

NIGHT_MS = clock.ms_of(clock.at(1_790_000_000_000))
WEEK_MS = 7 * 86_400_000
NIGHT = "2026-09-21"
NAME, PHONE, EMAIL = "Zenobia Quiñonez", "+593 98 765 4321", "zeno@correo.example"
ANA = {"nombre": NAME, "telefono": PHONE, "email": EMAIL, "fechaNacimiento": "1987-03-04"}
#: What must be gone, as it is written in any of the places.
TRACES = [
    "Zenobia",
    "zenobia",
    "Quiñonez",
    "quinonez",
    "987654321",
    "98 765",
    "zeno@",
    "1987-03-04",
]
TRACES += ["alergia rarísima", "cumple de Z", "gratis por Z", "porque Z", "junto a Z", "foto-de-z"]


def post(cast: Cast, path: str, body: Any, **headers: str) -> Any:
    answer = cast.owner.ask("POST", path, body, headers=headers)
    assert answer.status_code < 300, answer.text
    return answer.get_json()


def live(cast: Cast) -> dict[str, Any]:
    """Let a person book, come, be refused, wait, sit down, and let somebody else come too."""
    words = {
        "razonVisita": "cumple de Z",
        "beneficiosReserva": "gratis por Z",
        "detalles": ["alergia rarísima"],
        "mesa": "junto a Z",
        "comprobanteUrl": "https://x.example/foto-de-z",
    }
    booked = {"fecha": NIGHT, "hora": "21:00", "numeroPersonas": 4}
    first = post(
        cast, "/api/reservas", {**booked, **words, "cliente": ANA}, **{"Idempotency-Key": "k1"}
    )["reserva"]
    other = {**ANA, "nombre": "zenobia  quiñonez", "telefono": "098-765-4321"}
    second = post(cast, "/api/reservas", {**booked, "cliente": other})["reserva"]
    kept = post(cast, "/api/reservas", {**booked, "cliente": {"nombre": "Luis Vera"}})["reserva"]
    ana = first["cliente"]["id"]
    cast.owner.ask("PATCH", f"/api/clientes/{ana}", {"notas": "alergia rarísima"})
    cast.owner.ask("PATCH", f"/api/reservas/{first['id']}", {"razonVisita": "otro cumple de Z"})
    assert cast.owner.scan(first, "s1", increment=3).status_code == 200
    assert cast.owner.scan(first, "s2", increment=3).status_code == 422
    forced = {"increment": 3, "force": True, "motivo": "porque Z insiste"}
    assert cast.owner.scan(first, "s3", **forced).status_code == 200
    undo = {"scanId": "u1", "motivo": "porque Z se fue"}
    post(cast, f"/api/reservas/{first['id']}/asistencia/s3/anular", undo)
    scan = {"qrCode": first["codigoQR"], "increment": 9, "scanId": "o1", "offline": True}
    asked = {
        "deviceNow": "2026-09-21T20:00:00Z",
        "scans": [{**scan, "scannedAt": "2026-09-21T20:00:00Z"}],
    }
    post(cast, "/api/reservas/qr-scan/batch", asked)
    (conflict,) = cast.owner.ask("GET", "/api/puerta/conflictos").get_json()["conflictos"]
    decided = {"resolucion": "descartar", "motivo": "porque Z no vino"}
    post(cast, f"/api/puerta/conflictos/{conflict['id']}", decided)
    waits = {"nombre": NAME, "telefono": "0987654321", "numeroPersonas": 2, "notas": "junto a Z"}
    party = post(cast, "/api/espera", waits, **{"Idempotency-Key": "k2"})["espera"]
    seated = cast.owner.ask("PATCH", f"/api/espera/{party['id']}", {"estado": "sentado"})
    assert seated.status_code == 200, seated.text
    walk_in = seated.get_json()["espera"]["sinReservaId"]
    taken = {"scanId": "w1", "motivo": "porque Z se arrepintió"}
    post(cast, f"/api/sin-reserva/{walk_in}/anular", taken)
    return {"first": first, "second": second, "kept": kept, "ana": ana}


def figures(cast: Cast) -> list[Any]:
    return [
        cast.owner.ask("GET", f"/api/noche/resumen?fecha={NIGHT}").get_json()["cifras"],
        sql("SELECT * FROM day_figures"),
        sql("SELECT scan_id, cantidad, usuario, created_ms FROM entry ORDER BY id"),
        sql("SELECT id, estado, numero_personas, dia_negocio FROM reservation ORDER BY id"),
        sql("SELECT seq, kind FROM event ORDER BY seq"),
    ]


def answers(cast: Cast) -> str:
    paths = [
        f"/api/reservas?fecha={NIGHT}&include=stats,clients",
        "/api/clientes?q=zenobia",
        "/api/clientes?q=0987654321",
        "/api/espera",
        f"/api/sin-reserva?fecha={NIGHT}",
        f"/api/puerta/rechazos?fecha={NIGHT}",
        "/api/puerta/conflictos",
        "/api/puerta/manifest",
        f"/api/noche/resumen?fecha={NIGHT}",
    ]
    said = [cast.owner.ask("GET", path) for path in paths]
    assert {each.status_code for each in said} == {200}
    return "".join(each.get_data(as_text=True) for each in said)


def traces(text: str | bytes) -> list[str]:
    """Return what of the person is found, in JSON's escapes too."""
    raw = text.encode() if isinstance(text, str) else text
    return [
        each
        for each in TRACES
        if each.encode() in raw or each.encode("ascii", "backslashreplace") in raw
    ]


def files(folder: Path) -> dict[str, list[str]]:
    found = {path.name: traces(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    return {name: left for name, left in found.items() if left}


@pytest.fixture
def night(cast: Cast) -> Any:
    with clock.stopped_at(NIGHT_MS):
        yield live(cast)


def erase(cast: Cast, night: dict[str, Any]) -> Any:
    """Forget the person a week later: they are expected no more."""
    with clock.stopped_at(NIGHT_MS + WEEK_MS):
        return cast.owner.ask("DELETE", f"/api/clientes/{night['ana']}")


def test_nothing_of_the_person_is_left_and_all_that_counts_is(
    cast: Cast, night: dict[str, Any], tmp_path: Path
) -> None:
    assert traces(answers(cast))
    assert files(tmp_path)["reservas.db-wal"]
    before = figures(cast)
    answer = erase(cast, night)
    assert answer.get_json() == {"success": True, "reservas": 2, "limpio": True}
    assert traces(answers(cast)) == []
    after = figures(cast)
    assert after[:4] == before[:4]
    assert after[4][: len(before[4])] == before[4]  # the log has no hole, and no other kinds
    told = [event.payload for event in event_log.after(1, 0, 500)]
    assert traces("".join(told)) == []
    assert sum('"Persona borrada"' in payload for payload in told) > 10
    assert "Luis Vera" in "".join(told)
    assert files(tmp_path) == {}
    assert sql("PRAGMA integrity_check") == [("ok",)]
    chain = audit_chain.examine(1)
    assert (chain.why, chain.erased > 5) == (None, True)


def test_their_codes_links_and_first_answers_are_void(cast: Cast, night: dict[str, Any]) -> None:
    link = cast.owner.ask("GET", f"/api/reservas/{night['first']['id']}/qr?enlace=1").get_json()
    path = link["enlace"].partition("/t/")[2]
    assert cast.nobody.client.get(f"/t/{path}").status_code == 200
    erase(cast, night)
    assert cast.nobody.client.get(f"/t/{path}").status_code == 404
    assert cast.owner.scan(night["first"], "s9").get_json()["error"] == "revoked_code"
    repeated = cast.owner.scan(night["first"], "s1", increment=3)
    assert traces(repeated.get_data()) == []
    again = {"nombre": NAME, "telefono": "0987654321", "numeroPersonas": 2, "notas": "junto a Z"}
    reused = cast.owner.ask("POST", "/api/espera", again, headers={"Idempotency-Key": "k2"})
    assert reused.get_json()["error"] == "key_reused"


def test_who_is_expected_is_not_forgotten_by_mistake(cast: Cast) -> None:
    reserva = cast.host.book(cliente=ANA)
    path = f"/api/clientes/{reserva['cliente']['id']}"
    assert cast.owner.ask("DELETE", path).get_json()["error"] == "person_expected"
    cast.host.ask("PATCH", f"/api/reservas/{reserva['id']}", {"estado": "Cancelado"})
    assert cast.owner.ask("DELETE", path).status_code == 200
    assert cast.owner.ask("DELETE", "/api/clientes/none").status_code == 404


def test_an_older_copy_of_the_database_forgets_them_again(
    cast: Cast, night: dict[str, Any], tmp_path: Path
) -> None:
    cleaning.clean()
    copy = tmp_path / "copy"
    shutil.copy(tmp_path / "data" / "reservas.db", copy)
    erase(cast, night)
    close()
    for path in (tmp_path / "data").glob("reservas.db-*"):
        path.unlink()
    shutil.move(copy, tmp_path / "data" / "reservas.db")
    open_database(Settings(database=f"sqlite:///{tmp_path}/data/reservas.db"))
    assert files(tmp_path)
    erasure.tend()
    assert files(tmp_path) == {}
    erasure.tend()
    assert len(sql("SELECT id FROM erasure")) == 1


def test_what_was_cut_off_is_gone_on_with(
    cast: Cast, night: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as midway:
        midway.setattr(erasure, "_rewrite_events", cut)
        with pytest.raises(KeyboardInterrupt), clock.stopped_at(NIGHT_MS + WEEK_MS):
            erasure.forget(accounts.venue_of("1"), night["second"]["cliente"]["id"], "prueba")
    assert files(tmp_path)
    erasure.tend()
    assert files(tmp_path) == {}
