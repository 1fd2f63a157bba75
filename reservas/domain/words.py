"""Days and numbers in Spanish, the way people at the venue say them."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def long_day(day: date) -> str:
    """Return a day as in "viernes 27 de noviembre"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]}"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: "1 lugar", "2 lugares"."""
    return f"{number} {one if number == 1 else many}"


def duration(seconds: int) -> str:
    """Return how long that is: seconds up to a minute and a half, then whole minutes."""
    if seconds < 90:
        return counted(seconds, "segundo", "segundos")
    return counted(-(-seconds // 60), "minuto", "minutos")
