"""People who came without a reservation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import ListaSinReserva, SinReservaAnulada, UnaSinReserva
from reservas.domain.venue import Venue
from reservas.services import clock, walkins
from reservas.web import door_times, fields, forcing, paging, undos
from reservas.web.credentials import usuario, venue_for
from reservas.web.operations import IDEMPOTENCY_KEY, Link, operation
from reservas.web.reservas import DURATIONS, MOST_TABLES
from reservas.web.shapes import Day, Flag, Hour, Integer, Shape, Text, Texts

bp = Blueprint("walkins", __name__, url_prefix="/api/sin-reserva")

SEATING = {
    "mesas": Texts(MOST_TABLES, skips_null=True, about="Ids of tables."),
    "duracion": Integer(*DURATIONS, skips_null=True, about="Minutes."),
    **forcing.FORCING,
}
NEW = Shape(
    "NuevaSinReserva",
    numeroPersonas=Integer(1, 2000, required=True),
    fecha=Day(skips_null=True, about="Now, where it is absent."),
    hora=Hour(skips_null=True, about="Now, where it is absent."),
    notas=Text(500, default=""),
    **SEATING,
    **door_times.TIMES,
).where(forcing.WITH_REASON)
CHANGES = Shape("CambiosSinReserva", **SEATING, salida=Flag(about="They leave now.")).where(
    forcing.WITH_REASON
)
LIST = Shape(
    "ListaSinReservaPedida",
    fecha=Day(about="One business day, tonight where nothing is said."),
    desde=Day(),
    hasta=Day(),
    limit=paging.LIMIT,
    cursor=paging.CURSOR,
)
WHICH = Shape("Cual", id=Text(64, filled=True, required=True))

#: What seating a party can meet.
SEATED = ("unknown_table", "not_joinable", "table_taken")
_ONE = {"walk_in_id": "/sinReserva/id"}
_LINKS = (
    Link("walkins.change", _ONE, {"salida": True}),
    Link("walkins.anular", _ONE),
    Link("walkins.delete", _ONE),
)


@bp.get("")
@operation("A page of who came without a reservation", "door", ListaSinReserva, query=LIST)
def list_sin_reserva() -> Response:
    venue = venue_for("door")
    asked = LIST.query()
    first = last = asked.get("fecha") or venue.today(clock.now()).isoformat()
    if "desde" in asked or "hasta" in asked:
        first, last = asked.get("desde", "2000-01-01"), asked.get("hasta", "2099-12-31")
    after = paging.read_cursor(asked, str, int, str)
    page = walkins.page(venue, first, last, after, asked["limit"])
    answer = {"success": True, "sinReserva": page.shown, "total": page.total}
    if page.next_after is not None:
        answer["cursor"] = paging.write_cursor(page.next_after)
    return jsonify(answer)


@bp.post("")
@operation(
    "Count a party without a reservation, or seat it",
    "door",
    UnaSinReserva,
    NEW,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    codes=(*SEATED, "key_reused", "forbidden"),
    links=_LINKS,
)
def create() -> tuple[Response, int]:
    venue = venue_for("door")
    said = NEW.body()
    wanted = {
        "numeroPersonas": said["numeroPersonas"],
        "fecha": said.get("fecha"),
        "hora": said.get("hora"),
        "notas": said["notas"],
        **_seating(venue, said),
    }
    key = fields.key_header("Idempotency-Key")
    at = door_times.at(said["scannedAt"], said["deviceNow"])
    return jsonify(success=True, sinReserva=walkins.add(venue, wanted, usuario(), key, at)), 201


@bp.patch("/<walk_in_id>")
@operation(
    "Seat a party elsewhere, or let it leave",
    "host",
    UnaSinReserva,
    CHANGES,
    codes=(*SEATED, "already_undone", "already_left"),
    links=_LINKS[1:],
)
def change(walk_in_id: str) -> Response:
    """Seat a party (`mesas`, `duracion`), or let it leave (`salida: true`)."""
    venue = venue_for("host")
    said = CHANGES.body()
    wanted = {**_seating(venue, said), "salida": said["salida"]}
    return jsonify(success=True, sinReserva=walkins.change(venue, walk_in_id, wanted))


def _seating(venue: Venue, said: dict[str, Any]) -> dict[str, Any]:
    chosen: dict[str, Any] = {name: said[name] for name in ("mesas", "duracion") if name in said}
    return {**chosen, "forzar": forcing.read(venue, said)}


@bp.post("/<walk_in_id>/anular")
@operation(
    "Take a walk-in back; it stays in the list and counts no more",
    "door",
    SinReservaAnulada,
    undos.UNDO,
    codes=("already_undone", "undo_too_late", "scan_reused"),
)
def anular(walk_in_id: str) -> Response:
    venue = venue_for("door")
    return jsonify(walkins.take_back(venue, undos.read(venue, walk_in_id)))


@bp.delete("/<walk_in_id>")
@operation("Delete a walk-in", "owner", UnaSinReserva)
def delete(walk_in_id: str) -> Response:
    return jsonify(success=True, sinReserva=walkins.remove(venue_for("owner"), walk_in_id))


@bp.delete("")
@operation("Delete the walk-in `id`", "owner", UnaSinReserva, query=WHICH)
def delete_named() -> Response:
    venue = venue_for("owner")
    return jsonify(success=True, sinReserva=walkins.remove(venue, WHICH.query()["id"]))
