"""gunicorn's settings: gevent workers, each with its own writer and realtime engine."""

import contextlib
import gc
import logging
import os
import resource
import shutil
import sys

import gevent

from reservas import memory
from reservas.config import load, secret_key
from reservas.output import make_unfailing

make_unfailing()
settings = load()
secret_key(settings)  # made before the workers race for it

bind = settings.bind
workers = settings.workers
worker_class = "gevent"
# Requests at once per worker. Open streams leave gunicorn's pool; those that come back together
# wait in it for their turn, and scanners must find room beside them.
worker_connections = settings.max_streams + 1000
keepalive = 15
timeout = 60
graceful_timeout = 10
control_socket_disable = True
# Heartbeats: their files must not lie on a full or read-only disk.
worker_tmp_dir = str(memory.place() or "") or None

_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))


def post_worker_init(worker):
    from reservas.wiring import Worker

    # The thread of a slow commit needs the interpreter's lock to come back; with the default of
    # 5 ms a busy loop would make every commit wait that long.
    sys.setswitchinterval(0.0005)
    logging.getLogger("reservas").setLevel(logging.INFO)
    logging.getLogger("reservas").handlers = worker.log.error_log.handlers
    running = Worker(settings)

    def end_streams_on_stop():
        # On SIGTERM gunicorn only clears `alive`, then waits for its own connections.
        while worker.alive:
            gevent.sleep(0.05)
        running.stop()

    gevent.spawn(end_streams_on_stop)
    # What is loaded by now stays: collections need not look at it again. Requests leave few
    # cycles, so looking less often costs little memory and saves pauses.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def child_exit(server, worker):
    from prometheus_client import multiprocess

    with contextlib.suppress(OSError):  # of a read-only disk; what is raised here ends the master
        (settings.data_dir / "run" / f"{worker.pid}.sock").unlink()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        with contextlib.suppress(OSError):
            multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    if not server.reexec_pid:  # else the figures go on under the next master
        shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)
