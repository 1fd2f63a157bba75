"""The rules by which a box is well: from its figures to what troubles it, in words.

The page's verdict, the messages by e-mail and webhook, and the rules of Prometheus
(deploy/prometheus/alerts.yml) say the same by these numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

MEGABYTE, DAY_S, MINUTE_S = 1_000_000, 86_400, 60

#: Free room on the disk, in bytes: less is worth a word; less than the second is an alarm.
DISK_LOW, DISK_FULL = 1000 * MEGABYTE, 200 * MEGABYTE
#: Age of the newest backup, in seconds.
BACKUP_OLD_S, BACKUP_TOO_OLD_S = 2 * DAY_S, 7 * DAY_S
#: p99 within the last minutes, in seconds, of at least so many.
SCAN_SLOW_S, DELIVERY_SLOW_S, ENOUGH = 0.5, 1.0, 20
#: Within the last minutes.
SLOW_READERS, FAILED, RECONNECTS_EACH, LOGINS_FAILED = 10, 5, 5, 50
#: Seconds that a change may wait for its commit.
CHANGE_WAITS_S = 2.0
#: Bytes of the write-ahead log.
WAL_LARGE = 256 * MEGABYTE
#: What the figures of the last minutes are about, in seconds.
SPAN_S = 10 * MINUTE_S

#: A trouble that is there stays until its figure is better than its bound by so much.
SLACK = 0.2

WARNING, ALARM = "aviso", "alarma"


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of the box; None for what is not. Counts are of the last ten minutes."""

    disk_free: int | None = None
    wal: int | None = None
    #: Seconds; infinite when there never was one, None where none are made.
    backup_age_s: float | None = None
    #: What a write meets now: the code of a problem, or None when it is well.
    write_problem: str | None = None
    scans: float = 0
    scan_p99_s: float | None = None
    deliveries: float = 0
    delivery_p99_s: float | None = None
    slow_readers: float = 0
    reconnects: float = 0
    streams: float = 0
    failed: float = 0
    logins_failed: float = 0
    oldest_change_s: float = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not well; `facts` are the figures that its sentence holds."""

    code: str
    level: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return the sentence that a person at the venue reads."""
        return SENTENCES[self.code](self.facts)

    @property
    def advice(self) -> str:
        """Return what to do about it."""
        return ADVICE[self.code]


def troubles(signs: Signs, known: Collection[str] = ()) -> list[Trouble]:
    """Return what troubles the box, the worst first; `known`: the codes that did before."""
    found = [
        trouble
        for rule in RULES
        if (trouble := rule(signs, lambda code: 1 + SLACK * (code in known))) is not None
    ]
    return sorted(found, key=lambda each: each.level != ALARM)


#: By which factor the bound of a code is wider at the moment.
Wider = Callable[[str], float]


def _writes(signs: Signs, _wider: Wider) -> Trouble | None:
    if signs.write_problem is None:
        return None
    return Trouble("no_writes", ALARM, {"causa": signs.write_problem})


def _disk(signs: Signs, wider: Wider) -> Trouble | None:
    free = signs.disk_free
    if free is None:
        return None
    if free >= DISK_LOW * wider("disk_low"):
        return None
    return Trouble("disk_low", ALARM if free < DISK_FULL else WARNING, {"libres": free})


def _backup(signs: Signs, _wider: Wider) -> Trouble | None:
    age = signs.backup_age_s
    if age is None or age <= BACKUP_OLD_S:
        return None
    if age == float("inf"):
        return Trouble("backup_none", WARNING)
    level = ALARM if age > BACKUP_TOO_OLD_S else WARNING
    return Trouble("backup_old", level, {"dias": int(age // DAY_S)})


def _scans(signs: Signs, wider: Wider) -> Trouble | None:
    p99 = signs.scan_p99_s
    if p99 is None or signs.scans < ENOUGH or p99 <= SCAN_SLOW_S / wider("scans_slow"):
        return None
    return Trouble("scans_slow", WARNING, {"ms": round(p99 * 1000)})


def _delivery(signs: Signs, wider: Wider) -> Trouble | None:
    p99 = signs.delivery_p99_s
    if p99 is None or signs.deliveries < ENOUGH or p99 <= DELIVERY_SLOW_S / wider("delivery_slow"):
        return None
    return Trouble("delivery_slow", WARNING, {"ms": round(p99 * 1000)})


def _waiting(signs: Signs, _wider: Wider) -> Trouble | None:
    if signs.oldest_change_s <= CHANGE_WAITS_S:
        return None
    return Trouble("changes_wait", WARNING, {"segundos": round(signs.oldest_change_s)})


def _failed(signs: Signs, wider: Wider) -> Trouble | None:
    if signs.failed < FAILED / wider("failing"):
        return None
    return Trouble("failing", ALARM, {"veces": round(signs.failed)})


def _readers(signs: Signs, wider: Wider) -> Trouble | None:
    if signs.slow_readers < SLOW_READERS / wider("slow_readers"):
        return None
    return Trouble("slow_readers", WARNING, {"veces": round(signs.slow_readers)})


def _reconnects(signs: Signs, wider: Wider) -> Trouble | None:
    most = RECONNECTS_EACH * max(signs.streams, 4)
    if signs.reconnects < most / wider("reconnects"):
        return None
    return Trouble("reconnects", WARNING, {"veces": round(signs.reconnects)})


def _logins(signs: Signs, wider: Wider) -> Trouble | None:
    if signs.logins_failed < LOGINS_FAILED / wider("guessing"):
        return None
    return Trouble("guessing", WARNING, {"veces": round(signs.logins_failed)})


def _wal(signs: Signs, wider: Wider) -> Trouble | None:
    if signs.wal is None or signs.wal <= WAL_LARGE / wider("wal_large"):
        return None
    return Trouble("wal_large", WARNING, {"bytes": signs.wal})


RULES = (
    _writes,
    _disk,
    _failed,
    _backup,
    _scans,
    _delivery,
    _waiting,
    _readers,
    _reconnects,
    _logins,
    _wal,
)


def room(size: float) -> str:
    """Say bytes the way people do: 200 MB, 1,5 GB."""
    if size < 1000 * MEGABYTE:
        return f"{size / MEGABYTE:.0f} MB"
    return f"{size / (1000 * MEGABYTE):.1f} GB".replace(".", ",").replace(",0 ", " ")


def _days(count: int) -> str:
    return "1 día" if count == 1 else f"{count} días"


_CAUSES = {
    "storage_full": "el disco está lleno",
    "storage_failed": "el disco o la base de datos fallan",
    "busy": "otro programa tiene ocupada la base de datos",
}

SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "no_writes": lambda facts: (
        f"No se puede guardar: {_CAUSES.get(facts['causa'], 'la base de datos no responde')}."
    ),
    "disk_low": lambda facts: f"El disco tiene {room(facts['libres'])} libres.",
    "backup_none": lambda _: "Todavía no hay ninguna copia de seguridad.",
    "backup_old": lambda facts: f"La copia tiene {_days(facts['dias'])}.",
    "scans_slow": lambda facts: f"Los escaneos tardan: 1 de cada 100, más de {facts['ms']} ms.",
    "delivery_slow": lambda facts: (
        f"Los cambios tardan en llegar a las pantallas: 1 de cada 100, más de {facts['ms']} ms."
    ),
    "changes_wait": lambda facts: f"Hay cambios que esperan {facts['segundos']} s para guardarse.",
    "failing": lambda facts: f"{facts['veces']} peticiones fallaron en los últimos 10 minutos.",
    "slow_readers": lambda facts: (
        f"{facts['veces']} veces en 10 minutos una pantalla no siguió el ritmo."
    ),
    "reconnects": lambda facts: (
        f"Las pantallas se reconectaron {facts['veces']} veces en 10 minutos."
    ),
    "guessing": lambda facts: f"{facts['veces']} contraseñas equivocadas en 10 minutos.",
    "wal_large": lambda facts: f"El registro de escritura creció a {room(facts['bytes'])}.",
}

ADVICE = {
    "no_writes": "Libera espacio o revisa el disco; si se reemplazó la base, reinicia el servidor.",
    "disk_low": "Borra o mueve archivos: con el disco lleno no se guarda ningún escaneo.",
    "backup_none": "Haz la primera con «reservas backup» y deja una programada.",
    "backup_old": "Revisa por qué no se hace, o haz una ahora con «reservas backup».",
    "scans_slow": "Mira qué más usa el equipo: otro programa, una copia en curso, un disco lento.",
    "delivery_slow": "Mira qué más usa el equipo, y cuántas pantallas hay abiertas.",
    "changes_wait": "Otro programa escribe en la base de datos, o el disco es lento.",
    "failing": "Mira los últimos errores en esta página y el registro del servidor.",
    "slow_readers": "Suele ser un Wi-Fi débil: acerca el equipo o el punto de acceso.",
    "reconnects": "Suele ser el Wi-Fi: revisa la señal donde están las pantallas.",
    "guessing": "Alguien prueba contraseñas; si no es de la casa, cierra la red de invitados.",
    "wal_large": "Un programa tiene abierta la base de datos hace mucho; ciérralo.",
}
