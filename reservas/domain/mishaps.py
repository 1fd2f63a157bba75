"""What a logged error means, in the words of the venue, and what to do about it."""

from __future__ import annotations

import re

#: (what is looked for in "logger | message without its values | error", the code of the mishap).
KINDS: tuple[tuple[str, str], ...] = (
    (r"No space left|storage_full|SQLITE_FULL|disk is full|ENOSPC", "disk"),
    (r"database is locked|\bbusy\b|SQLITE_BUSY", "busy"),
    (r"read-only|storage_failed|outcome_unknown|SQLITE_|sqlite3|OperationalError", "database"),
    (r"event log|checkpoint|rolled back|after a commit|EIO|EROFS", "database"),
    (r"connections: RESERVAS_MAX_PER_ADDRESS", "crowded"),
    (r"alert could not be sent", "alert"),
    (r"reservas\.(stream|follower)\b", "streams"),
    (r"reservas\.(notifier|metrics)\b|EMFILE|Too many open files", "machine"),
    (r"not answered in time|ended without|gunicorn", "worker"),
    (r"close the night", "night"),
    (r"devices are in use", "database"),
    (r"unexpected error", "unexpected"),
)


def code_of(text: str) -> str:
    """Return the code of what was logged; `unexpected` for what no rule knows."""
    return next((code for look, code in KINDS if re.search(look, text)), "unexpected")


#: code -> (what happened, what to do)
SENTENCES: dict[str, tuple[str, str]] = {
    "disk": ("El disco se llenó.", "Borra o mueve archivos: sin espacio no se guarda nada."),
    "busy": (
        "Otro programa tuvo ocupada la base de datos.",
        "Cierra lo que la tenga abierta; lo que no se guardó se repite solo.",
    ),
    "database": (
        "El disco o la base de datos fallaron.",
        "Revisa el disco; «reservas check» dice si los datos están bien.",
    ),
    "crowded": (
        "Un solo equipo abrió demasiadas conexiones.",
        "Si hay un proxy delante, dilo con RESERVAS_PROXIES (docs/proxy.md).",
    ),
    "alert": (
        "Un aviso no se pudo enviar.",
        "Revisa el correo o el webhook con «reservas alert-test».",
    ),
    "streams": (
        "Falló la conexión en vivo de una pantalla.",
        "La pantalla vuelve sola; si se repite, avisa a quien mantiene el programa.",
    ),
    "machine": (
        "Al sistema le faltó un recurso.",
        "Reinicia el servidor; si se repite, mira memoria y archivos abiertos.",
    ),
    "worker": (
        "Un proceso del servidor se detuvo o tardó demasiado.",
        "Otro toma su lugar solo; si se repite, mira la memoria del equipo.",
    ),
    "night": (
        "No se pudo cerrar la noche.",
        "Se intenta otra vez solo; si sigue, ciérrala en Resumen.",
    ),
    "unexpected": (
        "Ocurrió un error que el programa no esperaba.",
        "Avisa a quien mantiene el programa, con la hora y el lugar que se ven aquí.",
    ),
}
