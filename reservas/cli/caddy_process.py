"""Runs Caddy for as long as this command runs."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from types import FrameType

import click

from reservas.caddy import Front

#: How long Caddy may take until it serves, in seconds; its first start makes its authority.
START_S = 20.0
LOOK_S = 0.05


def insist_on_free_ports(front: Front) -> None:
    """Try the ports before Caddy does. Raises ClickException."""
    for option, port in (("--port", front.port), ("--http-port", front.http_port)):
        try:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("", port))
        except PermissionError:
            raise click.ClickException(
                f"port {port} needs root: run as root, or choose --port 8443"
            ) from None
        except OSError as error:
            raise click.ClickException(
                f"port {port}: {error.strerror}; free it or choose another with {option}"
            ) from None


def run(program: str, front: Front, ready: Callable[[], None]) -> None:
    """Run Caddy until it or this process is told to end; call `ready` once it serves."""
    command = [program, "run", "--config", str(front.caddyfile), "--adapter", "caddyfile"]
    own = {"XDG_CONFIG_HOME": str(front.folder), "XDG_DATA_HOME": str(front.folder)}
    process = subprocess.Popen(command, env={**os.environ, **own}, preexec_fn=_end_with_parent)

    def end(_number: int, _frame: FrameType | None) -> None:
        process.terminate()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    until = time.monotonic() + START_S
    while process.poll() is None and not _serves(front):
        if time.monotonic() > until:
            process.terminate()
            break
        time.sleep(LOOK_S)
    else:
        if process.poll() is None:
            ready()
    status = process.wait()
    if status not in (0, -signal.SIGTERM):
        raise click.ClickException(f"Caddy ended with status {status}; its reason stands above")


def _serves(front: Front) -> bool:
    with socket.socket() as probe:
        listens = probe.connect_ex(("127.0.0.1", front.port)) == 0
    return listens and (not front.own_authority or front.root_pem() is not None)


def _end_with_parent() -> None:
    """Be told to end when the parent does, however that ends (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
