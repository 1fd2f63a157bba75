"""Holds sockets for a server as systemd does: `python tests/activator.py ADDRESS … -- COMMAND …`.

Starts the command with the sockets, and again each time it ends; SIGTERM ends both.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

FIRST = 3
#: Between an end and the next start, in seconds; RestartSec= in reservas.service.
AGAIN_S = 0.1


def hold(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_server((host, int(port)), backlog=4096)


def start(held: list[socket.socket], command: list[str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    # Above all of them first: one may have the number that another is to get.
    above = [os.dup2(each.fileno(), 100 + place) for place, each in enumerate(held)]
    for place, each in enumerate(above):
        os.dup2(each, FIRST + place, inheritable=True)
        os.close(each)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(held)))
    os.execv(command[0], command)


def main() -> None:
    cut = sys.argv.index("--")
    held, command = [hold(each) for each in sys.argv[1:cut]], sys.argv[cut + 1 :]
    pid, is_ending = start(held, command), False

    def end(_number: int, _frame: object) -> None:
        nonlocal is_ending
        is_ending = True
        os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    while True:
        os.waitpid(pid, 0)
        if is_ending:
            return
        time.sleep(AGAIN_S)
        pid = start(held, command)


if __name__ == "__main__":
    main()
