"""What an owner sees of the box: a verdict, figures, who follows where, and the last errors.

Each part is read by itself. What cannot be read now is named in `sinDatos` and the rest is there:
this is looked at when something is wrong. Of other venues there are only numbers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import Any

from reservas import __version__
from reservas.config import Settings
from reservas.domain import health
from reservas.domain.health import Trouble
from reservas.domain.mishaps import SENTENCES
from reservas.realtime.comings import DAY_MS, now_ms
from reservas.seeing import box, history, mishaps, reports, totals
from reservas.seeing.history import History, milliseconds
from reservas.seeing.probe import write_problem
from reservas.seeing.reports import Report, Screen
from reservas.seeing.totals import Totals, quantile
from reservas.seeing.watcher import known_codes, signs
from reservas.services import clock

log = logging.getLogger("reservas.status")

#: Devices that are shown at the most.
MOST_SCREENS = 300
#: Quantiles are of so long, in milliseconds.
SPAN_MS = round(health.SPAN_S * 1000)


class Parts:
    """Collects the parts of the answer; one that fails is missing, and named."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def take(self, name: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Exception:
            log.exception("a part of the state could not be read")
            self.missing.append(name)
            return None


def seen(settings: Settings, venue_id: int, others: Collection[int]) -> dict[str, Any]:
    """Return the state of the box as an owner of `venue_id` sees it.

    `others`: the further venues that are theirs; of the rest no screen is shown, only the count.
    """
    parts, at_ms = Parts(), now_ms()
    kept = parts.take("historia", history.kept) or History()
    counted = parts.take("cifras", totals.gather) or Totals()
    earlier = kept.before(at_ms, SPAN_MS, counted)
    found = parts.take("equipo", lambda: box.look(settings))
    found = found or box.Box(None, None, None, None, None)
    problem = parts.take("escritura", lambda: write_problem(settings))
    known = parts.take("avisos", known_codes) or ()
    now = signs(found, counted, earlier, problem, at_ms)
    reported = parts.take("pantallas", reports.gather) or []
    return {
        "hora": clock.iso(at_ms),
        "version": __version__,
        **verdict(health.troubles(now, known)),
        "cifras": _figures(now, counted, earlier),
        "equipo": {
            "discoLibre": found.disk_free,
            "disco": found.disk_size,
            "base": found.database,
            "registro": found.wal,
            "copia": clock.iso(found.backup_ms) if found.backup_ms else None,
            "hayCopias": found.backup_ms is not None,
            "guarda": problem is None,
        },
        "hora60": parts.take("historia", kept.by_minute),
        **screens(reported, {venue_id, *others}, at_ms),
        "errores": parts.take("errores", _errors),
        "sinDatos": parts.missing,
    }


def _figures(now: health.Signs, later: Totals, earlier: Totals) -> dict[str, Any]:
    counts = {
        "pantallas": later.streams,
        "escaneos": now.scans,
        "rechazos": later.refused - earlier.refused,
        "eventos": later.events - earlier.events,
        "reconexiones": now.reconnects,
        "lectoresLentos": now.slow_readers,
        "fallidas": now.failed,
        "clavesMalas": now.logins_failed,
        "minutos": health.SPAN_S / 60,
    }
    return {
        "escaneoMs": _quantiles(later.scan_times, earlier.scan_times),
        "entregaMs": _quantiles(later.delivery_times, earlier.delivery_times),
        **{name: max(0, round(count)) for name, count in counts.items()},
    }


def verdict(troubles: list[Trouble]) -> dict[str, Any]:
    """Return the state in one word, and what troubles the box, the worst first."""
    word = troubles[0].level if troubles else "bien"
    shown = [
        {
            "codigo": each.code,
            "nivel": each.level,
            "mensaje": each.message,
            "consejo": each.advice,
            "datos": each.facts,
        }
        for each in troubles
    ]
    return {"estado": word, "problemas": shown}


def _quantiles(later: totals.Buckets, earlier: totals.Buckets) -> dict[str, float | None]:
    return {
        name: milliseconds(quantile(part, later, earlier))
        for name, part in (("p50", 0.5), ("p99", 0.99))
    }


def screens(reported: list[Report], own: Collection[int], at_ms: int) -> dict[str, Any]:
    """Return the workers, and the screens of the venues `own`, whichever worker they hang on."""
    workers = [
        {
            "numero": number,
            "pid": each.pid,
            "desde": clock.iso(each.began_ms),
            "pantallas": sum(one.streams for one in each.screens),
            "responde": each.answers,
        }
        for number, each in enumerate(sorted(reported, key=lambda each: each.began_ms), 1)
    ]
    numbers = {each["pid"]: number for number, each in enumerate(workers, 1)}
    joined: dict[tuple[int, str], list[tuple[int, Screen]]] = {}
    for report in reported:
        for each in report.screens:
            if each.venue_id in own:
                place = joined.setdefault((each.venue_id, each.person), [])
                place.append((numbers[report.pid], each))
    shown = [_joined(person, each, at_ms) for (_, person), each in joined.items()]
    shown.sort(key=lambda each: (not each["pantallas"], str(each["nombre"]).lower()))
    return {"procesos": workers, "dispositivos": shown[:MOST_SCREENS]}


def _joined(person: str, found: list[tuple[int, Screen]], at_ms: int) -> dict[str, Any]:
    live = [(number, each) for number, each in found if each.streams]
    again = [ms for _, each in found for ms in each.again_ms if ms > at_ms - DAY_MS]
    since = [each.since_ms for _, each in live if each.since_ms is not None]
    left = [each.left_ms for _, each in found if each.left_ms is not None]
    return {
        "nombre": found[-1][1].name,
        "tipo": "persona" if person.startswith("person:") else "dispositivo",
        "pantallas": sum(each.streams for _, each in live),
        "desde": clock.iso(min(since)) if since else None,
        "salio": clock.iso(max(left)) if left and not live else None,
        "reconexiones": len(again),
        "atrasadas": sum(each.behind for _, each in live),
        "procesos": sorted({number for number, _ in live}),
    }


def _errors() -> list[dict[str, Any]]:
    found = []
    for each in mishaps.lately():
        said, advice = SENTENCES.get(each["code"], SENTENCES["unexpected"])
        detail = " · ".join(filter(None, (each["said"], each["error"], each["place"])))
        found.append(
            {
                "hora": clock.iso(each["at_ms"]),
                "nivel": each["level"],
                "codigo": each["code"],
                "mensaje": said,
                "consejo": advice,
                "detalle": detail,
            }
        )
    return found
