"""gunicorn's settings, from the environment that `reservas serve` has checked.

The master imports nothing of the package: a reload then runs all of the new code, in workers
that are forked from a master without the old.
"""

import contextlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path


def _take_code_from_its_own_folders():
    # gunicorn puts the current folder first, where a file of anybody's (token.py, calendar.py)
    # would stand in for a module of that name.
    here = os.getcwd()
    if here in sys.path and here != str(Path(__file__).parent):
        sys.path.remove(here)
        sys.path.append(here)


_take_code_from_its_own_folders()

from gevent import monkey  # noqa: E402
from gunicorn.glogging import Logger  # noqa: E402
from gunicorn.workers.ggevent import GeventWorker  # noqa: E402


def _by_file(name):
    # It needs nothing of the package, and importing the package would keep it here.
    package = importlib.util.find_spec("reservas")
    path = Path(package.origin).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"reservas_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_by_file("output").make_unfailing()


def _read_keys_again():
    # At a reload: `reservas key` may have changed them. Files of which the key in use is none are
    # not taken: a command may have made a new key in the place of one that was lost.
    path = Path(os.environ.get("KEY_FILE_OF_RESERVAS") or os.devnull)
    present = os.environb.get(b"RESERVAS_SECRET_KEY", b"")
    try:
        newest = path.read_bytes()
        older = path.with_name(f"{path.name}.old")
        lines = older.read_text().splitlines() if older.exists() else []
        keys = [newest, *(bytes.fromhex(line.split()[0]) for line in lines if line.strip())]
    except (OSError, ValueError):
        return
    if newest.strip() and b"\0" not in newest and present in keys:
        os.environb[b"RESERVAS_SECRET_KEY"] = newest
        others = (f"hex:{key.hex()}" for key in keys[1:] if key != newest)
        os.environ["RESERVAS_SECRET_KEY_OLD"] = ",".join(others)


_read_keys_again()


class Worker(GeventWorker):
    """Becomes `reservas.worker.Worker` in the worker's own process."""

    def init_process(self):
        monkey.patch_all()
        from reservas.worker import Worker

        self.__class__ = Worker
        self.init_process()


class JsonLogger(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        _by_file("logs").use_json(self)


if os.environ.get("RESERVAS_LOG_FORMAT") == "json":
    logger_class = JsonLogger

_metrics_bind = os.environ.get("RESERVAS_METRICS_BIND", "")
_figures = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

bind = [os.environ["RESERVAS_BIND"], *filter(None, [_metrics_bind])]
workers = int(os.environ["RESERVAS_WORKERS"])
worker_class = Worker
# Heartbeats: their files must not lie on a full or read-only disk.
worker_tmp_dir = os.path.dirname(_figures) or None
# Requests at once per worker. Open streams leave gunicorn's pool; those that come back together
# wait in it for their turn, and scanners must find room beside them.
worker_connections = int(os.environ["RESERVAS_MAX_STREAMS"]) + 1000
keepalive = 15
timeout = 60
graceful_timeout = 10
control_socket_disable = True
# Whom to believe about addresses and schemes is one setting, RESERVAS_PROXIES, and not gunicorn's.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers = {}


def child_exit(server, worker):
    from prometheus_client import multiprocess

    if _figures:
        with contextlib.suppress(OSError):  # what is raised here ends the master
            multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    if _figures and not server.reexec_pid:  # else the figures go on under the next master
        shutil.rmtree(_figures, ignore_errors=True)
