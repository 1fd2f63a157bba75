"""How dates, hours, instants, states and counts look on the wire, beside their types."""

from __future__ import annotations

from typing import Annotated

from reservas.domain.attendance import OVERRULED_BY
from reservas.domain.reservation import Estado
from reservas.domain.roles import ROLES
from reservas.domain.schema import Says
from reservas.domain.waiting import Espera

HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"
EVENT_ID = r"^[0-9a-z]{1,32}-(0|[1-9][0-9]{0,14})$"

#: `YYYY-MM-DD`.
Dia = Annotated[str, Says(format="date")]
#: `HH:MM` on the venue's wall clock.
Hora = Annotated[str, Says(pattern=HOUR)]
#: ISO 8601 in UTC.
Instante = Annotated[str, Says(format="date-time")]
Cuenta = Annotated[int, Says(minimum=0)]
Personas = Annotated[int, Says(minimum=1)]
Minutos = Annotated[int, Says(minimum=1)]
Version = Annotated[int, Says(minimum=1)]
EventId = Annotated[str, Says(pattern=EVENT_ID)]
EstadoDeReserva = Annotated[str, Says(enum=tuple(Estado))]
EstadoDeEspera = Annotated[str, Says(enum=tuple(Espera))]
Rol = Annotated[str, Says(enum=ROLES)]
Metodo = Annotated[str, Says(enum=("QR", "Manual"))]
#: The least role that may overrule a refusal.
Forzable = Annotated[str, Says(enum=tuple(sorted(set(OVERRULED_BY.values()))))]
#: What becomes of a conflict.
RESOLUCIONES = ("admitir", "descartar")
Resolucion = Annotated[str, Says(enum=RESOLUCIONES)]
