"""Moves what a worker counts by itself to the figures, once a second."""

from __future__ import annotations

import logging
import os
import time

import gevent

from reservas import metrics
from reservas.seeing.requests import flush
from reservas.store import oldest_waiting_s

log = logging.getLogger("reservas.metrics")

EVERY_S = 1.0
PAGE = os.sysconf("SC_PAGE_SIZE")


def tick_for_ever() -> None:
    metrics.STARTED.set(time.time())
    while True:
        try:
            flush()
            metrics.OLDEST_CHANGE.set(oldest_waiting_s())
            metrics.RESIDENT.set(_resident())
        except Exception:
            log.exception("could not count; trying again")
        gevent.sleep(EVERY_S)


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * PAGE
