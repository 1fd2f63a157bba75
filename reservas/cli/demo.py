"""`reservas demo`: fills a venue with a believable evening."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import click

from reservas.cli.opening import open_database
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.domain.wire import Reserva
from reservas.services import accounts, attendance, clock, listing, reservations, walkins
from reservas.services.attendance import Scan
from reservas.services.ids import new_id

EMAIL, PASSWORD = "demo@reservas.local", "reservas-demo"

FIRST = [
    "Ana",
    "Luis",
    "María",
    "José",
    "Carmen",
    "Diego",
    "Lucía",
    "Andrés",
    "Valentina",
    "Mateo",
    "Sofía",
    "Gabriel",
    "Camila",
    "Daniel",
    "Isabella",
    "Javier",
    "Paula",
    "Sebastián",
    "Elena",
    "Martín",
    "Daniela",
    "Nicolás",
    "Andrea",
    "Felipe",
    "Rosa",
    "Tomás",
    "Julia",
    "Emilio",
    "Verónica",
    "Ramón",
]
LAST = [
    "Pérez",
    "García",
    "Mendoza",
    "Zambrano",
    "Cedeño",
    "Vera",
    "Moreira",
    "Salazar",
    "Ponce",
    "Alvarado",
    "Castro",
    "Villacís",
    "Ortega",
    "Paredes",
    "Jaramillo",
    "Bravo",
    "Espinoza",
    "Loor",
    "Quiroga",
    "Noboa",
]
VISITS = ["Cumpleaños", "Aniversario", "Cena de empresa", "Despedida", "Amigos", "Cita", ""]
BENEFITS = ["Botella de cortesía", "Postre de cumpleaños", "Entrada sin fila", "", "", ""]
PROMOTERS = ["Kevin Soto", "Laura Intriago", "Bruno Castillo", "Redes sociales"]
TABLES = [
    "Terraza 1",
    "Terraza 2",
    "VIP 1",
    "VIP 2",
    "Barra 3",
    *map(str, range(1, 25)),
    "",
    "",
]
PARTIES = 60


def _party(chance: random.Random, day: date) -> dict[str, Any]:
    minute = chance.choice(range(19 * 60, 26 * 60, 15))
    fecha = day + timedelta(days=minute // 1440)
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return {
        "cliente": {
            "nombre": name,
            "telefono": f"+593 9{chance.randrange(10**7, 10**8)}",
        },
        "numeroPersonas": chance.choice([2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 8, 10, 12]),
        "fecha": fecha.isoformat(),
        "hora": f"{minute // 60 % 24:02d}:{minute % 60:02d}",
        "razonVisita": chance.choice(VISITS),
        "beneficiosReserva": chance.choice(BENEFITS),
        "promotor": {"nombre": chance.choice(PROMOTERS)},
        "mesa": chance.choice(TABLES),
        "detalles": chance.choice([[], [], [], ["Silla para niño"], ["Alergia: mariscos"]]),
    }


def _live_through(chance: random.Random, venue: Venue, reserva: Reserva) -> None:
    """Bring a booking to where it would be in the middle of the evening."""

    def move(estado: Estado) -> None:
        reservations.update(venue, reserva["id"], {"estado": estado}, None)

    fate = chance.random()
    if fate < 0.28:
        return
    if fate < 0.40:
        move(Estado.ACTIVA)
    elif fate < 0.47:
        move(Estado.CANCELADO)
    elif fate < 0.53:
        move(Estado.CAIDA)
    else:
        planned = reserva["numeroPersonas"]
        inside = planned if chance.random() < 0.6 else chance.randint(1, planned)
        first = chance.randint(1, inside)
        for part in filter(None, (first, inside - first)):
            scan = Scan(part, f"demo-{new_id()}", "QR", "Puerta 1")
            attendance.enter(venue, reserva["id"], scan)
        if fate > 0.9:
            move(Estado.EN_CAMINO)


def fill(venue: Venue, day: date) -> int:
    """Add the parties that the business day lacks to be a full evening; return how many."""
    chance = random.Random(day.isoformat())
    missing = max(0, PARTIES - listing.count_on(venue, day.isoformat()))
    for _ in range(missing):
        wanted = _party(chance, day)
        _live_through(chance, venue, reservations.create(venue, wanted, None, wanted))
    if missing == PARTIES:
        for people in (2, 3, 5, 2):
            walkins.add(venue, {"numeroPersonas": people, "notas": "Barra"}, "Puerta 1")
    return missing


@click.command()
@click.option("--business", "slug", default="demo", show_default=True)
def demo(slug: str) -> None:
    """Fill a venue with believable reservations for today; safe to repeat.

    The venue `demo` and its login are made when absent.
    """
    open_database()
    venue = accounts.find_venue(slug)
    if venue is None and slug != "demo":
        raise click.ClickException(f"--business: there is no venue {slug}")
    if venue is None:
        venue = accounts.add_venue("demo", "La Demo", "America/Guayaquil", "04:00")
    today = venue.today(clock.now())
    click.echo(f"{fill(venue, today)} reservations added for {today}")
    if slug == "demo":
        if not accounts.has_person(EMAIL):
            accounts.add_person(EMAIL, "demo", "owner", PASSWORD)
        click.echo(f"demo login: {EMAIL} / {PASSWORD}")
