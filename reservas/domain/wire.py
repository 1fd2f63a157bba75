"""The shapes that clients know, under the names of the contract."""

from __future__ import annotations

from typing import NotRequired, TypedDict

#: Entries of its log that a reservation carries in lists, events and scan answers: an event's
#: size must not grow with a party's history. The single GET has all.
NEWEST_ENTRIES = 20


class Cliente(TypedDict):
    id: str
    nombre: str
    telefono: NotRequired[str]
    email: NotRequired[str]
    fechaNacimiento: NotRequired[str]


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
    timestamp: str
    cantidad: int
    metodo: str
    usuario: str
    anula: NotRequired[str]
    motivo: NotRequired[str]
    enteredAt: NotRequired[str]
    scannedAt: NotRequired[str]


class Reserva(TypedDict):
    """A reservation; `registroEntradas` has the newest ones (all in the single GET).

    `mesas` are the ids of the tables chosen for it, held while it is awaited or inside; `mesa` is
    their names, or free text where the venue has no plan. `duracion` is minutes.
    """

    id: str
    businessId: str
    cliente: Cliente
    numeroPersonas: int
    razonVisita: str
    beneficiosReserva: str
    promotor: Promotor | None
    promotorId: str | None
    fecha: str
    hora: str
    diaNegocio: str
    mesa: str
    mesas: list[str]
    duracion: int
    detalles: list[str]
    codigoQR: str
    asistenciaActual: int
    registroEntradas: list[Entrada]
    totalEntradas: int
    estado: str
    llegada: bool
    comprobanteSubido: bool
    comprobanteUrl: str | None
    fechaCreacion: str
    fechaModificacion: str
    version: int


class Anulada(TypedDict):
    """When something was taken back, by whom, and why."""

    timestamp: str
    usuario: str
    motivo: str


class SinReserva(TypedDict):
    """People who came in without a reservation; with `anulada` they are not counted.

    `mesas` are the ids of their tables, `duracion` is minutes, and `salida` when they left.
    """

    id: str
    numeroPersonas: int
    fecha: str
    hora: str
    diaNegocio: str
    notas: str
    usuario: str
    mesas: list[str]
    duracion: int
    salida: str | None
    fechaCreacion: str
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
    min: int
    max: int
    forma: str
    x: int
    y: int
    w: int
    h: int
    giro: int
    unible: list[str]
    porLimpiar: str | None


class Rechazo(TypedDict):
    """A scan that was refused; without `reservaId` the code is none of the venue's."""

    scanId: str
    timestamp: str
    veredicto: str
    usuario: str
    codigoHash: str
    reservaId: str | None
    clienteNombre: str | None
    scannedAt: str | None


class Resuelto(TypedDict):
    """What became of a conflict, by whom, when, and why."""

    resolucion: str
    timestamp: str
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
    increment: int
    usuario: str
    veredicto: str
    scannedAt: str
    timestamp: str
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
    numeroPersonas: int
    notas: str
    estado: str
    diaNegocio: str
    fechaCreacion: str
    llamado: NotRequired[str]
    fin: NotRequired[str]
    prometido: int | None
    reservaId: NotRequired[str]
    sinReservaId: NotRequired[str]
    enlace: str
    version: int


class Turno(TypedDict):
    """When a waiting party can sit, as things are; `mesaA` is None where nothing can be said."""

    id: str
    lugar: int
    mesaA: str | None


class Cifras(TypedDict):
    """The figures of the running month, and of today; `dentro` are the people inside now."""

    totalReservas: int
    totalAsistentes: int
    totalSinReserva: int
    reservasHoy: int
    dentro: int
