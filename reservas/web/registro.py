"""The audit trail of a venue, for its owners: pages, its chain, and a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import CadenaDelRegistro, Registro
from reservas.domain.english import LANGUAGES
from reservas.domain.venue import Venue
from reservas.services import registro, spreadsheet
from reservas.services.registro import KINDS, Asked
from reservas.web import paging
from reservas.web.credentials import venue_for
from reservas.web.operations import Media, operation
from reservas.web.shapes import Choice, Day, Number, Shape, Text

bp = Blueprint("registro", __name__, url_prefix="/api/registro")

#: Rows of one file, and of one step of it.
MOST_IN_FILE, STEP = 50_000, 500

FILTERS = {
    "desde": Day(skips_empty=True, about="A day of the venue's calendar."),
    "hasta": Day(skips_empty=True, about="The last day."),
    "quien": Text(254, skips_empty=True, about="The name of who did it."),
    "que": Choice(allowed=KINDS, skips_empty=True, about="A noun, or an action of it."),
    "sobre": Text(80, skips_empty=True, about="What it is about, as `reserva:ID`."),
    "texto": Text(100, default="", about="In all that a row says."),
    "idioma": Choice(allowed=LANGUAGES, default=LANGUAGES[0]),
}
QUERY = Shape(
    "RegistroBuscado",
    **FILTERS,
    limit=Number(1, 200, default=100, about="Rows of the page at the most."),
    cursor=paging.CURSOR,
)
FILE = Shape("ArchivoDelRegistro", **FILTERS)


def _asked(said: dict[str, Any]) -> Asked:
    def day(name: str) -> date | None:
        return date.fromisoformat(said[name]) if name in said else None

    return Asked(
        first=day("desde"),
        last=day("hasta"),
        who=said.get("quien"),
        kind=said.get("que"),
        about=said.get("sobre"),
        text=said["texto"] or "",
        language=said["idioma"],
    )


@bp.get("")
@operation("Who changed what, when and from where; newest first", "owner", Registro, query=QUERY)
def read() -> Response:
    venue = venue_for("owner")
    said = QUERY.query()
    after = paging.read_cursor(said, int)
    page = registro.page(venue, _asked(said), None if after is None else after[0], said["limit"])
    answer: dict[str, Any] = {"success": True, "filas": page.rows}
    if page.next_below is not None:
        answer["cursor"] = paging.write_cursor([page.next_below])
    if after is None:
        answer |= {"quienes": registro.who_did(venue), "clases": registro.kinds(said["idioma"])}
    return jsonify(answer)


@bp.get("/cadena")
@operation("Whether the audit trail is whole, looked at now", "owner", CadenaDelRegistro)
def chain() -> Response:
    return jsonify(success=True, **registro.chain(venue_for("owner")))


@bp.get("/archivo.csv")
@operation("The audit trail for a spreadsheet", "owner", [Media("text/csv")], query=FILE)
def file() -> Response:
    venue = venue_for("owner")
    asked = _asked(FILE.query())
    name = f"registro-{venue.slug}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return Response(_lines(venue, asked), mimetype="text/csv", headers=headers)


def _lines(venue: Venue, asked: Asked) -> Iterator[str]:
    """Yield the rows, and at the end the seal, by which a later look can be compared."""
    head = ["fila", "cuándo", "quién", "desde", "con", "qué", "sobre", "cambios"]
    yield spreadsheet.MARK + spreadsheet.lines([head])
    below, left = None, MOST_IN_FILE
    while left > 0:
        page = registro.page(venue, asked, below, min(STEP, left))
        yield spreadsheet.lines([_cells(row) for row in page.rows])
        below, left = page.next_below, left - len(page.rows)
        if below is None:
            break
    chain = registro.chain(venue)
    yield spreadsheet.lines([["sello", chain["sello"], "intacta" if chain["intacta"] else "rota"]])


def _cells(row: dict[str, Any]) -> list[Any]:
    told = [
        f"{each['etiqueta']}: {each['antes'] or ''} → {each['despues'] or ''}"
        for each in row["cambios"]
    ]
    names = ("fila", "timestamp", "usuario", "direccion", "dispositivo", "frase", "sobre")
    return [*(row[name] for name in names), told]
