"""The box itself: room on the disk, the database's size, the newest backup.

Each figure is read by itself, so one that cannot be read hides no other.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from reservas import __version__
from reservas.config import Settings
from reservas.services import backups


@dataclass(frozen=True, slots=True)
class Box:
    """Bytes and milliseconds since the Unix epoch; None for what cannot be read."""

    disk_free: int | None
    disk_size: int | None
    database: int | None
    #: SQLite's write-ahead log.
    wal: int | None
    #: When the newest backup was taken; 0 when there is none.
    backup_ms: int | None


def look(settings: Settings) -> Box:
    path = settings.database_path
    free = _read(lambda: shutil.disk_usage(settings.data_dir).free)
    size = _read(lambda: shutil.disk_usage(settings.data_dir).total)
    log = path.with_name(f"{path.name}-wal")
    return Box(free, size, _size(path), _size(log) or 0, _read(lambda: newest_backup(settings)))


def newest_backup(settings: Settings) -> int | None:
    """Return when the newest verified backup was taken (ms), 0 for none. Raises OSError."""
    return next((each.taken_ms for each in backups.listed(settings) if each.verified), 0)


def _size(path: Path) -> int | None:
    return _read(lambda: path.stat().st_size)


def _read(figure: Callable[[], int | None]) -> int | None:
    try:
        return figure()
    except OSError:
        return None


class BoxCollector(Collector):
    """The same for Prometheus, as of now; what is unknown is absent."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterable[Metric]:
        box = look(self._settings)
        yield from _gauge("reservas_disk_free_bytes", "Room on the data's disk.", box.disk_free)
        yield from _gauge("reservas_disk_size_bytes", "Size of that disk.", box.disk_size)
        yield from _gauge("reservas_database_bytes", "Size of the database.", box.database)
        yield from _gauge("reservas_wal_bytes", "Size of its write-ahead log.", box.wal)
        yield from _gauge(
            "reservas_backup_last_success_timestamp_seconds",
            "When the newest backup was taken, since the Unix epoch; 0 for none.",
            None if box.backup_ms is None else box.backup_ms / 1000,
        )
        labels = {"version": __version__, "python": platform.python_version()}
        about = GaugeMetricFamily("reservas_build_info", "What runs here.", labels=list(labels))
        about.add_metric(list(labels.values()), 1)
        yield about


def _gauge(name: str, about: str, value: float | None) -> Iterable[Metric]:
    if value is not None:
        yield GaugeMetricFamily(name, about, value=value)
