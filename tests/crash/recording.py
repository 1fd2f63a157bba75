"""What a program and its children did to files and sockets, in order, as strace saw it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

#: What changes files, makes them durable, or answers; SQLite maps only its -shm, which is nothing
#: to a machine that starts anew.
CALLS = (
    "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,link,linkat,unlink,"
    "unlinkat,sendto"
)
#: What would change a file in a way that a replay does not know: none may occur.
UNKNOWN = "writev,pwritev,pwritev2,copy_file_range,sendfile,fallocate,truncate,renameat2"
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\Z", re.DOTALL)
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\Z", re.DOTALL)
_UNFINISHED = " <unfinished ...>"
_RESULT = re.compile(r"\) += (-?\d+|\?)(?:<([^>]*)>)?")
_FD = re.compile(r"(?:\d+|AT_FDCWD)<([^>]*)>(\(deleted\))?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


@dataclass(slots=True)
class Call:
    """One system call: `begin` and `end` are places in the order of all that was seen."""

    name: str
    #: The file that the descriptor is of, or "" where there is none.
    path: str
    texts: list[bytes]
    arguments: str
    begin: int
    end: int = -1
    result: int = -1

    @property
    def numbers(self) -> list[int]:
        """Return the numbers at the end of the arguments: size and offset of a pwrite64."""
        return [int(each) for each in self.arguments.split(", ") if each.isdecimal()]


def within(trace: Path) -> list[str]:
    """Return the words that let a program be recorded to `trace`; it skips where none may be.

    The tracer stands apart, so that signals reach the program as ever.
    """
    if shutil.which("strace") is None:
        pytest.skip("needs Debian's strace")
    seen = f"trace={CALLS},{UNKNOWN}"
    options = ["-DD", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "4194304", "-e", seen]
    probe = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "true"], capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("this machine lets no program be traced")
    return ["strace", *options, "-o", str(trace)]


def is_complete(trace: Path) -> bool:
    """Tell whether all processes that were recorded have ended."""
    begun, ended = set(), set()
    for line in trace.read_text().splitlines():
        pid, _, rest = line.partition(" ")
        begun.add(pid)
        if rest.lstrip().startswith("+++ "):
            ended.add(pid)
    return begun <= ended


def read(trace: Path) -> list[Call]:
    """Return the calls that succeeded, by their beginnings."""
    waiting: dict[str, Call] = {}
    found: list[Call] = []
    with trace.open() as lines:
        for place, line in enumerate(lines):
            for call in _of_line(line.rstrip("\n"), place, waiting):
                found.append(call)
    found.sort(key=lambda each: each.begin)
    return found


def _of_line(line: str, place: int, waiting: dict[str, Call]) -> Iterator[Call]:
    if resumed := _RESUMED.match(line):
        call = waiting.pop(resumed[1])
        yield from _ended(call, resumed[3], place)
    elif begun := _LINE.match(line):
        pid, name, rest = begun.groups()
        if rest.endswith(_UNFINISHED):
            waiting[pid] = _call(name, rest.removesuffix(_UNFINISHED), place)
        else:
            head, _, result = rest.rpartition(") ")
            yield from _ended(_call(name, head, place), f") {result}", place)


def _ended(call: Call, rest: str, place: int) -> Iterator[Call]:
    result = _RESULT.search(rest)
    if result is None or not result[1].isdecimal():
        return  # it failed, or its process ended amid it
    call.end, call.result = place, int(result[1])
    if call.name == "openat":
        call.path = _plain(result[2])
    yield call


def _call(name: str, arguments: str, place: int) -> Call:
    texts = []
    for text, cut in _TEXT.findall(arguments):
        assert not cut, f"a {name} was cut in the trace"
        texts.append(bytes.fromhex(text.replace("\\x", "")))
    of = _FD.match(arguments)
    path = _plain(of[1]) if of and not of[2] else ""
    return Call(name, path, texts, _TEXT.sub("", arguments), place)


def _plain(path: str | None) -> str:
    """Return a path that strace writes in hexadecimal; sockets have a name in plain text."""
    if not path or "\\x" not in path:
        return path or ""
    return bytes.fromhex(path.replace("\\x", "")).decode()


def said(calls: list[Call], words: bytes) -> int:
    """Return the place where a program began to say something to who runs it."""
    return next(
        each.begin
        for each in calls
        if each.name == "write" and each.path.startswith("pipe:") and words in each.texts[0]
    )
