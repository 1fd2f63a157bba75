"""What the audit trail can say: each action with its label, and how its rows are chained."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

#: action -> what it did, in Spanish and in English; `{que}` is what it is about.
ACTIONS: dict[str, tuple[str, str]] = {
    "reserva.created": ("creó la reserva de {que}", "booked {que}"),
    "reserva.changed": ("cambió la reserva de {que}", "changed {que}'s reservation"),
    "reserva.deleted": ("eliminó la reserva de {que}", "deleted {que}'s reservation"),
    "entrada.forced": ("dejó entrar por decisión a {que}", "overruled the door for {que}"),
    "entrada.undone": ("anuló una entrada de {que}", "undid an entry of {que}"),
    "sinReserva.created": ("anotó a gente sin reserva", "added a walk-in"),
    "sinReserva.changed": ("cambió a gente sin reserva", "changed a walk-in"),
    "sinReserva.undone": ("anuló a gente sin reserva", "undid a walk-in"),
    "sinReserva.deleted": ("eliminó a gente sin reserva", "deleted a walk-in"),
    "espera.created": ("anotó en la espera a {que}", "added {que} to the waiting list"),
    "espera.changed": ("cambió en la espera a {que}", "changed {que} on the waiting list"),
    "conflicto.resolved": ("resolvió un conflicto de {que}", "resolved a conflict of {que}"),
    "cliente.changed": ("cambió los datos de {que}", "changed the details of {que}"),
    "cliente.erased": ("borró los datos de una persona", "erased a person's data"),
    "datos.exported": ("exportó los datos del local", "exported the venue's data"),
    "noche.closed": ("cerró la noche {que}", "closed the night {que}"),
    "plano.changed": ("cambió el plano", "changed the floor plan"),
    "mesa.readied": ("marcó lista la mesa {que}", "marked table {que} ready"),
    "local.added": ("creó el local", "added the venue"),
    "local.changed": ("cambió los ajustes del local", "changed the venue's settings"),
    "persona.added": ("agregó a {que}", "added {que}"),
    "persona.changed": ("cambió a {que}", "changed {que}"),
    "persona.removed": ("quitó a {que}", "removed {que}"),
    "persona.invited": ("invitó a {que}", "invited {que}"),
    "persona.joined": ("aceptó su invitación", "accepted their invitation"),
    "persona.password": ("cambió la contraseña de {que}", "changed the password of {que}"),
    "persona.reset": ("dio un enlace de contraseña a {que}", "gave {que} a password link"),
    "sesion.begun": ("entró al sistema", "logged in"),
    "sesion.ended": ("cerró la sesión de {que}", "ended the session of {que}"),
    "sesion.refused": (
        "agotó los intentos de contraseña de {que}",
        "ran out of password tries for {que}",
    ),
    "dispositivo.added": ("agregó el dispositivo {que}", "added the device {que}"),
    "dispositivo.invited": ("mostró un código para vincular", "showed a pairing code"),
    "dispositivo.paired": ("vinculó el dispositivo {que}", "paired the device {que}"),
    "dispositivo.changed": ("cambió el dispositivo {que}", "changed the device {que}"),
    "dispositivo.removed": ("quitó el dispositivo {que}", "removed the device {que}"),
    "invitacion.removed": ("anuló una invitación", "withdrew an invitation"),
    "llave.rotated": ("cambió la llave del servidor", "rotated the server's key"),
    "respaldo.made": ("hizo una copia de respaldo", "made a backup"),
    "respaldo.restored": ("restauró una copia de respaldo", "restored a backup"),
    "servidor.upgraded": ("actualizó el servidor", "upgraded the server"),
    "servidor.changed": ("cambió los ajustes del servidor", "changed the server's settings"),
    "registro.pruned": ("quitó lo antiguo del registro", "removed old rows of the audit trail"),
}

#: Fields that say nothing of a guest. All others are kept apart, so that they can be erased.
IMPERSONAL = frozenset(
    {
        "aforo", "anulado", "cantidad", "cliente", "comprobanteSubido", "corte", "direccion",
        "duracion", "estado", "estancias", "fecha", "filas", "hasta", "hora", "increment",
        "margenH", "mesas", "noLlegaron", "numeroPersonas", "resolucion", "ritmo", "role",
        "salida", "scanId", "sello", "servicios", "sinReserva", "timezone", "veredicto", "zonas",
    }
)  # fmt: skip


class Line(NamedTuple):
    """A row of a chain as it is hashed; `chain` is a venue's id, 0 for the box.

    `changes` is JSON; `personal_digest` stands for what can be erased without breaking the chain.
    """

    chain: int
    n: int
    made_ms: int
    who: str
    who_key: str
    address: str
    device: str
    action: str
    about: str | None
    changes: str
    personal_digest: str | None


#: What the first row of a chain follows.
GENESIS = ""


def digest(line: Line, before: str) -> str:
    """Return the seal of a row: a hash of it and of the seal `before` it."""
    text = json.dumps([before, *line], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def personal_digest(personal: str, salt: str) -> str:
    """Return the hash that stands for personal parts; without the salt nobody guesses them."""
    return hashlib.sha256(f"{salt}{personal}".encode()).hexdigest()
