"""Which files make up the page, by their checksums: what a phone keeps to open without a server."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

#: What browsers ask for; licences and lists lie beside it.
SERVED = frozenset({".js", ".css", ".svg", ".png", ".wasm"})
WORKER = "sw.js"
#: What the page begins with, and how a module names another that it needs at once.
MAIN = "main.js"
IMPORT = re.compile(r'^(?:import|export)\b[^"]*?\bfrom "(\.[^"]+)"|^import "(\.[^"]+)"', re.M)


def files(static: Path) -> dict[str, str]:
    """Map the address of each file of the page to its checksum, as `integrity` has it."""
    paths = (path for path in sorted(static.rglob("*")) if path.suffix in SERVED)
    return {
        f"/static/{path.relative_to(static).as_posix()}": _of_file(path, *_stamp(path))
        for path in paths
        if path.name != WORKER
    }


def modules(static: Path) -> list[str]:
    """Return the addresses of the modules that the page needs at once.

    Told of all of them a browser asks for all at the same time, and not for one level of imports
    after the other.
    """
    base = static.resolve()
    found = [base / MAIN]
    for path in found:
        needed = ((path.parent / name).resolve() for name in _imports(path, *_stamp(path)))
        found += [each for each in dict.fromkeys(needed) if each not in found]
    return [f"/static/{path.relative_to(base).as_posix()}" for path in found]


@lru_cache(maxsize=1024)
def _imports(path: Path, _modified_ns: int, _size: int) -> list[str]:
    return [one or other for one, other in IMPORT.findall(path.read_text())]


def checksum(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def version(parts: list[str]) -> str:
    """Return a name for what `parts` say, another one when any of them changes."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int]:
    known = path.stat()
    return known.st_mtime_ns, known.st_size


@lru_cache(maxsize=1024)  # a file that was written again has another stamp
def _of_file(path: Path, _modified_ns: int, _size: int) -> str:
    return checksum(path.read_bytes())
