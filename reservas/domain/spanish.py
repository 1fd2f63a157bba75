"""Says days and nights in Spanish, as people at the venue do."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def long_day(day: date) -> str:
    """Return a day as `viernes 27 de noviembre`."""
    return f"{weekday(day)} {day.day} de {MONTHS[day.month - 1]}"


def night(dia_negocio: date, fecha: date, hora: str) -> str:
    """Return when a party is expected: its day and hour.

    After midnight it names the night that people mean and the day that the clock shows.
    """
    if fecha == dia_negocio:
        return f"{long_day(fecha)}, {hora}"
    return f"noche del {long_day(dia_negocio)}, {hora} del {weekday(fecha)}"


def people(count: int) -> str:
    return "1 persona" if count == 1 else f"{count} personas"
