"""What a venue takes with it: each table of the export, its columns, and what they mean.

Nothing here is a secret: no passwords, tokens, codes or links, nor hashes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reservas.store.database import Row, Snapshot

#: How a column is stored: milliseconds since 1970; JSON; 0 or 1; else as it is.
MS, JSON, FLAG, PLAIN = "ms", "json", "flag", "plain"


class Column(NamedTuple):
    """A column: its name in the export, the expression that reads it, and what it means."""

    name: str
    expression: str
    meaning: str
    form: str = PLAIN


class Table(NamedTuple):
    """A table: its files' name, what it holds, where its rows come from (`?` is the venue)."""

    name: str
    holds: str
    source: str
    columns: tuple[Column, ...]


def _who(meaning: str = "Quién lo hizo.") -> Column:
    return Column("usuario", "t.usuario", meaning)


_DAY = Column("diaNegocio", "t.dia_negocio", "Noche a la que pertenece, AAAA-MM-DD.")
_WHEN = (
    Column("fecha", "t.fecha", "Fecha del calendario, AAAA-MM-DD."),
    Column("hora", "t.hora", "Hora del local, HH:MM."),
    _DAY,
)
_SEATED = (
    Column("mesas", "t.mesas", "Ids de sus mesas del plano.", JSON),
    Column("duracion", "t.duracion", "Minutos que se queda."),
)
_RESERVA = Column("reservaId", "t.reservation_id", "Id de la reserva.")
_VERDICT = Column("veredicto", "t.veredicto", "Por qué no pasaba.")
_MADE = Column("creado", "t.created_ms", "Cuándo se guardó, en UTC.", MS)
_SCANNED = Column("escaneado", "t.scanned_ms", "Hora del aparato que escaneó, en UTC.", MS)
_OWN = "t WHERE t.venue_id = ?"

TABLES = (
    Table(
        "local",
        "El local y sus ajustes.",
        "venue t WHERE t.id = ?",
        (
            Column("slug", "t.slug", "Nombre corto."),
            Column("nombre", "t.name", "Nombre."),
            Column("zona", "t.timezone", "Zona horaria."),
            Column("corte", "t.cutoff", "Hora en que termina la noche."),
            Column("margenH", "t.scan_margin_h", "Horas de margen de los códigos."),
            Column("aforo", "t.capacity", "Personas que caben; vacío: sin límite."),
            Column("ritmo", "t.pacing", "Personas que pueden llegar por cuarto de hora."),
            _MADE,
        ),
    ),
    Table(
        "reservas",
        "Reservas, también las canceladas y las eliminadas.",
        "reservation t JOIN client c ON c.id = t.client_id"
        " LEFT JOIN promoter p ON p.id = t.promoter_id WHERE t.venue_id = ? ORDER BY t.id",
        (
            Column("id", "t.id", "Id de la reserva."),
            Column("clienteId", "t.client_id", "Id del cliente."),
            Column("clienteNombre", "c.nombre", "Nombre del cliente."),
            Column("promotorId", "t.promoter_id", "Id del promotor."),
            Column("promotorNombre", "p.nombre", "Nombre del promotor."),
            Column("numeroPersonas", "t.numero_personas", "Personas previstas."),
            Column(
                "asistencia",
                "(SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = t.id)",
                "Personas que entraron.",
            ),
            Column("estado", "t.estado", "Estado; «Reserva Caída» es que no llegó."),
            *_WHEN,
            *_SEATED,
            Column("mesa", "t.mesa", "Mesa, como se muestra."),
            Column("razonVisita", "t.razon_visita", "Motivo de la visita."),
            Column("beneficiosReserva", "t.beneficios", "Beneficios."),
            Column("detalles", "t.detalles", "Detalles.", JSON),
            Column("comprobanteSubido", "t.comprobante_subido", "Si hay comprobante.", FLAG),
            Column("comprobanteUrl", "t.comprobante_url", "Dónde está el comprobante."),
            _MADE,
            Column("modificado", "t.updated_ms", "Último cambio, en UTC.", MS),
            Column("eliminado", "t.deleted_ms", "Cuándo se eliminó, en UTC.", MS),
            Column("nocheCerrada", "t.closed_dia", "Noche cuyo cierre la dio por caída."),
            Column("version", "t.version", "Cambios que tuvo, y uno más."),
        ),
    ),
    Table(
        "clientes",
        "Clientes.",
        f"client {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id del cliente."),
            Column("nombre", "t.nombre", "Nombre."),
            Column("telefono", "t.telefono", "Teléfono."),
            Column("email", "t.email", "Correo."),
            Column("fechaNacimiento", "t.fecha_nacimiento", "Nacimiento, AAAA-MM-DD."),
            Column("notas", "t.notas", "Notas del personal."),
        ),
    ),
    Table(
        "promotores",
        "Promotores.",
        f"promoter {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id del promotor."),
            Column("nombre", "t.nombre", "Nombre."),
        ),
    ),
    Table(
        "entradas",
        "Entradas en la puerta; la asistencia de una reserva es su suma.",
        f"entry {_OWN} ORDER BY t.id",
        (
            _RESERVA,
            Column("scanId", "t.scan_id", "Id de la entrada."),
            Column("cantidad", "t.cantidad", "Personas; negativo en una anulación."),
            Column("metodo", "t.metodo", "QR o Manual."),
            _who(),
            _MADE,
            _SCANNED,
            Column("enPuerta", "t.entered_ms", "Si se supo después: cuándo fue, en UTC.", MS),
            Column("anula", "t.undoes", "scanId de la entrada que anula."),
            Column("motivo", "t.motivo", "Motivo de anularla o de forzarla."),
            Column("estadoAntes", "t.estado_before", "Estado de la reserva antes."),
        ),
    ),
    Table(
        "sin_reserva",
        "Grupos que entraron sin reserva.",
        f"walk_in {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id."),
            Column("numeroPersonas", "t.numero_personas", "Personas."),
            *_WHEN,
            *_SEATED,
            Column("notas", "t.notas", "Notas."),
            _who(),
            _MADE,
            Column("salida", "t.left_ms", "Cuándo se fueron, en UTC.", MS),
            Column("anulado", "t.undone_ms", "Cuándo se anuló, en UTC.", MS),
            Column("anuladoPor", "t.undone_by", "Quién lo anuló."),
            Column("anuladoMotivo", "t.undone_motivo", "Por qué se anuló."),
        ),
    ),
    Table(
        "espera",
        "Lista de espera.",
        f"waiting {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id."),
            Column("nombre", "t.nombre", "Nombre."),
            Column("telefono", "t.telefono", "Teléfono."),
            Column("numeroPersonas", "t.numero_personas", "Personas."),
            Column("notas", "t.notas", "Notas."),
            Column("estado", "t.estado", "Estado."),
            _DAY,
            Column("prometido", "t.quoted_min", "Minutos que se le dijeron."),
            _who("Quién lo anotó."),
            _MADE,
            Column("llamado", "t.called_ms", "Cuándo se llamó, en UTC.", MS),
            Column("fin", "t.ended_ms", "Cuándo se sentó o se fue, en UTC.", MS),
            _RESERVA,
            Column("sinReservaId", "t.walk_in_id", "Id del grupo sin reserva que es ahora."),
        ),
    ),
    Table(
        "zonas",
        "Zonas del plano.",
        f"zone {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id de la zona."),
            Column("nombre", "t.nombre", "Nombre."),
            Column("orden", "t.orden", "Lugar en la lista."),
        ),
    ),
    Table(
        "mesas",
        "Mesas del plano, también las quitadas. Las medidas son centímetros.",
        f"dining_table {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id de la mesa."),
            Column("zona", "t.zone_id", "Id de la zona."),
            Column("nombre", "t.nombre", "Nombre."),
            Column("min", "t.min_personas", "Desde cuántas personas."),
            Column("max", "t.max_personas", "Hasta cuántas personas."),
            Column("forma", "t.forma", "Forma."),
            *(Column(name, f"t.{name}", f"Medida {name}.") for name in ("x", "y", "w", "h")),
            Column("giro", "t.giro", "Grados, como las agujas del reloj."),
            Column("porLimpiar", "t.to_clear_ms", "Desde cuándo espera limpieza, en UTC.", MS),
            Column("quitada", "t.removed_ms", "Cuándo se quitó del plano, en UTC.", MS),
        ),
    ),
    Table(
        "mesas_unibles",
        "Mesas que se pueden juntar.",
        f"joinable {_OWN} ORDER BY t.table_id, t.other_id",
        (
            Column("mesa", "t.table_id", "Id de una mesa."),
            Column("otra", "t.other_id", "Id de la otra."),
        ),
    ),
    Table(
        "ocupaciones",
        "Qué mesa está tomada, desde cuándo y hasta cuándo.",
        f"occupancy {_OWN} ORDER BY t.id",
        (
            Column("mesa", "t.table_id", "Id de la mesa."),
            _RESERVA,
            Column("sinReservaId", "t.walk_in_id", "Id del grupo sin reserva."),
            Column("desde", "t.from_ms", "Desde cuándo, en UTC.", MS),
            Column("hasta", "t.until_ms", "Hasta cuándo, en UTC.", MS),
            Column("forzadaPor", "t.forced_by", "Quién la puso sobre otra."),
            Column("forzadaMotivo", "t.forced_motivo", "Por qué."),
        ),
    ),
    Table(
        "servicios",
        "Horas de la semana en que se recibe.",
        f"service {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id."),
            Column("nombre", "t.nombre", "Nombre."),
            Column("dias", "t.dias", "Días de la semana: 1 es lunes, 7 domingo."),
            Column("primera", "t.primera", "Primera hora, HH:MM."),
            Column("ultima", "t.ultima", "Última hora, HH:MM."),
        ),
    ),
    Table(
        "estadias",
        "Cuánto se queda un grupo, según su tamaño.",
        f"stay {_OWN} ORDER BY t.hasta_personas",
        (
            Column("hastaPersonas", "t.hasta_personas", "Hasta cuántas personas."),
            Column("minutos", "t.minutos", "Minutos."),
        ),
    ),
    Table(
        "sobrecupos",
        "Reservas que se aceptaron sobre el límite.",
        f"overbooking {_OWN} ORDER BY t.id",
        (
            _RESERVA,
            Column("limite", "t.limite", "Qué límite: ritmo o capacidad."),
            _who(),
            Column("motivo", "t.motivo", "Por qué."),
            _MADE,
        ),
    ),
    Table(
        "noches_cerradas",
        "Noches que se cerraron.",
        f"night_close {_OWN} ORDER BY t.dia_negocio",
        (
            _DAY,
            Column("cerrada", "t.closed_ms", "Cuándo se cerró, en UTC.", MS),
            _who("Quién la cerró."),
            Column("terminada", "t.ended_ms", "Cuándo se cerró sola por haber terminado.", MS),
        ),
    ),
    Table(
        "conflictos",
        "Entradas sin conexión que las reglas no permitían.",
        f"conflict {_OWN} ORDER BY t.id",
        (
            Column("id", "t.id", "Id."),
            _RESERVA,
            Column("scanId", "t.scan_id", "Id del escaneo."),
            Column("cantidad", "t.increment", "Personas."),
            _who("Quién escaneó."),
            _VERDICT,
            _SCANNED,
            _MADE,
            Column("resolucion", "t.resolution", "admitir o descartar."),
            Column("motivo", "t.motivo", "Por qué."),
            Column("resueltoPor", "t.resolved_by", "Quién lo resolvió."),
            Column("resuelto", "t.resolved_ms", "Cuándo, en UTC.", MS),
        ),
    ),
    Table(
        "rechazos",
        "Escaneos rechazados, mientras se guardan.",
        f"refusal {_OWN} ORDER BY t.id",
        (
            Column("scanId", "t.scan_id", "Id del escaneo."),
            _RESERVA,
            _VERDICT,
            _who("Quién escaneó."),
            _SCANNED,
            _MADE,
        ),
    ),
    Table(
        "eventos",
        "Los cambios que vieron las pantallas, mientras se guardan.",
        f"event {_OWN} ORDER BY t.seq",
        (
            Column("seq", "t.seq", "Número, sin huecos."),
            Column("tipo", "t.kind", "Qué pasó."),
            Column("creado", "t.created_ms", "Cuándo, en UTC.", MS),
            Column("contenido", "t.payload", "Lo que se contó, como JSON.", JSON),
        ),
    ),
    Table(
        "personas",
        "Quién entra con correo y contraseña.",
        "membership t JOIN person p ON p.id = t.person_id WHERE t.venue_id = ? ORDER BY p.email",
        (
            Column("email", "p.email", "Correo."),
            Column("rol", "t.role", "Rol: door, host u owner."),
            Column("idioma", "p.idioma", "Idioma."),
            Column("creado", "p.created_ms", "Desde cuándo, en UTC.", MS),
        ),
    ),
    Table(
        "dispositivos",
        "Teléfonos y lectores vinculados.",
        "membership t JOIN device_token d ON d.id = t.device_id WHERE t.venue_id = ? ORDER BY d.id",
        (
            Column("nombre", "d.name", "Nombre."),
            Column("rol", "t.role", "Rol: door, host u owner."),
            Column("creado", "d.created_ms", "Desde cuándo, en UTC.", MS),
            Column("visto", "d.seen_ms", "Última vez que se usó, en UTC.", MS),
        ),
    ),
    Table(
        "registro",
        "Quién cambió qué y cuándo.",
        "audit t WHERE t.chain = ? ORDER BY t.n",
        (
            Column("n", "t.n", "Número, sin huecos."),
            Column("momento", "t.made_ms", "Cuándo, en UTC.", MS),
            Column("quien", "t.who", "Quién."),
            Column("desde", "t.address", "Dirección de red."),
            Column("aparato", "t.device", "Con qué aparato."),
            Column("accion", "t.action", "Qué hizo."),
            Column("sobre", "t.about", "Sobre qué, como clase:id."),
            Column("cambios", "t.changes", "Antes y después.", JSON),
            Column("personal", "t.personal", "Antes y después, lo que es de una persona.", JSON),
            Column("borrado", "t.erased_ms", "Cuándo se borró eso, en UTC.", MS),
            Column("sello", "t.digest", "Sello, que incluye el de la línea anterior."),
        ),
    ),
    Table(
        "borrados",
        "Personas cuyos datos se borraron.",
        f"erasure {_OWN} ORDER BY t.created_ms, t.id",
        (
            Column("id", "t.id", "Id del borrado."),
            _who("Quién lo pidió."),
            _MADE,
            Column("terminado", "t.done_ms", "Cuándo terminó, en UTC.", MS),
        ),
    ),
)


def rows(snapshot: Snapshot, venue_id: int, table: Table, size: int) -> Iterator[list[Row]]:
    """Return the rows of a table of the venue, `size` at a time."""
    columns = ", ".join(column.expression for column in table.columns)
    return snapshot.parts(f"SELECT {columns} FROM {table.source}", (venue_id,), size=size)
