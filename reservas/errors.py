"""The ways a request can fail: one exception, one table of codes, statuses and sentences."""

from __future__ import annotations

from typing import Any

#: code -> (HTTP status, the sentence a person at the venue reads)
CODES: dict[str, tuple[int, str]] = {
    "invalid_json": (400, "El cuerpo de la petición no es JSON válido."),
    "invalid_field": (400, "Hay un dato que no es válido."),
    "businessId required": (400, "Falta indicar el local (businessId)."),
    "bad_request": (400, "La petición no es válida."),
    "unauthenticated": (401, "Inicia sesión para continuar."),
    "bad_credentials": (401, "El correo o la contraseña no son correctos."),
    "forbidden": (403, "Tu rol no permite hacer esto."),
    "not_only_here": (
        403,
        "Esta cuenta no se maneja desde el local; pídelo a quien administra el servidor.",
    ),
    "own_account": (403, "Es tu propia cuenta; cambia tu contraseña en «Mis sesiones»."),
    "foreign_origin": (403, "La petición viene de otra página."),
    "not_found": (404, "No existe o no pertenece a este local."),
    "invalid_code": (404, "El código no corresponde a ninguna reserva de este local."),
    "invalid_invitation": (404, "Ese código para vincular ya se usó o venció; pide uno nuevo."),
    "invalid_link": (404, "Este enlace ya se usó, venció o lo anularon; pide uno nuevo."),
    "unknown_address": (404, "Esa dirección de escaneo no existe o fue reemplazada."),
    "method_not_allowed": (405, "Este método no se puede usar aquí."),
    "too_slow": (408, "La petición tardó demasiado en llegar completa; vuelve a intentarlo."),
    "version_conflict": (409, "Otra persona cambió la reserva; revisa los datos actuales."),
    "key_reused": (409, "Esa clave de idempotencia ya se usó con otros datos."),
    "already_undone": (409, "Esa entrada ya se anuló."),
    "already_left": (409, "Ya se fueron."),
    "already_resolved": (409, "Ese conflicto ya se resolvió."),
    "conflict": (409, "Entraron sin conexión y no cuadra; lo resuelve quien recibe."),
    "table_taken": (409, "Esa mesa ya está ocupada o reservada a esa hora."),
    "table_in_use": (409, "Hay reservas en esa mesa; muévelas antes de quitarla del plano."),
    "last_owner": (409, "Es la única persona dueña del local; primero haz dueña a otra."),
    "known_email": (409, "Ya hay una cuenta con ese correo; entra con su contraseña."),
    "person_expected": (
        409,
        "Tiene una reserva para hoy o después, o está en la lista de espera: cancélala primero.",
    ),
    "full": (409, "A esa hora ya no hay cupo."),
    "scan_reused": (409, "Ese scanId ya se usó con otros datos."),
    "too_large": (413, "La petición es demasiado grande."),
    "unsupported_type": (415, "Aquí solo se reciben datos en JSON, sin comprimir."),
    "invalid_transition": (422, "La reserva no puede pasar a ese estado."),
    "unknown_table": (422, "No hay una mesa con ese nombre en el plano."),
    "not_joinable": (422, "Esas mesas no se pueden juntar."),
    "cancelled": (422, "La reserva está cancelada."),
    "too_early": (422, "El código todavía no es válido: la reserva es para más adelante."),
    "expired": (422, "El código ya venció."),
    "other_night": (422, "La reserva es para otra noche."),
    "no_show": (422, "La reserva se marcó «No llegó»."),
    "finished": (422, "La visita ya terminó."),
    "already_complete": (422, "Ya entraron todos."),
    "party_full": (422, "No caben tantas personas en la reserva."),
    "not_an_entry": (422, "Eso ya es una anulación; no se puede anular."),
    "undo_too_late": (403, "Pasaron más de 15 minutos; pide a quien recibe que lo anule."),
    "revoked_code": (422, "El código fue reemplazado por uno más nuevo."),
    "too_many_requests": (429, "Demasiadas peticiones seguidas; vuelve a intentarlo enseguida."),
    "too_many_attempts": (429, "Demasiados intentos; espera un momento."),
    "internal": (500, "Ocurrió un error inesperado; vuelve a intentarlo."),
    "busy": (503, "El servidor está ocupado; vuelve a intentarlo."),
    "storage_full": (503, "No hay espacio para guardar; avisa a quien administra el local."),
    "storage_failed": (503, "No se pudo leer ni guardar; avisa a quien administra el local."),
    "outcome_unknown": (503, "No se sabe si se guardó; repite la misma petición para saberlo."),
    "streams_disabled": (503, "Las actualizaciones en vivo están desactivadas."),
    "streams_full": (503, "Hay demasiadas pantallas conectadas; se reintentará."),
    "restarting": (503, "El servidor se está reiniciando; se reintentará."),
}


class Problem(Exception):
    """A refusal that the client is told about; `code` is a key of `CODES`."""

    def __init__(self, code: str, message: str | None = None, **details: Any) -> None:
        self.code = code
        self.status, sentence = CODES[code]
        self.message = message or sentence
        self.details = details
        super().__init__(f"{code}: {self.message}")

    def body(self) -> dict[str, Any]:
        """Return the one shape of every failing answer."""
        return {
            "success": False,
            "error": self.code,
            "message": self.message,
            **self.details,
        }


def bad_field(field: str, message: str) -> Problem:
    """Return the refusal of one named input field, whatever a client has called it."""
    field = field.encode(errors="replace").decode()
    return Problem("invalid_field", f"{field}: {message}", field=field)


class AccountError(ValueError):
    """Input of an administrator that cannot be used; the message says what."""


class CopyError(ValueError):
    """A copy could not be made or put back; the message says why, and what helps."""
