"""A process that has imported the command, and forks for each run: the start is most of the time.

Reads one run per line from stdin, as JSON; writes its exit code to stdout.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import IO, Any


class Zygote:
    """The other end: runs `reservas` in a folder, as `subprocess.run` would."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.zygote"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, words: tuple[str, ...], cwd: Path, env: dict[str, str], stdin: str
    ) -> subprocess.CompletedProcess[str]:
        (self._folder / "in").write_text(stdin)
        asked = {"words": words, "cwd": str(cwd), "env": env, "files": str(self._folder)}
        _pipe(self._process.stdin).write(json.dumps(asked) + "\n")
        _pipe(self._process.stdin).flush()
        code = int(_pipe(self._process.stdout).readline())
        out, err = ((self._folder / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(words, code, out, err)

    def close(self) -> None:
        self._process.communicate()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def serve() -> None:
    from reservas import cli

    for name in set(cli.COMMANDS.values()) - {"serve"}:
        import_module(f"reservas.cli.{name}")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            become(json.loads(line))
            cli.main()
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


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
