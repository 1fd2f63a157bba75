"""What the page's decoder reads of hard frames, beside a reference: `python -m bench.readers`.

The page's views and decoder run in node as they do in the page, the reference (zxing-cpp) in this
process; they take turns, frame by frame. Writes docs/readers.md.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from bench.frames import EACH, KINDS, LEVELS, SIDE, Kind, frames
from bench.servers import ROOT
from tools.vendor import PACKAGES

WARM = 40  # readings before the first that counts: node compiles while it runs
OURS = "qr " + next(package.version for package in PACKAGES if package.name == "qr")
REFERENCE = "zxing-cpp " + version("zxing-cpp")

#: A look's text, or None, and the milliseconds it took.
Look = tuple[str | None, float]
#: Takes a frame's luma; returns the looks at it.
Read = Callable[[NDArray[np.uint8]], list[Look]]


@dataclass
class Score:
    """How one reader did on frames of one kind: at the first look, and at any."""

    first: int = 0
    read: int = 0
    wrong: int = 0
    ms: list[float] = field(default_factory=list)

    def add(self, expected: str, looks: list[Look]) -> None:
        texts = [text for text, _ in looks]
        self.first += texts[0] == expected
        self.read += expected in texts
        self.wrong += any(text not in (None, expected) for text in texts)
        self.ms += [ms for _, ms in looks]

    def times(self) -> str:
        return f"{statistics.median(self.ms):.1f} / {max(self.ms):.0f}"


@contextmanager
def page_decoder() -> Iterator[Read]:
    """Yield a function that has node read a frame with the page's own module."""
    command = ["node", ROOT / "bench" / "readers.mjs", str(SIDE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as node:
        assert node.stdin is not None
        assert node.stdout is not None

        def read(luma: NDArray[np.uint8]) -> list[Look]:
            node.stdin.write(luma.tobytes())
            node.stdin.flush()
            return [(look["text"], look["ms"]) for look in json.loads(node.stdout.readline())]

        yield read
        node.stdin.close()


def reference(luma: NDArray[np.uint8]) -> list[Look]:
    begun = time.perf_counter()
    found = zxingcpp.read_barcodes(luma, formats=zxingcpp.BarcodeFormat.QRCode)
    ms = 1000 * (time.perf_counter() - begun)
    return [(found[0].text if found else None, ms)]


def measure() -> dict[str, dict[str, Score]]:
    """Return reader -> kind -> score."""
    scores = {name: {kind.name: Score() for kind in KINDS} for name in (OURS, REFERENCE)}
    with page_decoder() as ours:
        for frame in islice(frames(), WARM):
            ours(frame.luma)
            reference(frame.luma)
        for frame in frames():
            for name, read in ((OURS, ours), (REFERENCE, reference)):
                scores[name][frame.kind.name].add(frame.text, read(frame.luma))
    return scores


def main() -> None:
    report = "\n".join(lines(measure()))
    print(report)
    (ROOT / "docs" / "readers.md").write_text(report + "\n")


def lines(scores: dict[str, dict[str, Score]]) -> list[str]:
    ours, theirs = scores[OURS], scores[REFERENCE]
    return [
        "# Codes that are hard to read",
        "",
        f"Written by `make frames`. {LEVELS * EACH} frames of each kind, from easy to beyond"
        f" reading, {SIDE} x {SIDE} pixels, made from real codes by `bench/frames.py` and the same"
        f" on every machine. **{OURS}** is the decoder in the page's worker, here in node, and"
        f" **{REFERENCE}** the reference, in native code. The page looks"
        " ten times a second, each time at the frame drawn another way (`VIEWS` in"
        " `static/door/frames.js`): *first* is the plain centre, *round* what any of them reads of"
        " the same frame. The reference has one look, and could take turns too. ms: median /"
        " longest of single looks, those without a result too. A browser whose own"
        " BarcodeDetector works uses that one instead.",
        "",
        f"| kind | from easiest to hardest | {OURS}: first | round | {REFERENCE}"
        f" | {OURS}, ms | {REFERENCE}, ms |",
        "|---|---|---|---|---|---|---|",
        *(line(kind, ours[kind.name], theirs[kind.name]) for kind in KINDS),
        total(list(ours.values()), list(theirs.values())),
        "",
        f"Wrong texts: {OURS} {sum(each.wrong for each in ours.values())},"
        f" {REFERENCE} {sum(each.wrong for each in theirs.values())}.",
    ]


def line(kind: Kind, ours: Score, theirs: Score) -> str:
    span = f"{kind.varies}: {kind.easiest:g} – {kind.hardest:g}" if kind.hardest else kind.varies
    reads = (ours.first, ours.read, theirs.read)
    cells = (kind.name, span, *reads, ours.times(), theirs.times())
    return f"| {' | '.join(str(each) for each in cells)} |"


def total(ours: list[Score], theirs: list[Score]) -> str:
    tried = len(KINDS) * LEVELS * EACH
    reads = [
        sum(each.first for each in ours),
        sum(each.read for each in ours),
        sum(each.read for each in theirs),
    ]
    cells = [f"**{read}** ({100 * read / tried:.0f} %)" for read in reads]
    return f"| all | {tried} frames | {' | '.join(cells)} | | |"


if __name__ == "__main__":
    main()
