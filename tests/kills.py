"""What may befall a server: processes of it killed, stopped, told to end or to reload."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.servers import Server, wait_until


class Kills:
    """Strikes `server` by chance, and sees that it serves again after each."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server = server
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.strikes: dict[str, Callable[[], None]] = {
            "worker": self._worker,
            "workers": self._workers,
            "master": self._master,
            "TERM": self._term,
            "HUP": self._reload,
            "STOP": self._stopped,
        }

    def strike_each(self) -> None:
        """Strike in every way once, in an order by chance."""
        for name in self.chance.sample(list(self.strikes), len(self.strikes)):
            time.sleep(self.chance.uniform(0.2, 1))
            self.strike(name)

    def strike_until(self, until: float) -> None:
        while time.monotonic() < until:
            time.sleep(self.chance.uniform(0, 2))
            self.strike(self.chance.choice(list(self.strikes)))

    def strike(self, name: str) -> None:
        self.strikes[name]()
        self.done[name] += 1

    def _kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _served(self, *gone: int) -> None:
        wait_until(
            lambda: len(self.server.workers() - set(gone)) == 2 and self.server.ready(),
            40,
            "the server",
        )

    def _worker(self) -> None:
        pid = self.chance.choice(sorted(self.server.workers()))
        self._kill(pid)
        self._served(pid)

    def _workers(self) -> None:
        pids = self.server.workers()
        for pid in pids:
            self._kill(pid)
        self._served(*pids)

    def _master(self) -> None:
        """And the workers that it leaves end by themselves: the address must be free again."""
        process = self.server.process
        assert process is not None
        self._kill(process.pid)
        process.wait()
        self._start_again()

    def _term(self) -> None:
        process = self.server.process
        assert process is not None
        self.server.signal(signal.SIGTERM)
        assert process.wait(20) == 0
        self._start_again()

    def _start_again(self) -> None:
        wait_until(lambda: not self.server.workers(), 20, "the end of the workers")
        self.server.start()

    def _reload(self) -> None:
        before = self.server.workers()
        self.server.signal(signal.SIGHUP)
        wait_until(lambda: not self.server.workers() & before, 40, "the reload")
        self._served(*before)

    def _stopped(self) -> None:
        """Stop a worker amid a write, for longer or shorter than others wait for its lock."""
        pid = stop_amid_a_write(self.server, sorted(self.server.workers()))
        time.sleep(self.chance.choice([0.5, 7]))
        os.kill(pid, signal.SIGCONT)
        self._served()


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def stop_amid_a_write(server: Server, pids: list[int]) -> int:
    """Stop one of the processes when it holds the write lock, and return which.

    They are stopped at moments, one after another: all clients may be at one of the workers.
    """
    turns = itertools.cycle(pids)
    lock = (server.folder / "data" / "reservas.db.write-lock").stat().st_ino

    def caught() -> int | None:
        pid = next(turns)
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: is_stopped(pid))
        held = Path("/proc/locks").read_text().splitlines()
        if any(f" {pid} " in line and f":{lock} " in line and "->" not in line for line in held):
            return pid
        os.kill(pid, signal.SIGCONT)
        return None

    found: int = wait_until(caught, 20, "a write")
    return found


def is_in_order(seqs: list[int], first: int, last: int) -> bool:
    """Tell whether each event from `first` to `last` came once and in its place."""
    return seqs == list(range(first, last + 1))
