"""The shapes that clients know, under the names of the contract."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from reservas.domain.formats import (
    Cuenta,
    Dia,
    EstadoDeEspera,
    EstadoDeReserva,
    Hora,
    Instante,
    Metodo,
    Minutos,
    Personas,
    Resolucion,
    Version,
)
from reservas.domain.schema import Says

#: Entries of its log that a reservation carries in lists, events and scan answers: an event's
#: size must not grow with a party's history. The single GET has all.
NEWEST_ENTRIES = 20
#: Of tables; a place of half a kilometre, and tables of up to 50 m.
FORMAS = ("redonda", "cuadrada", "rectangular", "barra")
FARTHEST_CM, LONGEST_CM = 50_000, 5_000


class Cliente(TypedDict):
    id: str
    nombre: str
    telefono: NotRequired[str]
    email: NotRequired[str]
    fechaNacimiento: NotRequired[Dia]


class Promotor(TypedDict):
    id: str
    nombre: str


class Entrada(TypedDict):
    """One line of the entry log; `scannedAt`, the device's clock, only in the single GET.

    One that takes another back names it in `anula`; it says why in `motivo`, and so may one that
    overruled a refusal. `enteredAt` is when it was made at the door, by the server's clock, where a
    phone without a connection told it later.
    """

    scanId: str
    timestamp: Instante
    cantidad: int
    metodo: Metodo
    usuario: str
    anula: NotRequired[str]
    motivo: NotRequired[str]
    enteredAt: NotRequired[Instante]
    scannedAt: NotRequired[Instante]


class Reserva(TypedDict):
    """A reservation; `registroEntradas` has the newest ones (all in the single GET).

    `mesas` are the ids of the tables chosen for it, held while it is awaited or inside; `mesa` is
    their names, or free text where the venue has no plan. `duracion` is minutes.
    """

    id: str
    businessId: str
    cliente: Cliente
    numeroPersonas: Personas
    razonVisita: str
    beneficiosReserva: str
    promotor: Promotor | None
    promotorId: str | None
    fecha: Dia
    hora: Hora
    diaNegocio: Dia
    mesa: str
    mesas: list[str]
    duracion: Minutos
    detalles: list[str]
    codigoQR: str
    asistenciaActual: Cuenta
    registroEntradas: list[Entrada]
    totalEntradas: Cuenta
    estado: EstadoDeReserva
    llegada: bool
    comprobanteSubido: bool
    comprobanteUrl: str | None
    fechaCreacion: Instante
    fechaModificacion: Instante
    version: Version


class Anulada(TypedDict):
    """When something was taken back, by whom, and why."""

    timestamp: Instante
    usuario: str
    motivo: str


class SinReserva(TypedDict):
    """People who came in without a reservation; with `anulada` they are not counted.

    `mesas` are the ids of their tables, `duracion` is minutes, and `salida` when they left.
    """

    id: str
    numeroPersonas: Personas
    fecha: Dia
    hora: Hora
    diaNegocio: Dia
    notas: str
    usuario: str
    mesas: list[str]
    duracion: Minutos
    salida: Instante | None
    fechaCreacion: Instante
    anulada: NotRequired[Anulada]


class Zona(TypedDict):
    """A part of the venue that tables stand in."""

    id: str
    nombre: str


class Mesa(TypedDict):
    """A table of the floor plan; `zona` and `unible` (what may be joined to it) are ids.

    `x`, `y` (its upper left corner), `w` and `h` are centimetres, `giro` degrees clockwise.
    `porLimpiar` is since when it waits to be cleared.
    """

    id: str
    nombre: str
    zona: str
    min: Personas
    max: Personas
    forma: Annotated[str, Says(enum=FORMAS)]
    x: Annotated[int, Says(minimum=-FARTHEST_CM, maximum=FARTHEST_CM)]
    y: Annotated[int, Says(minimum=-FARTHEST_CM, maximum=FARTHEST_CM)]
    w: Annotated[int, Says(minimum=1, maximum=LONGEST_CM)]
    h: Annotated[int, Says(minimum=1, maximum=LONGEST_CM)]
    giro: Annotated[int, Says(minimum=0, maximum=359)]
    unible: list[str]
    porLimpiar: Instante | None


class Rechazo(TypedDict):
    """A scan that was refused; without `reservaId` the code is none of the venue's."""

    scanId: str
    timestamp: Instante
    veredicto: str
    usuario: str
    codigoHash: str
    reservaId: str | None
    clienteNombre: str | None
    scannedAt: Instante | None


class Resuelto(TypedDict):
    """What became of a conflict, by whom, when, and why."""

    resolucion: Resolucion
    timestamp: Instante
    usuario: str
    motivo: str


class Conflicto(TypedDict):
    """People let in without a connection whom the rules refuse by `veredicto`.

    They are not counted until a host admits them. `scannedAt` is the device's clock.
    """

    id: str
    scanId: str
    reservaId: str
    clienteNombre: str
    increment: Personas
    usuario: str
    veredicto: str
    scannedAt: Instante
    timestamp: Instante
    reserva: Reserva
    resuelto: NotRequired[Resuelto]


class EnEspera(TypedDict):
    """A party on the waiting list; `enlace` is what follows `/t/` in its own page's address.

    `prometido` are the minutes that it was told when it came. Seating it has made `reservaId` or
    `sinReservaId`.
    """

    id: str
    nombre: str
    telefono: NotRequired[str]
    numeroPersonas: Personas
    notas: str
    estado: EstadoDeEspera
    diaNegocio: Dia
    fechaCreacion: Instante
    llamado: NotRequired[Instante]
    fin: NotRequired[Instante]
    prometido: Cuenta | None
    reservaId: NotRequired[str]
    sinReservaId: NotRequired[str]
    enlace: str
    version: Version


class Turno(TypedDict):
    """When a waiting party can sit, as things are; `mesaA` is None where nothing can be said."""

    id: str
    lugar: Personas
    mesaA: Instante | None


class Cifras(TypedDict):
    """The figures of the running month, and of today; `dentro` are the people inside now."""

    totalReservas: Cuenta
    totalAsistentes: Cuenta
    totalSinReserva: Cuenta
    reservasHoy: Cuenta
    dentro: Cuenta
