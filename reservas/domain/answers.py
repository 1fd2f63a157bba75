"""What the routes answer, around the shapes of wire.py: the document's schemas come from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from reservas.domain.attendance import OK
from reservas.domain.formats import (
    HOUR,
    Cuenta,
    Dia,
    EstadoDeReserva,
    EventId,
    Forzable,
    Hora,
    Instante,
    Minutos,
    Personas,
    Rol,
    Version,
)
from reservas.domain.schema import Says
from reservas.domain.wire import (
    Cifras,
    Cliente,
    Conflicto,
    EnEspera,
    Mesa,
    Rechazo,
    Reserva,
    SinReserva,
    Turno,
    Zona,
)


class Hecho(TypedDict):
    """It is done, and there is nothing to tell."""

    success: Literal[True]


class UltimaEntrada(TypedDict):
    """The newest entry that nobody took back; `hora` is `HH:MM` on the venue's wall clock."""

    timestamp: Instante
    usuario: str
    cantidad: int
    hora: Annotated[str, Says(pattern=HOUR)]


class PlanoActual(TypedDict):
    """The floor plan; `version` counts its changes."""

    version: Cuenta
    zonas: list[Zona]
    mesas: list[Mesa]


class Problema(TypedDict):
    """Every failing answer: a code, a Spanish sentence for people, and what the code needs.

    `forzable` is the least role that may overrule a refused scan by `force`, null for nobody;
    `motivo` says why a log-in is asked for or an hour is full. What stands in the way comes as it
    is now: `reserva`, `espera`, `sinReserva`, `conflicto`, `plano`. `alternativas` are sets of
    tables (`table_taken`) or hours (`full`), `retryAfter` seconds, `limite` which budget of
    requests is spent, `maximo` the bytes of a body.
    """

    success: Literal[False]
    error: str
    message: str
    field: NotRequired[str]
    retryAfter: NotRequired[Cuenta]
    limite: NotRequired[Annotated[str, Says(enum=("credencial", "direccion", "anonimo"))]]
    maximo: NotRequired[Cuenta]
    motivo: NotRequired[str]
    header: NotRequired[str]
    estado: NotRequired[str]
    veredicto: NotRequired[str]
    forzable: NotRequired[Forzable | None]
    reservaId: NotRequired[str]
    reserva: NotRequired[Reserva]
    incrementCount: NotRequired[Cuenta]
    maxAsistencia: NotRequired[Personas]
    exceso: NotRequired[Cuenta]
    libres: NotRequired[Cuenta]
    ultimaEntrada: NotRequired[UltimaEntrada]
    conflictoId: NotRequired[str]
    resolucion: NotRequired[str | None]
    conflicto: NotRequired[Conflicto]
    espera: NotRequired[EnEspera]
    sinReserva: NotRequired[SinReserva]
    plano: NotRequired[PlanoActual]
    mesas: NotRequired[list[str]]
    alternativas: NotRequired[list[list[str]] | list[Hora]]


class ClienteDeLista(TypedDict):
    id: str
    nombre: str
    telefono: NotRequired[str]
    email: NotRequired[str]


class ListaDeReservas(TypedDict):
    """One page; with a `cursor` there is another one. `lastEventId` is read with the rows."""

    success: Literal[True]
    reservas: list[Reserva]
    lastEventId: EventId
    stats: NotRequired[Cifras]
    clients: NotRequired[list[ClienteDeLista]]
    cursor: NotRequired[str]


class UnaReserva(TypedDict):
    success: Literal[True]
    reserva: Reserva


class CodigoDeReserva(TypedDict):
    """The code under its old and its new name; a host also gets the guest's link and a message."""

    success: Literal[True]
    reservaId: str
    qrCode: str
    codigoQR: str
    enlace: NotRequired[str | None]
    mensaje: NotRequired[str | None]


class CifrasDeMes(Cifras):
    success: Literal[True]
    stats: Cifras


class _Escaneo(TypedDict):
    """`exceso` counts people over the plan; `asistenciaActual` and `incrementCount` are equal."""

    success: Literal[True]
    reservaId: str
    incrementCount: Cuenta
    asistenciaActual: Cuenta
    maxAsistencia: Personas
    exceso: Cuenta
    cliente: Cliente
    message: str
    reserva: Reserva


class Consulta(_Escaneo):
    """What a code is worth (`action: info`); nobody has entered."""

    veredicto: Annotated[str, Says(enum=(OK, "already_complete"))]
    forzable: NotRequired[Forzable | None]
    ultimaEntrada: NotRequired[UltimaEntrada]


class Admision(_Escaneo):
    """`increment` people have entered; `repeated`: by an earlier request with this `scanId`."""

    veredicto: Annotated[str, Says(enum=(OK,))]
    increment: Personas
    repeated: bool


class AdmisionDeLote(Admision):
    """A scan of a batch that was entered."""

    scanId: str
    status: Literal[200]


class RechazoDeLote(Problema):
    """A scan of a batch that was not; `scanId` is null where none can be read."""

    scanId: str | None
    status: Annotated[int, Says(minimum=400, maximum=599)]


class Lote(TypedDict):
    """One result for each scan, in their order; `skewMs`: how far the device's clock is behind."""

    success: Literal[True]
    skewMs: int
    results: list[AdmisionDeLote | RechazoDeLote]


class Anulacion(TypedDict):
    success: Literal[True]
    reserva: Reserva
    asistenciaActual: Cuenta
    repeated: bool


class Esperada(TypedDict):
    """A party of the manifest; `hash`: 32 hexadecimal digits of SHA-256(`sal` + code).

    `hashes`: of the codes that older keys have signed, while they are good.
    """

    id: str
    hash: Annotated[str, Says(pattern="^[0-9a-f]{32}$")]
    hashes: NotRequired[list[Annotated[str, Says(pattern="^[0-9a-f]{32}$")]]]
    nombre: str
    personas: Personas
    dentro: Cuenta
    estado: EstadoDeReserva
    mesa: str
    hora: Hora
    version: Version


class Manifiesto(TypedDict):
    """What a door phone needs tonight: all (`completo`), or what changed since `desde`."""

    success: Literal[True]
    lastEventId: EventId
    diaNegocio: Dia
    restanMs: Cuenta
    sal: str
    completo: bool
    aforo: Personas | None
    reservas: list[Esperada]
    quitadas: NotRequired[list[str]]


class ListaDeConflictos(TypedDict):
    success: Literal[True]
    conflictos: list[Conflicto]


class ConflictoResuelto(TypedDict):
    success: Literal[True]
    conflicto: Conflicto
    reserva: Reserva
    asistenciaActual: Cuenta


class ListaDeRechazos(TypedDict):
    success: Literal[True]
    rechazos: list[Rechazo]


class ListaSinReserva(TypedDict):
    """One page; `total` counts the people of all pages that were not taken back."""

    success: Literal[True]
    sinReserva: list[SinReserva]
    total: Cuenta
    cursor: NotRequired[str]


class UnaSinReserva(TypedDict):
    success: Literal[True]
    sinReserva: SinReserva


class SinReservaAnulada(TypedDict):
    success: Literal[True]
    sinReserva: SinReserva
    repeated: bool


class ListaDeEspera(TypedDict):
    """Tonight's list; `turnos` are those that wait, in order."""

    success: Literal[True]
    espera: list[EnEspera]
    turnos: list[Turno]
    lastEventId: EventId


class UnaEnEspera(TypedDict):
    success: Literal[True]
    espera: EnEspera


class Plano(PlanoActual):
    success: Literal[True]
    lastEventId: EventId


class PlanoGuardado(PlanoActual):
    success: Literal[True]


class UnaMesa(TypedDict):
    success: Literal[True]
    mesa: Mesa


class Cambio(TypedDict):
    """Two reservations that changed places."""

    success: Literal[True]
    a: Reserva
    b: Reserva


class HoraLibre(TypedDict):
    """What a party meets at an hour: sets of free tables, people inside, and why it is full."""

    hora: Hora
    mesas: list[list[str]]
    cubiertos: Cuenta
    capacidad: Personas | None
    lleno: bool
    motivo: NotRequired[str]


class Disponibilidad(TypedDict):
    success: Literal[True]
    diaNegocio: Dia
    duracion: Minutos
    horas: list[HoraLibre]
    lastEventId: EventId


class Servicio(TypedDict):
    """Hours in which parties may arrive; `dias` are 1 (Monday) to 7."""

    id: str
    nombre: str
    dias: list[Annotated[int, Says(minimum=1, maximum=7)]]
    primera: Hora
    ultima: Hora


class Estancia(TypedDict):
    """Parties of up to `hasta` people stay `minutos`."""

    hasta: Personas
    minutos: Minutos


class Servicios(TypedDict):
    """`ritmo` is how many may arrive in a quarter of an hour; null is no limit."""

    success: Literal[True]
    servicios: list[Servicio]
    estancias: list[Estancia]
    ritmo: Personas | None
    capacidad: Personas | None


class Visita(TypedDict):
    id: str
    fecha: Dia
    hora: Hora
    diaNegocio: Dia
    numeroPersonas: Personas
    asistenciaActual: Cuenta
    estado: EstadoDeReserva
    mesa: str
    razonVisita: str
    beneficiosReserva: str
    detalles: list[str]


class ClienteConocido(TypedDict):
    """A person over all nights."""

    id: str
    nombre: str
    visitas: Cuenta
    noShows: Cuenta
    telefono: NotRequired[str]
    email: NotRequired[str]
    notas: NotRequired[str]
    ultimaVisita: NotRequired[Dia]
    ultimaMesa: NotRequired[str]
    ultimosDetalles: NotRequired[list[str]]
    reservasHoy: NotRequired[list[Visita]]


class ListaDeClientes(TypedDict):
    success: Literal[True]
    clientes: list[ClienteConocido]


class HistoriaDeCliente(TypedDict):
    success: Literal[True]
    cliente: ClienteConocido
    reservas: list[Visita]


class UnCliente(TypedDict):
    success: Literal[True]
    cliente: ClienteConocido


class PersonaBorrada(TypedDict):
    """`reservas` stay as numbers; `limpio`: no byte of the person is in the file any more."""

    success: Literal[True]
    reservas: int
    limpio: bool


class Cierre(TypedDict):
    timestamp: Instante
    usuario: str


class CifrasDeNoche(TypedDict):
    reservas: Cuenta
    cubiertosReservados: Cuenta
    llegaron: Cuenta
    cubiertos: int
    noShows: Cuenta
    cubiertosNoShow: Cuenta
    pendientes: Cuenta
    canceladas: Cuenta
    gruposSinReserva: Cuenta
    sinReserva: Cuenta
    rechazos: Cuenta


class HoraDeNoche(TypedDict):
    hora: Hora
    reservas: int
    sinReserva: int


class Ausente(TypedDict):
    reservaId: str
    nombre: str
    hora: Hora
    numeroPersonas: Personas
    mesa: str
    promotor: str | None


class Forzado(TypedDict):
    """Let in, or booked (`limite`: over which limit), against the rules, by whom and why."""

    reservaId: str
    nombre: str
    personas: NotRequired[int]
    limite: NotRequired[str]
    usuario: str
    motivo: str
    timestamp: Instante


class ConflictoDeNoche(TypedDict):
    nombre: str
    personas: Personas
    veredicto: str
    resolucion: str | None
    motivo: str | None
    usuario: str | None
    timestamp: Instante


class ResumenDeNoche(TypedDict):
    """What came of a night; `cerrada`: when and by whom it was closed."""

    success: Literal[True]
    diaNegocio: Dia
    cerrada: Cierre | None
    cifras: CifrasDeNoche
    porHora: list[HoraDeNoche]
    noShows: list[Ausente]
    forzados: list[Forzado]
    sobrecupos: list[Forzado]
    conflictos: list[ConflictoDeNoche]
    lastEventId: EventId


class NocheCerrada(ResumenDeNoche):
    cerradas: Cuenta


class LocalVisto(TypedDict):
    """A venue; `aforo` and `ritmo` are null for no limit, `corte` is when its night ends."""

    businessId: str
    nombre: str
    timezone: str
    corte: Hora
    margenH: Cuenta
    aforo: Personas | None
    ritmo: Personas | None


class LocalPropio(LocalVisto):
    role: Rol
    diaNegocio: Dia


class UnLocal(TypedDict):
    success: Literal[True]
    local: LocalVisto
    servicios: list[Servicio]
    estancias: list[Estancia]
    #: Of all of these: see `version` of the change.
    version: str


class CambioDeCampo(TypedDict):
    """`antes` and `despues` are what people read; null where it was not there."""

    campo: str
    etiqueta: str
    antes: str | None
    despues: str | None


class FilaDelRegistro(TypedDict):
    """`frase` is what was done, without who did it; `borrado`: personal parts were erased."""

    fila: Cuenta
    timestamp: Instante
    usuario: str
    tipo: str
    direccion: str
    dispositivo: str
    accion: str
    sobre: str | None
    frase: str
    cambios: list[CambioDeCampo]
    borrado: bool


class ClaseDelRegistro(TypedDict):
    valor: str
    etiqueta: str


class Registro(TypedDict):
    """One page, the newest first; the first one has what may be chosen too."""

    success: Literal[True]
    filas: list[FilaDelRegistro]
    cursor: NotRequired[str]
    quienes: NotRequired[list[str]]
    clases: NotRequired[list[ClaseDelRegistro]]


class RoturaDelRegistro(TypedDict):
    fila: Cuenta
    motivo: Literal["missing", "changed", "personal", "erased", "cut"]


class CadenaDelRegistro(TypedDict):
    """`sello` is to be noted down: `reservas check --seal` compares it later."""

    success: Literal[True]
    intacta: bool
    primera: Cuenta
    ultima: Cuenta
    sello: str
    borradas: Cuenta
    rota: RoturaDelRegistro | None


class QuienPregunta(TypedDict):
    id: str
    email: str | None
    nombre: str
    idioma: str | None


class Sesion(TypedDict):
    """Who asks, their venues, how to follow (milliseconds), and the house's rules for a page."""

    success: Literal[True]
    usuario: QuienPregunta
    locales: list[LocalPropio]
    configuracion: dict[str, Any]
    reglas: dict[str, Any]


class Idioma(TypedDict):
    success: Literal[True]
    idioma: str


class UnaSesion(TypedDict):
    """A log-in on a device; `esta` is the one that asks."""

    id: str
    direccion: str | None
    navegador: str | None
    creada: Instante
    vista: Instante
    esta: bool


class MisSesiones(TypedDict):
    success: Literal[True]
    sesiones: list[UnaSesion]


class SesionesCerradas(TypedDict):
    """How many were ended."""

    success: Literal[True]
    cerradas: Cuenta


class Persona(TypedDict):
    """Who may log in; `sesiones` is null of who works at another house too."""

    id: str
    email: str
    role: Rol
    creado: Instante
    visto: Instante | None
    sesiones: list[UnaSesion] | None
    tu: bool


class EnlaceDePersona(TypedDict):
    """A link that holds still: an invitation (`invite`) or a new password (`reset`)."""

    id: str
    tipo: str
    role: Rol | None
    nota: str
    email: str | None
    creadoPor: str
    creado: Instante
    expira: Instante


class GenteDelLocal(TypedDict):
    success: Literal[True]
    personas: list[Persona]
    enlaces: list[EnlaceDePersona]


class EnlaceHecho(TypedDict):
    """An address that a person opens, shown this once; `expiraEn` is seconds."""

    success: Literal[True]
    url: str
    expiraEn: Cuenta


class EnlaceVisto(TypedDict):
    """What a link is for, and whom."""

    success: Literal[True]
    tipo: Annotated[str, Says(enum=("invite", "reset"))]
    local: str | None
    role: Rol | None
    email: str | None


class Dispositivo(TypedDict):
    id: str
    nombre: str
    role: Rol
    creado: Instante
    visto: Instante | None
    creadoPor: str | None
    direccion: str | None


class ListaDeDispositivos(TypedDict):
    success: Literal[True]
    dispositivos: list[Dispositivo]


class Invitacion(TypedDict):
    """A code that is good once, for `expiraEn` seconds; `qr` is its picture as a data address."""

    success: Literal[True]
    codigo: str
    url: str
    expiraEn: Cuenta
    qr: str


class Vinculado(TypedDict):
    """The secret of the new device, shown this once."""

    success: Literal[True]
    token: str


class Lugar(TypedDict):
    """Where a party stands on the waiting list, in words; `espera`: whether it still waits."""

    success: Literal[True]
    espera: bool
    titulo: str
    detalle: str


class Conectado(TypedDict):
    """The first message of a stream, and the heartbeats between events; both without a name."""

    type: Annotated[str, Says(enum=("connected", "heartbeat"))]
    connectionId: NotRequired[str]
    lastEventId: NotRequired[EventId]
    time: NotRequired[int]


class Resincronizar(TypedDict):
    """What was missed cannot be told: read the list again."""

    type: Literal["resync"]
    lastEventId: EventId
