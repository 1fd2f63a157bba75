"""`reservas demo`: fills a venue with a believable evening."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta
from operator import itemgetter
from typing import Any

import click

from reservas.cli import demo_plan, demo_timetable
from reservas.cli.opening import open_database
from reservas.domain.calendar import instant_of
from reservas.domain.reservation import Estado
from reservas.domain.seating import Forced
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import (
    accounts,
    attendance,
    clock,
    demo_login,
    listing,
    plan,
    reservations,
    walkins,
)
from reservas.services.ids import new_id
from reservas.services.scan import Scan

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
#: What is written where a venue has no plan.
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


#: Walk-ins: minutes after the business day's midnight, people, and minutes that they stay.
WALK_INS = ((1210, 2, 65), (1290, 2, 95), (1365, 5, 110), (1460, 2, 60))
#: Of the parties so many get their table only when they come.
WITHOUT_TABLE = 0.2
#: Minutes from the end of a visit until its table is ready.
CLEARED_MIN = (4, 15)
#: Who takes a booking where the venue's limits refuse it.
INTO_FULL_HOUSE = Forced("demo", "Noche de demostración")
MINUTE_MS = 60_000
HOUR = 60

#: Something that happens at an instant (milliseconds since 1970).
Step = tuple[int, Callable[[], object]]


def _minutes(venue: Venue) -> range:
    """Return when parties may come, in minutes after the business day's midnight.

    The last ones come in before the next day begins.
    """
    hours, minutes = map(int, venue.cutoff.split(":"))
    return range(19 * HOUR, min(26 * HOUR, (23 + hours) * HOUR + minutes), 15)


def _instant(venue: Venue, day: date, minute: int) -> int:
    fecha, hora = day + timedelta(days=minute // 1440), time(minute // 60 % 24, minute % 60)
    return clock.ms_of(instant_of(fecha, hora, venue.zone))


def _party(chance: random.Random, day: date, minute: int) -> dict[str, Any]:
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
        "detalles": chance.choice([[], [], [], ["Silla para niño"], ["Alergia: mariscos"]]),
    }


def _place(chance: random.Random, people: int, tables: Mapping[str, int]) -> dict[str, Any]:
    """Choose a table as somebody on the phone would: one that fits, or a name where is no plan."""
    if not tables:
        return {"mesa": chance.choice(TABLES)}
    fitting = sorted((most, table_id) for table_id, most in tables.items() if most >= people)
    without = chance.random() < WITHOUT_TABLE
    return {"mesas": [] if without or not fitting else [chance.choice(fitting[:6])[1]]}


def _at_a_table(act: Callable[[list[str]], Any], wanted: list[str]) -> Any:
    """Try the wanted tables, then the first that the refusal offers, then none."""
    try:
        return act(wanted)
    except Problem as refused:
        if refused.code != "table_taken":
            raise
        return act(next(iter(refused.details["alternativas"]), []))


def _book(venue: Venue, wanted: dict[str, Any]) -> str:
    def at(mesas: list[str]) -> str:
        given = wanted | ({"mesas": mesas} if "mesas" in wanted else {})
        try:
            return reservations.create(venue, given, None, wanted)["id"]
        except Problem as refused:
            if refused.code != "full":
                raise
        # As a host would: with a reason, and a table when they come.
        over = {**given, "mesas": [], "forzar": INTO_FULL_HOUSE}
        return reservations.create(venue, over, None, wanted)["id"]

    return str(_at_a_table(at, wanted.get("mesas", [])))


def _clear(venue: Venue, reservation_id: str) -> None:
    for table_id in reservations.get(venue, reservation_id)["mesas"]:
        plan.ready(venue, table_id)


def _walk_in(venue: Venue, starts: int, people: int, stay: int) -> Iterator[Step]:
    tables = demo_plan.tables(venue)
    fitting = [table_id for table_id, most in tables.items() if most >= people][-4:]
    made: list[str] = []

    def come() -> None:
        given = {"numeroPersonas": people, "notas": "Barra"}
        seated = _at_a_table(
            lambda mesas: walkins.add(venue, {**given, "mesas": mesas}, "Puerta 1"), fitting[:1]
        )
        made.append(seated["id"])

    def leave() -> None:
        mesas = walkins.change(venue, made[0], {"salida": True})["mesas"]
        for table_id in mesas:
            plan.ready(venue, table_id)

    yield starts, come
    yield starts + stay * MINUTE_MS, leave


def _life(
    venue: Venue, day: date, number: int, now_ms: int, tables: Mapping[str, int]
) -> Iterator[Step]:
    """Tell what becomes of the day's party `number`, whatever of it has happened by now."""
    chance = random.Random(f"{day}/{number}")
    minute = chance.choice(_minutes(venue))
    wanted, fate, starts = (
        _party(chance, day, minute),
        chance.random(),
        _instant(venue, day, minute),
    )
    made: list[str] = []
    wanted |= _place(random.Random(f"{day}/{number}/table"), wanted["numeroPersonas"], tables)

    def at(minutes: float, act: Callable[[], object]) -> Step:
        return max(booked + 10 * MINUTE_MS, starts + int(minutes * MINUTE_MS)), act

    def book() -> None:
        made.append(_book(venue, wanted))

    def move(estado: Estado) -> Callable[[], object]:
        return lambda: reservations.update(venue, made[0], {"estado": estado}, None)

    def enter(people: int, part: int) -> Callable[[], object]:
        scan = Scan(people, f"demo-{day}-{number}-{part}-{new_id()}", "QR", "Puerta 1")
        return lambda: attendance.enter(venue, made[0], scan, clock.now())

    # Whoever books later than now would not be on the list, and an evening needs its parties.
    booked = min(
        starts - chance.randint(3 * HOUR, 144 * HOUR) * MINUTE_MS,
        now_ms - chance.randint(5, 3 * HOUR) * MINUTE_MS,
    )
    yield booked, book
    if fate < 0.07:
        yield at(-chance.uniform(HOUR, 8 * HOUR), move(Estado.CANCELADO))
        return
    if fate < 0.65:
        yield at(-chance.uniform(2 * HOUR, 24 * HOUR), move(Estado.ACTIVA))
    if 0.60 < fate < 0.70:
        yield at(chance.uniform(45, 75), move(Estado.CAIDA))
        return
    planned = wanted["numeroPersonas"]
    inside = planned if chance.random() < 0.6 else chance.randint(1, planned)
    first = chance.randint(1, inside)
    arrival, second = chance.uniform(-5, 25), chance.uniform(3, 20)
    yield at(arrival, enter(first, 1))
    if inside > first:
        yield at(arrival + second, enter(inside - first, 2))
    leaving = arrival + chance.uniform(80, 160)
    yield at(leaving, move(Estado.EN_CAMINO))
    yield at(leaving + chance.uniform(*CLEARED_MIN), lambda: _clear(venue, made[0]))


def fill(venue: Venue, day: date) -> int:
    """Add the parties that the business day lacks to be a full evening; return how many.

    They have lived through what the clock says: of the hours ahead nothing has happened yet.
    """
    now_ms = clock.now_ms()
    present = listing.count_on(venue, day.isoformat())
    tables = demo_plan.tables(venue)
    steps = [
        step
        for number in range(present, PARTIES)
        for step in _life(venue, day, number, now_ms, tables)
    ]
    if not present:
        for minute, people, stay in WALK_INS:
            steps += _walk_in(venue, _instant(venue, day, minute), people, stay)
    # A party's steps are told in their order; sorting by the instant alone keeps it.
    for at_ms, act in sorted(steps, key=itemgetter(0)):
        if at_ms <= now_ms:
            with clock.stopped_at(at_ms):
                act()
    return max(0, PARTIES - present)


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
    demo_timetable.lay(venue)
    if slug == "demo":
        demo_plan.draw(venue)
    today = venue.today(clock.now())
    click.echo(f"{fill(venue, today)} reservations added for {today}")
    if slug == "demo":
        click.echo(f"demo login: {demo_login.EMAIL} / {_password()}")


def _password() -> str:
    """Return the password of the demo's login, which is made when absent.

    Beside a real venue it is a new one each time, since everybody knows the usual one.
    """
    is_alone = all(each.slug == demo_login.VENUE for each in accounts.venues())
    password = demo_login.PASSWORD if is_alone else secrets.token_urlsafe(9)
    if not is_alone or not accounts.has_person(demo_login.EMAIL):
        accounts.add_person(demo_login.EMAIL, demo_login.VENUE, "owner", password)
    return password
