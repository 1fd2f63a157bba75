"""The tree of another git revision, to measure beside this one."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.servers import ROOT


def named(revision: str) -> str:
    """Return the short name of a commit; the command ends when there is none."""
    done = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "--verify", f"{revision}^{{commit}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{revision} is not a revision: {done.stderr.strip()}")
    return done.stdout.strip()


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """Yield a temporary folder with the tree of `revision`; the interpreter stays this one's."""
    commit = named(revision)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / commit
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(path), commit], check=True)
        try:
            yield path
        finally:
            subprocess.run([*git, "remove", "--force", str(path)], check=True)
