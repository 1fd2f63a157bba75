"""An owner takes all that the venue has along: in open files, without a secret or a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from reservas.services import accounts, clock, devices
from reservas.services import export as exporting
from reservas.store import export, tables
from tests.database import sql
from tests.http.conftest import Cast
from tests.http.test_erasure import NIGHT_MS, live

PATH = "/api/local/exportacion"
#: Tables that stay, since they hold secrets, or nothing but how the others are used.
STAY = {
    tables.IdempotencyKey: "first answers, which the others have",
    tables.DayFigures: "sums of the others",
    tables.Session: "secrets of log-ins",
    tables.LoginBudget: "tries of log-ins",
    tables.Access: "a counter",
    tables.Invitation: "codes that are good for five minutes",
    tables.AccountLink: "links that are good once",
    tables.AuditHead: "where the audit trail ends",
}


def taken(cast: Cast) -> dict[str, bytes]:
    answer = cast.owner.ask("GET", PATH)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert ".zip" in answer.headers["Content-Disposition"]
    data = answer.get_data()
    answer.close()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def objects(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"{name}.jsonl"].splitlines()]


def cells(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"), newline="")))


def test_both_forms_have_all_rows_and_the_readme_each_column(cast: Cast) -> None:
    with clock.stopped_at(NIGHT_MS):
        made = live(cast)
    files = taken(cast)
    readme = files["LEEME.txt"].decode()
    for table in export.TABLES:
        rows = objects(files, table.name)
        shown = cells(files, table.name)
        assert len(rows) == len(shown)
        for column in table.columns:
            assert f"  {column.name}: {column.meaning}" in readme
        for row in rows:
            assert list(row) == [column.name for column in table.columns]
    counts = {table.name: len(objects(files, table.name)) for table in export.TABLES}
    assert counts["reservas"] == 3
    assert counts["eventos"] == sql("SELECT seq FROM venue WHERE slug = '1'")[0][0]
    for name in ("entradas", "espera", "sin_reserva", "conflictos", "rechazos", "dispositivos"):
        assert counts[name] > 0
    (first,) = [row for row in objects(files, "reservas") if row["id"] == made["first"]["id"]]
    assert first["detalles"] == ["alergia rarísima"]
    assert (first["asistencia"], first["clienteNombre"]) == (3, "Zenobia Quiñonez")


def test_every_table_goes_along_or_has_a_reason_to_stay() -> None:
    named = " ".join(
        f"{table.source} {column.expression}" for table in export.TABLES for column in table.columns
    )
    for model in tables.TABLES:
        assert (f" {model._meta.table_name} " in f" {named} ") != (model in STAY), model


def test_no_secret_goes_along(cast: Cast) -> None:
    accounts.add_person("ana@bar.example", "1", "owner", "una clave larga")
    token = devices.add("1", "door", "Puerta 9")
    with clock.stopped_at(NIGHT_MS):
        live(cast)
    everything = b"".join(taken(cast).values())
    assert b"ana@bar.example" in everything
    assert b"Puerta 9" in everything
    secrets = [value for (value,) in sql("SELECT password_hash FROM person")]
    secrets += [value for (value,) in sql("SELECT secret_hash FROM device_token")]
    for secret in [*secrets, token, "una clave larga", "codigoQR", "R1.", "espera-"]:
        assert secret.encode() not in everything


def test_a_spreadsheet_takes_nothing_for_a_formula(cast: Cast) -> None:
    for evil in ("=1+1", "+593 99", "-2", "@SUM(A1)", "\t=1"):
        cast.host.book(cliente={"nombre": f"x{evil}"}, razonVisita=evil, mesa=evil)
    cast.host.book(detalles=["=cmd()", "otro"])
    files = taken(cast)
    for name in ("reservas", "clientes"):
        for row in cells(files, name):
            assert not [cell for cell in row.values() if cell.startswith(tuple("=+-@\t\r"))]
    assert "'=cmd(); otro" in files["reservas.csv"].decode()
    stored = {row["razonVisita"] for row in objects(files, "reservas")}
    assert {"=1+1", "-2"} <= stored  # as it is, where a program reads it


def test_another_venues_data_stay_there(cast: Cast) -> None:
    cast.stranger.book(cliente={"nombre": "Forastera"})
    assert b"Forastera" not in b"".join(taken(cast).values())
    assert cast.host.ask("GET", PATH).status_code == 403


def test_all_files_are_of_one_moment_though_people_come_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "yield_to_loop", cast.host.book)
    cast.host.book()
    files = taken(cast)
    assert len(objects(files, "reservas")) == len(objects(files, "eventos")) == 1
    assert sql("SELECT COUNT(*) FROM reservation")[0][0] > 5
