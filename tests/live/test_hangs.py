"""A hung test ends and is named, and the servers it had started end with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import wait_until

ROOT = Path(__file__).parents[2]
TESTS = """
import signal, time
import gevent
import pytest
from tests.conftest import make_server, provisioned, server


def test_in_sleep():
    time.sleep(60)


def test_in_the_loop():
    gevent.sleep(60)


def test_in_a_greenlet():
    gevent.spawn(time.sleep, 60).join()


@pytest.mark.timeout(1, func_only=True)
def test_with_a_server(server):
    print("master", server.process.pid)
    time.sleep(60)


def test_deaf_with_a_server(server):
    print("master", server.process.pid, flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(60)


def test_that_is_well():
    gevent.spawn(time.sleep, 0).join()
"""


def run_pytest(folder: Path, *options: str) -> str:
    """Run `TESTS` under this project's settings; return what was printed."""
    path = folder / "test_hanging.py"
    path.write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "setup.cfg"), str(path)]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout + done.stderr


def group_is_gone(output: str) -> bool:
    """Tell whether the server that a test printed has ended, its workers too."""
    found = re.search(r"master (\d+)", output)
    assert found, output
    try:
        os.killpg(int(found[1]), 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("name", ["in_sleep", "in_the_loop", "in_a_greenlet"])
def test_a_hung_test_fails_by_its_name_and_the_next_one_runs(tmp_path: Path, name: str) -> None:
    output = run_pytest(tmp_path, "-o", "timeout=1", "-k", f"{name} or is_well")
    assert f"::test_{name} - Failed: Timeout" in output
    assert "1 failed, 1 passed" in output


def test_a_hung_test_stops_its_server(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-k", "test_with_a_server")
    assert "::test_with_a_server - Failed: Timeout" in output
    assert group_is_gone(output)


def test_a_hang_that_no_signal_reaches_ends_the_run_and_its_server(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-s", "-o", "faulthandler_timeout=10", "-k", "deaf")
    assert "in test_deaf_with_a_server" in output
    wait_until(lambda: group_is_gone(output), 15, "the end of the server")
