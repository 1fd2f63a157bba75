"""An evening at the door: for each verdict a code that gets it."""

from __future__ import annotations

from datetime import date, timedelta

from tests.browser.conftest import scan
from tests.servers import Api, booking

PATH = "/api/reservas"
GUEST = {
    "numeroPersonas": 6,
    "mesa": "12",
    "beneficiosReserva": "Botella de cortesía",
    "detalles": ["Alergia: maní", "Cumpleaños de Lucía"],
}


def party(api: Api, nombre: str, **changes: object) -> dict:
    """Book a party with all that a door may have to know."""
    body = booking(
        **{**GUEST, "cliente": {"nombre": nombre, "telefono": "099 555 0100"}, **changes}
    )
    return api.insist("POST", f"{PATH}?businessId=1", body)["reserva"]


def move(api: Api, reserva: dict, *states: str) -> None:
    for estado in states:
        api.insist("PATCH", f"{PATH}/{reserva['id']}?businessId=1", {"estado": estado})


def away(days: int) -> str:
    """Return the date of a booking so many days from tonight's."""
    return (date.fromisoformat(booking()["fecha"]) + timedelta(days=days)).isoformat()


def every_verdict(api: Api) -> dict[str, dict]:
    """Return a party for each verdict that its code gets from the server; `full` has 4 of 6."""
    names = {
        "ok": "Lucía Andrade",
        "cancelled": "Tomás Vela",
        "no_show": "Camila Ríos",
        "finished": "Joaquín Mora",
        "revoked_code": "Valentina Paz",
    }
    parties = {verdict: party(api, name) for verdict, name in names.items()}
    parties["already_complete"] = party(api, "Emilia Cueva", numeroPersonas=1)
    scan(api, parties["already_complete"], "already_complete")
    for verdict, days in {"other_night": 1, "too_early": 5, "expired": -5}.items():
        parties[verdict] = party(api, "Martín Salgado", fecha=away(days))
    move(api, parties["cancelled"], "Cancelado")
    move(api, parties["no_show"], "Reserva Caída")
    move(api, parties["finished"], "Activa", "En Camino")
    move(api, parties["revoked_code"], "Cancelado", "En Progreso")
    parties["invalid_code"] = {"codigoQR": f"R1.{'A' * 16}.1.{'B' * 26}"}
    return parties
