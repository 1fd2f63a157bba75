"""gunicorn's settings, from the environment that `reservas serve` has checked.

The master imports nothing of the package: a reload then runs all of the new code, in workers
that are forked from a master without the old.
"""

import os

from gevent import monkey
from gunicorn.workers.ggevent import GeventWorker


class Worker(GeventWorker):
    """Becomes `reservas.worker.Worker` in the worker's own process."""

    def init_process(self):
        monkey.patch_all()
        from reservas.worker import Worker

        self.__class__ = Worker
        self.init_process()


_metrics_bind = os.environ.get("RESERVAS_METRICS_BIND", "")

bind = [os.environ["RESERVAS_BIND"], *filter(None, [_metrics_bind])]
workers = int(os.environ["RESERVAS_WORKERS"])
worker_class = Worker
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

    multiprocess.mark_process_dead(worker.pid)
