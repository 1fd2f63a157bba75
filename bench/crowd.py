"""Drives bench/crowd.c, and reads what the server's processes cost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from bench.servers import KEY, Target, compiled


class Crowd:
    """Many streams on `target`; the commands are those of crowd.c and return its figures."""

    def __init__(self, target: Target, streams: int, *, by_id: bool = False) -> None:
        self._folder = tempfile.TemporaryDirectory()
        files = []
        for name in ("stream", "publish", "probe"):
            path = Path(self._folder.name) / name
            path.write_text(getattr(target, name), newline="")
            files.append(str(path))
        self.streams = streams
        self._process = subprocess.Popen(
            [compiled("crowd"), str(target.port), str(streams), *files, KEY] + ["ids"] * by_id,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.joined = self.finish()
        assert self.joined["ready"] == streams, self._short(self.joined)

    @staticmethod
    def _short(figures: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in figures.items() if name != "bins"}

    def finish(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def ask(self, command: str) -> dict[str, Any]:
        self.start(command)
        return self.finish()

    def start(self, command: str) -> None:
        """Give a command without waiting for its figures, which `finish` returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def go(self, publishers: int, events: int, rate: float = 0, timeout: float = 60) -> Any:
        """Publish `events` from each publisher; fails unless every stream has all in order."""
        found = self.ask(f"go {publishers} {events} {rate} {timeout}")
        assert found["complete"] == self.streams, self._short(found)
        assert found["disorder"] == 0, self._short(found)
        return found

    def spread(self, publishers: int, rate: float, seconds: float) -> Any:
        """Publish to venues by chance; fails unless every stream has its venue's, in order."""
        found = self.ask(f"spread {publishers} {rate} {seconds}")
        assert found["complete"] == self.streams, self._short(found)
        assert not found["disorder"] + found["strangers"] + found["failures"], self._short(found)
        return found

    def __enter__(self) -> Crowd:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()


def family(pid: int) -> list[int]:
    """Return `pid` and all its descendants."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def memory_kb(pid: int) -> int:
    """Return the proportional set size of a process and its descendants, in KB.

    Without what files back: other programs that map the same libraries change that.
    """
    total = 0
    for each in family(pid):
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                total += int(line.split()[1])
    return total


def kernel_kb() -> int:
    """Return what the kernel holds, in KB: buffers of TCP sockets, and its own objects (slab).

    It is the whole machine's, so a difference counts both ends of each connection.
    """
    pages = re.search(r"^TCP:.* mem (\d+)", Path("/proc/net/sockstat").read_text(), re.M)
    slab = re.search(r"^Slab: +(\d+)", Path("/proc/meminfo").read_text(), re.M)
    assert pages is not None
    assert slab is not None
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") // 1024 + int(slab[1])


def cpu_s(pid: int) -> float:
    """Return the processor seconds that a process and its living descendants have used."""
    ticks = 0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
