"""Clients over all nights: found as one types, with their history and notes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import HistoriaDeCliente, ListaDeClientes, PersonaBorrada, UnCliente
from reservas.services import erasure, people
from reservas.web.credentials import usuario, venue_for
from reservas.web.operations import Link, operation
from reservas.web.shapes import Day, Shape, Text

bp = Blueprint("people", __name__, url_prefix="/api/clientes")


SEARCH = Shape(
    "Busqueda",
    q=Text(120, default="", about="Names and a number, in any writing."),
    fecha=Day(about="With it also what is booked for them on that business day."),
)
NOTE = Shape("Nota", notas=Text(1000, default=""))
_LINKS = (
    Link("people.history", {"client_id": "/clientes/0/id"}),
    Link("people.note", {"client_id": "/clientes/0/id"}),
)


@bp.get("")
@operation("Find clients over all nights", "host", ListaDeClientes, query=SEARCH, links=_LINKS)
def search() -> Response:
    venue = venue_for("host")
    asked = SEARCH.query()
    found = people.search(venue, asked["q"], asked.get("fecha"))
    return jsonify(success=True, clientes=found)


@bp.get("/<client_id>")
@operation("A client with their nights", "host", HistoriaDeCliente)
def history(client_id: str) -> Response:
    return jsonify(people.history(venue_for("host"), client_id))


@bp.patch("/<client_id>")
@operation("Keep what the staff should know of a client", "host", UnCliente, NOTE)
def note(client_id: str) -> Response:
    venue = venue_for("host")
    return jsonify(success=True, cliente=people.note(venue, client_id, NOTE.body()["notas"]))


@bp.delete("/<client_id>")
@operation(
    "Erase a person's data; their nights stay as numbers",
    "owner",
    PersonaBorrada,
    codes=("person_expected",),
)
def forget(client_id: str) -> Response:
    return jsonify(erasure.forget(venue_for("owner"), client_id, usuario()))
