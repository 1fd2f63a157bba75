"""When a party is expected, the way people say it."""

from __future__ import annotations

from datetime import date

from reservas.domain.words import WEEKDAYS, long_day


def night(dia_negocio: date, fecha: date, hora: str) -> str:
    """Return a day and an hour: "viernes 27 de noviembre, 21:30".

    After midnight it names the night that people mean and the day that the clock shows.
    """
    if fecha == dia_negocio:
        return f"{long_day(fecha)}, {hora}"
    return f"noche del {long_day(dia_negocio)}, {hora} del {WEEKDAYS[fecha.weekday()]}"
