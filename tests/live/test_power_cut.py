"""Whenever the power is cut, the database is whole and has all that was answered.

CRASH_STATES=4000 looks at as many states of the disk, CRASH_SEED=7 at others.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash import recording
from tests.crash.disk import Disk
from tests.crash.recording import Call
from tests.crash.states import examine
from tests.servers import Api, Server, booking, wait_until
from tests.sse import Stream

STATES = int(os.environ.get("CRASH_STATES", "40"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
BOOK = "/api/reservas?businessId=1"
SCAN = "/api/reservas/qr-scan?businessId=1"
BATCH = "/api/reservas/qr-scan/batch?businessId=1"
#: More changes than both workers make between two checkpoints.
BATCHES, SCANS_EACH = 7, 80


def work(server: Server, token: str, door: int, scans: int) -> None:
    """Book, scan, change, and put on the waiting list, one after another."""
    api = Api(server, token)
    party = api.insist("POST", BOOK, booking(numeroPersonas=1900))["reserva"]
    address = f"/api/reservas/{party['id']}?businessId=1"
    for number in range(scans):
        name = f"{door}-{number}"
        body = {"qrCode": party["codigoQR"], "action": "increment", "scanId": name}
        api.insist("POST", SCAN, body)
        if number % 5 == 0:
            api.insist("PATCH", address, {"razonVisita": name})
            waits = {"nombre": f"Espera {name}", "numeroPersonas": 2}
            api.insist("POST", "/api/espera?businessId=1", waits)
    api.close()


def scan_in_batches(server: Server, token: str, batches: int) -> None:
    api = Api(server, token)
    party = api.insist("POST", BOOK, booking(numeroPersonas=1900))["reserva"]
    for batch in range(batches):
        scans = [
            {
                "qrCode": party["codigoQR"],
                "increment": 1,
                "scanId": f"batch-{batch}-{number}",
                "scannedAt": "2026-01-01T00:00:00Z",
            }
            for number in range(SCANS_EACH)
        ]
        api.insist("POST", BATCH, {"deviceNow": "2026-01-01T00:00:00Z", "scans": scans})
    api.close()


def record(
    server: Server, follow: Callable[..., Stream], doors: int, scans: int, batches: int
) -> tuple[Path, list[Call]]:
    """Record a server that works, from its start to its stop; return its files of before too."""
    before, trace = server.folder / "before", server.folder / "trace"
    token = server.token("1")
    shutil.copytree(server.folder / "data", before)
    server.within = recording.within(trace)
    server.start()
    follow(server, token, "1")
    jobs = [threading.Thread(target=work, args=(server, token, n, scans)) for n in range(doors)]
    jobs.append(threading.Thread(target=scan_in_batches, args=(server, token, batches)))
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(60)
    server.stop()
    wait_until(lambda: recording.is_complete(trace), 20, "the end of the recording")
    return before, recording.read(trace)


@pytest.fixture
def unstarted(tmp_path: Path, provisioned: Server) -> Server:
    shutil.copytree(provisioned.folder / "data", tmp_path / "data")
    server = Server(tmp_path)
    server.prepared = dict(provisioned.prepared)
    return server


def test_no_power_cut_loses_an_answer_or_half_a_change(
    unstarted: Server, follow: Callable[..., Stream], tmp_path: Path
) -> None:
    before, calls = record(unstarted, follow, 3, 20, BATCHES)
    data, after = tmp_path / "data", tmp_path / "after"
    checkpoints = [
        each for each in calls if each.name == "fdatasync" and each.path.endswith("reservas.db")
    ]
    assert checkpoints
    found = examine(calls, Disk(before, data), STATES, after, SEED)
    print(f"\nseed {SEED}: {found.states} states, {found.told} answers told before them")
    assert found.told > 20 * STATES
    assert found.lost == found.broken == []
    # The same without a disk that syncs: else the test could not fail.
    control = examine(calls, Disk(before, data, obeys=False), 20, after, SEED)
    print(f"without fsync: {len(control.lost)} lost, {len(control.broken)} broken")
    assert control.lost


def test_what_is_not_synced_at_each_commit_is_found_lost(
    unstarted: Server, follow: Callable[..., Stream], tmp_path: Path
) -> None:
    """The code is ours but for one word, after which SQLite syncs at checkpoints alone."""
    here = Path(__file__).parents[2]
    for name in ("reservas", "static", "templates"):
        shutil.copytree(here / name, tmp_path / "code" / name)
    for name in ("wsgi.py", "gunicorn.conf.py"):
        shutil.copy(here / name, tmp_path / "code")
    dialect = tmp_path / "code" / "reservas" / "store" / "sqlite.py"
    text = dialect.read_text()
    assert "PRAGMA synchronous = full" in text
    dialect.write_text(text.replace("PRAGMA synchronous = full", "PRAGMA synchronous = normal"))
    unstarted.root = tmp_path / "code"
    before, calls = record(unstarted, follow, 2, 10, 0)
    found = examine(calls, Disk(before, tmp_path / "data"), 20, tmp_path / "after", SEED)
    print(f"\nsynchronous=NORMAL: {len(found.lost)} lost, {len(found.broken)} broken")
    assert found.lost
    assert found.broken == []  # NORMAL loses, and breaks nothing
