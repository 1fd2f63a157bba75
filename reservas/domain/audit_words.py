"""The audit trail in words: what a row did as one sentence, and each field before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reservas.domain.audit import ACTIONS
from reservas.domain.english import LANGUAGES, in_language
from reservas.domain.reservation import LABELS, Estado

#: Field -> its name with what stands before it, in Spanish and in English.
FIELDS: dict[str, tuple[str, str]] = {
    "aforo": ("el aforo", "capacity"),
    "anulado": ("la anulación", "undoing"),
    "beneficiosReserva": ("los beneficios", "benefits"),
    "cantidad": ("las personas", "people"),
    "comprobanteSubido": ("el comprobante", "the receipt"),
    "comprobanteUrl": ("la dirección del comprobante", "the receipt's address"),
    "corte": ("el fin de la noche", "the end of the night"),
    "detalles": ("los detalles", "details"),
    "direccion": ("la dirección de escaneo", "the scan address"),
    "duracion": ("los minutos", "minutes"),
    "email": ("el correo", "the email"),
    "estado": ("el estado", "the state"),
    "estancias": ("las estancias", "stays"),
    "fecha": ("la fecha", "the date"),
    "fechaNacimiento": ("la fecha de nacimiento", "the date of birth"),
    "filas": ("las filas", "rows"),
    "hasta": ("hasta la fila", "up to row"),
    "hora": ("la hora", "the time"),
    "increment": ("las personas", "people"),
    "margenH": ("el margen de los códigos (horas)", "the codes' margin (hours)"),
    "mesa": ("la mesa", "the table"),
    "mesas": ("las mesas", "tables"),
    "motivo": ("el motivo", "the reason"),
    "noLlegaron": ("los que no llegaron", "no-shows"),
    "nombre": ("el nombre", "the name"),
    "nota": ("la nota", "the note"),
    "notas": ("las notas", "notes"),
    "numeroPersonas": ("las personas", "people"),
    "promotor": ("el promotor", "the promoter"),
    "razonVisita": ("el motivo de la visita", "the occasion"),
    "resolucion": ("la decisión", "the decision"),
    "ritmo": ("el ritmo", "the pace"),
    "role": ("el rol", "the role"),
    "salida": ("la salida", "leaving"),
    "scanId": ("el escaneo", "the scan"),
    "sello": ("el sello", "the seal"),
    "servicios": ("los servicios", "services"),
    "telefono": ("el teléfono", "the number"),
    "timezone": ("la zona horaria", "the time zone"),
    "veredicto": ("lo que decía la puerta", "what the door said"),
    "zonas": ("las zonas", "zones"),
}
#: For a machine alone.
UNSHOWN = frozenset({"cliente", "scanId", "sinReserva"})
YES, NO, NOTHING = ("sí", "yes"), ("no", "no"), "—"


@dataclass(frozen=True, slots=True)
class Told:
    """A row to be told: `subject` is what it is about; `table` names a table by its id."""

    action: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    table: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's name in the language, and what it was and became; None where it was not said."""

    field: str
    label: str
    before: str | None
    after: str | None


def sentence(told: Told, language: str) -> str:
    """Return what was done, without who did it: "cambió la hora de Pérez de 20:00 a 21:00"."""
    which = LANGUAGES.index(language)
    changed = changes(told, language)
    plain = ACTIONS[told.action][which].replace("{que}", told.subject or NOTHING)
    if not told.action.endswith(".changed") or not changed:
        return plain
    if len(changed) > 1:
        return f"{plain}: {', '.join(bare(each.label) for each in changed)}"
    (one,) = changed
    if one.before is None or one.after is None:
        return f"{plain}: {bare(one.label)}"
    of = f" de {told.subject}" if told.subject else ""
    whose = f"{told.subject}: " if told.subject else ""
    if language == "es":
        return f"cambió {one.label}{of} de {one.before} a {one.after}"
    return f"changed {whose}{one.label} from {one.before} to {one.after}"


def bare(label: str) -> str:
    """Return a field's name without its article."""
    first, _, rest = label.partition(" ")
    return rest if first in {"el", "la", "los", "las", "the"} else label


def changes(told: Told, language: str) -> list[FieldChange]:
    """Return each field that differs, as people read it."""
    which = LANGUAGES.index(language)
    names = [
        name
        for name in {**told.before, **told.after}
        if name not in UNSHOWN and not _is_subject(told, name)
    ]
    if "mesa" in names and "mesas" in names:
        names.remove("mesas")

    def shown(values: Mapping[str, Any], name: str) -> str | None:
        return _value(name, values[name], language, told.table) if name in values else None

    return [
        FieldChange(
            name,
            FIELDS.get(name, (name, name))[which],
            *(shown(each, name) for each in _both(told)),
        )
        for name in names
    ]


def _is_subject(told: Told, name: str) -> bool:
    """Tell whether a field only repeats what the row is about."""
    said = {each[name] for each in _both(told) if isinstance(each.get(name), str)}
    return name in {"email", "nombre"} and said == {told.subject}


def _both(told: Told) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return told.before, told.after


def _value(name: str, value: Any, language: str, table: Callable[[str], str]) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return (YES if value else NO)[LANGUAGES.index(language)]
    if name == "estado" and value in set(Estado):
        return in_language(LABELS[Estado(value)], language)
    if isinstance(value, list):
        return ", ".join(_part(each, table) for each in value)
    return str(value)


def _part(each: Any, table: Callable[[str], str]) -> str:
    """Return one of several: a table or zone of the plan, a service, a stay, an id."""
    if not isinstance(each, dict):
        return table(str(each))
    if "hasta" in each:
        return f"≤{each['hasta']}: {each['minutos']} min"
    if "primera" in each:
        return f"{each['nombre']} {each['primera']}–{each['ultima']}"
    return str(each.get("nombre", NOTHING))
