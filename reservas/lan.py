"""The addresses of this machine in the house's network."""

from __future__ import annotations

import fcntl
import socket
import struct

SIOCGIFADDR = 0x8915
#: Interfaces that no phone can reach.
INTERNAL = ("lo", "docker", "br-", "veth", "virbr")


def addresses() -> list[str]:
    """Return the IPv4 address of each interface that has one."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _, name in socket.if_nameindex():
            if name.startswith(INTERNAL):
                continue
            try:
                answer = fcntl.ioctl(asker, SIOCGIFADDR, struct.pack("256s", name.encode()))
            except OSError:  # it has none
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found
