"""A process that has imported the command, and forks for each run: the start is most of the time.

Reads one run per line from stdin, as JSON; writes its exit code to stdout. A run may be killed
by SIGKILL: before its n-th step, of those that touch a file or the database, or after a time.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]


class Zygote:
    """The other end: runs `reservas` in a folder, as `subprocess.run` would, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        words: tuple[str, ...],
        cwd: Path,
        env: dict[str, str],
        stdin: str = "",
        step: int = 0,
        after_s: float = 0,
    ) -> subprocess.CompletedProcess[str]:
        asked = {"words": words, "cwd": str(cwd), "env": env, "files": str(self._folder)}
        asked |= {"step": step, "after_s": after_s}
        with self._lock:
            (self._folder / "in").write_text(stdin)
            _pipe(self._process.stdin).write(json.dumps(asked) + "\n")
            _pipe(self._process.stdin).flush()
            code = int(_pipe(self._process.stdout).readline())
            out, err = ((self._folder / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(words, code, out, err)

    def close(self) -> None:
        self._process.communicate()


@cache
def shared() -> Zygote:
    """Return the one of this process."""
    folder = tempfile.TemporaryDirectory()
    made = Zygote(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(made.close)
    return made


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def serve() -> None:
    from reservas import cli

    for name in set(cli.COMMANDS.values()) - {"serve"}:
        import_module(f"reservas.cli.{name}")
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        asked = json.loads(line)
        if pid == 0:
            become(asked)
            if asked["step"]:
                count_steps(asked["step"])
            end_as(cli.main)
        if asked["after_s"]:
            time.sleep(asked["after_s"])
            os.kill(pid, signal.SIGKILL)  # it is a zombie at the least
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def end_as(main: Callable[[], None]) -> None:
    """End this process with the code of `main`, without taking the interpreter apart."""
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - shown, as an interpreter does
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


#: What changes a file, makes its changes durable, or goes to the database.
STEPS = {"execute", "executemany", "fsync", "rename", "replace", "link", "unlink", "open", "close"}
STEPS |= {"write", "flush", "flock", "lockf", "mkdir", "connect", "fetchall", "fetchone"}


def count_steps(last: int) -> None:
    """Let this process be killed before its step number `last`."""
    from reservas.services import backups

    backups.on_thread = lambda work: work()  # type: ignore[assignment]  # a profile is a thread's
    done = 0

    def count(_frame: object, event: str, called: Any) -> None:
        nonlocal done
        if event == "c_call" and called.__name__ in STEPS:
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def become(asked: dict[str, Any]) -> None:
    """Let this process be the one that was asked for."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    flags = {"in": os.O_RDONLY, "out": os.O_WRONLY | os.O_CREAT | os.O_TRUNC}
    flags["err"] = flags["out"]
    for number, name in enumerate(flags):
        os.dup2(os.open(f"{asked['files']}/{name}", flags[name], 0o600), number)
    sys.stdin, sys.argv = os.fdopen(0), ["reservas", *asked["words"]]


if __name__ == "__main__":
    serve()
