"""Configures gunicorn: gevent workers, each with the engine that serves its streams."""

from __future__ import annotations

import logging
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

# Nothing else of the project here: the worker patches the standard library first, and a module
# that was imported before would keep the blocking one.
from reservas.config import load

settings = load()

bind = settings.bind
workers = settings.workers
worker_class = "gevent"
# Requests at once per worker; streams leave this pool when they are open.
worker_connections = 1000
preload_app = False
timeout = 60
graceful_timeout = 5
keepalive = 5

# One descriptor per stream.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))


def post_worker_init(worker: Any) -> None:
    """Start what a worker runs beside its requests."""
    import gevent

    from reservas.realtime import engine
    from reservas.services import door

    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(process)d %(levelname)s %(name)s %(message)s",
    )
    # The writer thread holds the GIL up to this long while the loop waits; 5 ms, the default,
    # would show in the latency of every stream.
    sys.setswitchinterval(0.001)
    door.start_writer()
    gevent.spawn(_stop_with, worker, engine.start(settings))


def _stop_with(worker: Any, running: Any) -> None:
    # On SIGTERM and on reload gunicorn calls no hook in the worker; it only clears `alive`.
    import gevent

    while worker.alive:
        gevent.sleep(0.05)
    running.stop()


def child_exit(_server: Any, worker: Any) -> None:
    """Clean up after a worker that may have had no chance to."""
    import os

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
    (settings.data_dir / "run" / f"{worker.pid}.sock").unlink(missing_ok=True)
