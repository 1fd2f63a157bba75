"""Takes the sockets that systemd holds for a server, so that its restart refuses nobody."""

from __future__ import annotations

import os
import socket
from ipaddress import ip_address

import click

from reservas.config import Settings

#: The number of the first descriptor that is handed over, as sd_listen_fds(3) has it.
FIRST = 3


def handed_over() -> list[str]:
    """Return the addresses of the sockets that were given to this process; none is the usual."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [_address(number) for number in range(FIRST, FIRST + count)]


def serving_address(settings: Settings, handed: list[str]) -> str:
    """Return the address that is served: the settings', or the first that was handed over.

    Raises ClickException when the figures' address is not among them, or is open to the network.
    """
    if not handed:
        return settings.bind
    figures = settings.metrics_bind.rpartition(":")[2]
    if figures:
        found = [each for each in handed if each.endswith(f":{figures}")]
        if not found:
            raise click.ClickException(
                f"RESERVAS_METRICS_BIND={settings.metrics_bind}, and systemd holds"
                f" {', '.join(handed)}: add ListenStream={settings.metrics_bind} to reservas.socket"
            )
        _insist_on_own_machine(found[0])
        handed = [each for each in handed if each not in found]
    if not handed:
        raise click.ClickException("systemd holds no address to serve on beside the figures'")
    return handed[0]


def _insist_on_own_machine(bind: str) -> None:
    host = bind.rpartition(":")[0].strip("[]")
    if not ip_address(host).is_loopback:
        raise click.ClickException(
            f"the figures' address {bind} is open to the network: RESERVAS_METRICS_BIND and"
            " ListenStream= in reservas.socket must name 127.0.0.1"
        )


def _address(number: int) -> str:
    with socket.socket(fileno=os.dup(number)) as held:
        name = held.getsockname()
    if not isinstance(name, tuple):
        return f"unix:{os.fsdecode(name)}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{host}:{name[1]}"
