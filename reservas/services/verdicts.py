"""Tells the verdict on a party, with all that a screen at the door shows of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from reservas.domain import attendance, sentences
from reservas.domain.attendance import OK, Asking, Party, Verdict
from reservas.domain.reservation import Estado
from reservas.domain.sentences import Facts
from reservas.domain.venue import Venue
from reservas.domain.wire import Entrada, Reserva
from reservas.errors import Problem
from reservas.store.reservations import Stored


def judge(venue: Venue, row: Stored, revoked: bool, asking: Asking, at: datetime) -> Verdict:
    """Judge people who ask at `at` to enter on a stored reservation."""
    party = Party(
        Estado(row.estado),
        date.fromisoformat(row.dia_negocio),
        row.numero_personas,
        row.attendance,
        revoked,
    )
    return attendance.judge(venue, party, asking, at)


def admitted(reserva: Reserva, verdict: Verdict) -> dict[str, Any]:
    """Return what who was let in is answered, but for the reservation itself."""
    inside, planned = reserva["asistenciaActual"], reserva["numeroPersonas"]
    nombre = reserva["cliente"]["nombre"]
    return {
        "success": True,
        "veredicto": OK,
        "reservaId": reserva["id"],
        "incrementCount": inside,
        "asistenciaActual": inside,
        "maxAsistencia": planned,
        "exceso": verdict.exceso,
        "cliente": reserva["cliente"],
        "message": sentences.admitted(nombre, inside, planned),
    }


def seen(venue: Venue, reserva: Reserva, verdict: Verdict, at: datetime) -> dict[str, Any]:
    """Return what who only looked is answered."""
    answer = {**admitted(reserva, verdict), "veredicto": verdict.code, "reserva": reserva}
    if verdict.code != OK:
        answer |= _explained(venue, reserva, verdict, 0, at)
    return answer


def refused(
    venue: Venue, reserva: Reserva, verdict: Verdict, increment: int, at: datetime
) -> Problem:
    """Return the refusal of `increment` people, with all that is known of their party."""
    details = _explained(venue, reserva, verdict, increment, at)
    return Problem(
        verdict.code,
        details.pop("message"),
        veredicto=verdict.code,
        reservaId=reserva["id"],
        reserva=reserva,
        incrementCount=reserva["asistenciaActual"],
        maxAsistencia=reserva["numeroPersonas"],
        exceso=verdict.exceso,
        **details,
    )


def unknown_code() -> Problem:
    """Return the refusal of a code that is none of the venue's."""
    return Problem("invalid_code", veredicto="invalid_code", forzable=None)


def _explained(
    venue: Venue, reserva: Reserva, verdict: Verdict, increment: int, at: datetime
) -> dict[str, Any]:
    """Return the sentence, who may overrule it, and what it rests on."""
    last = _last_entry(reserva)
    hour = "" if last is None else _hour(venue, last.get("enteredAt", last["timestamp"]))
    facts = Facts(
        reserva["cliente"]["nombre"],
        reserva["numeroPersonas"],
        reserva["asistenciaActual"],
        increment,
        date.fromisoformat(reserva["diaNegocio"]),
        venue.today(at),
        None if last is None else (hour, last["usuario"]),
    )
    found: dict[str, Any] = {
        "message": sentences.refused(verdict.code, facts),
        "forzable": verdict.overruled_by,
    }
    if last is not None:
        known = {name: last[name] for name in ("timestamp", "usuario", "cantidad")}
        found["ultimaEntrada"] = {**known, "hora": hour}
    if verdict.code == "party_full":
        found["libres"] = verdict.libres
    return found


def _last_entry(reserva: Reserva) -> Entrada | None:
    """Return the newest entry that nobody took back, when it is among the newest ones."""
    undone = {entry.get("anula") for entry in reserva["registroEntradas"]}
    for entry in reversed(reserva["registroEntradas"]):
        if "anula" not in entry and entry["scanId"] not in undone:
            return entry
    return None


def _hour(venue: Venue, timestamp: str) -> str:
    return datetime.fromisoformat(timestamp).astimezone(venue.zone).strftime("%H:%M")
