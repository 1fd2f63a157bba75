"""What a disk may hold after a machine stopped: all that was synced, and any of what was not.

A write that no later fsync of its file covers is there or not, for each of its sectors by itself;
so later ones may be there without earlier ones. How long a file is, is kept apart from what is in
it, and space that was added without being written holds zeros or rubbish. Names (made, changed,
removed) come in order, as a journal keeps them: those after the last fsync of their folder up to
any of them. Sectors are whole.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.recording import UNKNOWN, Call

SECTOR = 512
RUBBISH = b"\xa5"
SYNCS = frozenset({"fsync", "fdatasync"})


@dataclass(slots=True)
class Change:
    """Bytes at an offset, or (without bytes) a new length of the file."""

    at: int
    data: bytes | None
    end: int


@dataclass(slots=True)
class File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)
    #: Where the next plain write goes.
    tail: int = 0

    def settle(self, before: int) -> None:
        """Let what had ended before a sync began be durable."""
        for change in [each for each in self.pending if each.end < before]:
            _apply(self.durable, change, 0)
        self.pending = [each for each in self.pending if each.end >= before]


def _apply(held: bytearray, change: Change, hole: int) -> None:
    if change.data is None:
        del held[change.at :]
        held.extend(bytes(change.at - len(held)))
        return
    held.extend(bytes([hole]) * (change.at - len(held)))
    held[change.at : change.at + len(change.data)] = change.data


class Disk:
    """The files of `folder` as they were before a recording, and what it then did to them."""

    def __init__(self, folder: Path, recorded_as: Path, *, obeys: bool = True) -> None:
        """`recorded_as` is where `folder` stood; a disk that does not obey forgets to sync."""
        self.folder = recorded_as
        self.obeys = obeys
        self.files: list[File] = []
        #: Path -> number of the file: as a program sees it, and as it is on the disk.
        self.seen: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.renamings: list[tuple[int, Callable[[dict[str, int]], None]]] = []
        for path in folder.rglob("*"):
            if path.is_file():
                name = str(self.folder / path.relative_to(folder))
                self.names[name] = self.seen[name] = self._new(path.read_bytes())

    def _new(self, held: bytes = b"") -> int:
        self.files.append(File(bytearray(held), tail=len(held)))
        return len(self.files) - 1

    def _is_ours(self, path: str) -> bool:
        return path.startswith(f"{self.folder}/") and not path.endswith("-shm")

    def begin(self, call: Call) -> None:
        """Let what a call changes be possible."""
        known = call.name not in UNKNOWN.split(",") or not self._is_ours(call.path)
        assert known, f"a replay does not know {call.name} of {call.path}"
        if call.name == "openat":
            self._open(call)
        elif call.name in {"write", "pwrite64", "ftruncate"}:
            if call.path in self.seen:
                self._change(self.files[self.seen[call.path]], call)
        elif call.name not in SYNCS:
            self._rename(call)

    def end(self, call: Call) -> None:
        """Let what a sync covers be durable."""
        if call.name not in SYNCS or not self.obeys:
            return
        if call.path in self.seen:
            self.files[self.seen[call.path]].settle(call.begin)
        elif any(name.startswith(f"{call.path}/") for name in (*self.seen, *self.names)):
            for _, change in [each for each in self.renamings if each[0] < call.begin]:
                change(self.names)
            self.renamings = [each for each in self.renamings if each[0] >= call.begin]

    def _open(self, call: Call) -> None:
        if not self._is_ours(call.path):
            return
        if call.path not in self.seen:
            if "O_RDONLY" in call.arguments:  # a folder
                return
            assert "O_CREAT" in call.arguments, f"{call.path} came from nowhere"
            self._name(call, {call.path: self._new()})
        file = self.files[self.seen[call.path]]
        file.tail = 0
        assert "O_APPEND" not in call.arguments, f"a replay does not know where {call.path} ends"
        if "O_TRUNC" in call.arguments:
            file.pending.append(Change(0, None, call.end))

    def _change(self, file: File, call: Call) -> None:
        if call.name == "ftruncate":
            file.pending.append(Change(call.numbers[-1], None, call.end))
            return
        data = call.texts[0][: call.result]
        at = call.numbers[-1] if call.name == "pwrite64" else file.tail
        if call.name == "write":
            file.tail += len(data)
        file.pending.append(Change(at, data, call.end))

    def _rename(self, call: Call) -> None:
        paths = [text.decode() for text in call.texts if text[:1] == b"/"]
        if not any(map(self._is_ours, paths)):
            return
        if call.name.startswith("unlink"):
            self._name(call, {}, paths)
        elif call.name.startswith("link"):
            self._name(call, {paths[1]: self.seen[paths[0]]})
        elif call.name.startswith("rename"):
            self._name(call, {paths[1]: self.seen[paths[0]]}, paths[:1])

    def _name(self, call: Call, given: dict[str, int], taken: Iterable[str] = ()) -> None:
        def change(names: dict[str, int]) -> None:
            for path in taken:
                names.pop(path, None)
            names.update(given)

        change(self.seen)
        self.renamings.append((call.end, change))

    def after_a_stop(self, chance: random.Random) -> dict[str, bytes]:
        """Return one of the states in which a machine may find it: path -> what it holds."""
        names = dict(self.names)
        for _, change in self.renamings[: chance.randint(0, len(self.renamings))]:
            change(names)
        held: dict[int, bytes] = {}
        for number in sorted(set(names.values())):
            held[number] = _torn(self.files[number], chance)
        return {path: held[number] for path, number in names.items()}


#: How much of what was not synced is there: which sectors of which writes.
Choice = Callable[[float], bool]


def _torn(file: File, chance: random.Random) -> bytes:
    if not file.pending:
        return bytes(file.durable)
    held = bytearray(file.durable)
    hole = chance.choice([0, RUBBISH[0]])
    lengths = {len(held)}
    is_there = _chosen(chance)
    pieces = [piece for change in file.pending for piece in _pieces(change)]
    for place, piece in enumerate(pieces):
        if piece.data is None:
            lengths.add(piece.at)
        if is_there((place + 1) / len(pieces)):
            _apply(held, piece, hole)
        lengths.add(len(held))
    if chance.random() < 0.3:  # the length is of another moment than what is in the file
        length = chance.choice(sorted(lengths))
        _apply(held, Change(length, None, 0), hole)
    return bytes(held)


def _chosen(chance: random.Random) -> Choice:
    """Return which pieces are there, given how late each is in 0 to 1."""
    share, at = chance.random(), chance.random()
    ways: list[Choice] = [
        lambda late: late <= at,
        lambda late: late > at,
        lambda late: chance.random() < share,
        lambda late: (late <= at) != (chance.random() < 0.05),
        lambda late: True,
        lambda late: False,
    ]
    return chance.choice(ways)


def _pieces(change: Change) -> list[Change]:
    """Cut a write where sectors end."""
    if change.data is None:
        return [change]
    found, at, data = [], change.at, change.data
    while data:
        size = SECTOR - at % SECTOR
        found.append(Change(at, data[:size], change.end))
        at, data = at + size, data[size:]
    return found


class Replay:
    """Goes over a recording, once, and stops where it is told."""

    def __init__(self, disk: Disk, calls: list[Call]) -> None:
        self.disk = disk
        steps: dict[int, list[tuple[Callable[[Call], None], Call]]] = defaultdict(list)
        for call in calls:
            steps[call.begin].append((disk.begin, call))
            steps[call.end].append((disk.end, call))
        self._steps = sorted(steps.items())
        self._done = 0

    def run_to(self, place: int) -> None:
        """Let happen what began or ended before `place` in the order of the recording."""
        while self._done < len(self._steps) and self._steps[self._done][0] < place:
            for step, call in self._steps[self._done][1]:
                step(call)
            self._done += 1
