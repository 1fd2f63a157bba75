"""What an owner is told of the box: the shapes of `GET /api/estado`."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from reservas.domain.formats import Cuenta, Instante


class ProblemaDelEquipo(TypedDict):
    """Something that is not well; `datos` are the figures of its sentence."""

    codigo: str
    nivel: Literal["aviso", "alarma"]
    mensaje: str
    consejo: str
    datos: dict[str, Any]


class Tardanza(TypedDict):
    """Milliseconds that half, and all but one of a hundred, took at the most."""

    p50: float | None
    p99: float | None


class CifrasDelEquipo(TypedDict):
    """Of all workers and venues, within the last `minutos`; `pantallas` are the open streams."""

    pantallas: Cuenta
    escaneoMs: Tardanza
    entregaMs: Tardanza
    escaneos: Cuenta
    rechazos: Cuenta
    eventos: Cuenta
    reconexiones: Cuenta
    lectoresLentos: Cuenta
    fallidas: Cuenta
    clavesMalas: Cuenta
    minutos: Cuenta


class Equipo(TypedDict):
    """Bytes; `copia`: when the newest verified backup was taken; null for what is not known."""

    discoLibre: Cuenta | None
    disco: Cuenta | None
    base: Cuenta | None
    registro: Cuenta | None
    copia: Instante | None
    hayCopias: bool
    guarda: bool


class Proceso(TypedDict):
    """A worker, with the streams of all venues that hang on it."""

    numero: Cuenta
    pid: Cuenta
    desde: Instante
    pantallas: Cuenta
    responde: bool


class Conectado(TypedDict):
    """A person or device of the owner's venues; `reconexiones` are those of a day."""

    nombre: str
    tipo: Literal["persona", "dispositivo"]
    pantallas: Cuenta
    desde: Instante | None
    salio: Instante | None
    reconexiones: Cuenta
    atrasadas: Cuenta
    procesos: list[Cuenta]


class ErrorDelEquipo(TypedDict):
    """A logged error without its values."""

    hora: Instante
    nivel: str
    codigo: str
    mensaje: str
    consejo: str
    detalle: str


class EstadoDelEquipo(TypedDict):
    """How the box does; `sinDatos` names the parts that could not be read.

    `hora60` has a value per minute of the last hour, the oldest first; `at` are milliseconds.
    """

    success: Literal[True]
    hora: Instante
    version: str
    estado: Literal["bien", "aviso", "alarma"]
    problemas: list[ProblemaDelEquipo]
    cifras: CifrasDelEquipo
    equipo: Equipo
    hora60: dict[str, list[float | None]] | None
    procesos: list[Proceso]
    dispositivos: list[Conectado]
    errores: list[ErrorDelEquipo] | None
    sinDatos: list[str]
