"""The servers that are compared, each on a free port of this machine, started and stopped here.

Every one sends the same event text, taken from our own log. Each gives the three raw requests
that bench/crowd.c needs: open a stream, publish, and a request that does nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.served import add_venues, served
from tests.servers import Api, Server, answers, booking, free_port, wait_until

MARK = "@MARK" + "." * 27
KEY = '"updates":{"mesa":"'
ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"


@dataclass(frozen=True)
class Target:
    """A running server: its processes' root, and raw requests.

    `stream` and `publish` may be several, one per venue, separated by NULs.
    """

    name: str
    port: int
    pid: int
    stream: str
    publish: str
    probe: str
    #: Ours only: the server, to disturb it.
    server: Server | None = None


def compiled(name: str) -> str:
    """Build bench/NAME.c when it is newer than its program, and return the program."""
    source, program = ROOT / "bench" / f"{name}.c", BUILD / name
    BUILD.mkdir(exist_ok=True)
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", program, source, "-lm"], check=True)
    return str(program)


def raw(method: str, path: str, body: str = "", token: str = "") -> str:
    """Return one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join([*lines, "", body])


def head(path: str, token: str = "") -> str:
    """Return a GET without its last empty line: a resuming stream adds a header to it."""
    request = raw("GET", path, token=token).removesuffix("\r\n")
    return request + "Accept: text/event-stream\r\n"


@contextmanager
def reservas(
    root: Path | None = None, env: dict[str, str] | None = None, **settings: str
) -> Iterator[Target]:
    """Serve ours: the code of `root` (this tree), with more environment."""
    with served(root, env, **settings) as server:
        token = server.token("1")
        api = Api(server, token)
        made = api.insist("POST", "/api/reservas?businessId=1", booking())["reserva"]
        api.close()
        assert server.process is not None
        yield Target(
            "Reservas, 2 workers",
            server.port,
            server.process.pid,
            head("/api/reservas/events?businessId=1", token),
            raw(
                "PATCH",
                f"/api/reservas/{made['id']}?businessId=1",
                json.dumps({"mesa": MARK}),
                token,
            ),
            raw("GET", "/healthz"),
            server,
        )


@contextmanager
def reservas_venues(count: int) -> Iterator[Target]:
    """Serve ours with `count` venues; each is published to by a device of its own."""
    with served() as server:
        assert server.process is not None
        streams, publishes = [], []
        for slug, token in add_venues(server, [f"v{n}" for n in range(count)]).items():
            query = f"businessId={slug}"
            api = Api(server, token)
            made = api.insist("POST", f"/api/reservas?{query}", booking())["reserva"]
            api.close()
            streams.append(head(f"/api/reservas/events?{query}", token))
            body = json.dumps({"mesa": MARK})
            publishes.append(raw("PATCH", f"/api/reservas/{made['id']}?{query}", body, token))
        yield Target(
            "Reservas, 2 workers",
            server.port,
            server.process.pid,
            "\0".join(streams),
            "\0".join(publishes),
            raw("GET", "/healthz"),
            server,
        )


def event_text() -> str:
    """Return the data of one event as our server writes it, with a mark to replace."""
    with served() as server:
        api = Api(server, server.token("1"))
        made = api.insist("POST", "/api/reservas?businessId=1", booking())["reserva"]
        api.insist("PATCH", f"/api/reservas/{made['id']}?businessId=1", {"mesa": MARK})
        api.close()
        with sqlite3.connect(server.folder / "data" / "reservas.db") as db:
            (text,) = db.execute("SELECT payload FROM event ORDER BY seq DESC").fetchone()
        db.close()
    # Only where KEY stands is the mark replaced; the other place keeps its width.
    before, found, after = str(text).partition(KEY)
    return before.replace(MARK, "." * 32) + found + after


@contextmanager
def running(command: list[str], port: int, path: str, **env: str) -> Iterator[int]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    try:
        wait_until(lambda: answers(port, path), 20, f"{command[0]} on its port")
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        time.sleep(0.5)


def relay(name: str, port: int, pid: int, text: str, probe: str, venues: int = 1) -> Target:
    """Return a server that sends on what is posted to it, to the streams of the same venue."""
    streams = [head(f"/events?venue={n}") for n in range(venues)]
    publishes = [raw("POST", f"/pub?venue={n}", text) for n in range(venues)]
    return Target(name, port, pid, "\0".join(streams), "\0".join(publishes), raw("GET", probe))


@contextmanager
def plain_app(*options: str, **env: str) -> Iterator[tuple[int, int]]:
    """Serve bench/plain_flask.py by gunicorn; yields its port and process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "bench/plain.conf.py", *options]
    command += ["-b", f"127.0.0.1:{port}", "bench.plain_flask:app"]
    with running(command, port, "/healthz", **env) as pid:
        yield port, pid


@contextmanager
def plain_flask(text: str) -> Iterator[Target]:
    options = ("-w", "1", "--worker-connections", "20000", "--graceful-timeout", "1")
    with plain_app(*options) as (port, pid):
        yield relay("Flask generator, 1 worker", port, pid, text, "/healthz")


@contextmanager
def bare(text: str) -> Iterator[Target]:
    port = free_port()
    with running([compiled("bare"), str(port)], port, "/") as pid:
        yield relay("C loop, bare write", port, pid, text, "/")


NGINX = """
load_module {module};
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 20000; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  nchan_shared_memory_size 512M; keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location /events {{
      nchan_subscriber eventsource; nchan_channel_id $arg_venue;
      nchan_subscriber_first_message newest;
    }}
    location /pub {{
      nchan_publisher; nchan_channel_id $arg_venue;
      # Enough that no stream misses one, as ours may not.
      nchan_message_buffer_length 5000; nchan_message_timeout 5m;
    }}
    location / {{ return 200 "ok"; }}
  }}
}}
"""


@contextmanager
def nchan(text: str, venues: int = 1) -> Iterator[Target]:
    module = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
    if shutil.which("nginx") is None or not module.exists():
        raise SystemExit("Nchan is missing: apt-get install nginx-light libnginx-mod-nchan")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        conf = Path(folder) / "nginx.conf"
        conf.write_text(NGINX.format(module=module, folder=folder, port=port))
        with running(["nginx", "-c", str(conf), "-p", folder], port, "/") as pid:
            yield relay("Nchan in nginx, 2 workers", port, pid, text, "/", venues)


def all_of(text: str) -> list[Callable[[], object]]:
    """Return a maker for each server; ours first."""
    return [reservas, lambda: nchan(text), lambda: bare(text), lambda: plain_flask(text)]
