"""A calendar with one event, as RFC 5545 writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: Octets of a line; a longer one goes on in the next, after a space (RFC 5545, 3.1).
LONGEST = 75


@dataclass(frozen=True, slots=True)
class Appointment:
    """One event; times are aware. A later `sequence` of the same `uid` replaces it."""

    uid: str
    sequence: int
    revised: datetime
    starts: datetime
    lasts: timedelta
    summary: str
    location: str
    description: str
    url: str


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """Return a value of the type TEXT (RFC 5545, 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        value = value.replace(plain, escaped)
    return "\\n".join(value.splitlines())


def _folded(line: str) -> str:
    """Return a content line in pieces of at most LONGEST octets; no character is cut."""
    pieces, piece, room = [], "", LONGEST
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST - 1
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])


def calendar(appointment: Appointment) -> str:
    """Return the text of a calendar that holds this event alone."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Reservas//Reservas//ES",
        "BEGIN:VEVENT",
        f"UID:{_text(appointment.uid)}",
        f"SEQUENCE:{appointment.sequence}",
        f"DTSTAMP:{_utc(appointment.revised)}",
        f"DTSTART:{_utc(appointment.starts)}",
        f"DTEND:{_utc(appointment.starts + appointment.lasts)}",
        f"SUMMARY:{_text(appointment.summary)}",
        f"LOCATION:{_text(appointment.location)}",
        f"DESCRIPTION:{_text(appointment.description)}",
        f"URL:{appointment.url}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)
