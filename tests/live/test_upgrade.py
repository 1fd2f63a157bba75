"""An upgrade or a restart goes unnoticed: nothing is refused, lost, or left half-way."""

from __future__ import annotations

import http.client
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.crowd import Crowd
from tests.doors import Doors
from tests.servers import Api, Server, answers, free_port, wait_until
from tests.steady_scans import SteadyScans

ROOT = Path(__file__).parents[2]
#: More of it: UPGRADE_STREAMS=1000 UPGRADE_TURNS=10 UPGRADE_KILLS=50.
STREAMS = int(os.environ.get("UPGRADE_STREAMS", "50"))
TURNS = int(os.environ.get("UPGRADE_TURNS", "2"))
KILLS = int(os.environ.get("UPGRADE_KILLS", "1"))
#: The longest that a screen may be away, in seconds; a browser waits 1 to 3 of them by itself.
BACK_S = 5.0
UNLIMITED = dict.fromkeys(("max_streams_person", "max_streams_venue", "max_per_address"), "0")

ADDITIVE = """
STATEMENTS = (
    'ALTER TABLE "reservation" ADD COLUMN "later_{n}" INTEGER',
    'CREATE TABLE "later_{n}" ("id" INTEGER NOT NULL PRIMARY KEY)',
)
def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
"""
#: Leaves the earlier version without a table that it writes.
NOT_ADDITIVE = """
STATEMENTS = ('ALTER TABLE "overbooking" RENAME TO "overbooking_{n}"',
              'ALTER TABLE "overbooking_{n}" RENAME TO "overbooking"')
def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
"""
FAILING = """
def up(migrator, db):
    db.execute_sql('CREATE TABLE "half_{n}" ("id" INTEGER)')
    db.execute_sql('DROP TABLE "none_of_this_name"')
"""


class Box:
    """A tree whose code changes under a running server, as an installation changes it."""

    def __init__(self, tree: Path, server: Server) -> None:
        self.tree, self.server, self.added = tree, server, 0
        server.root = tree
        server.env.pop("PYTHONPATH", None)

    def add_migration(self, text: str) -> str:
        self.added += 1
        name = f"9{self.added:03}_later"
        path = self.tree / "reservas" / "store" / "migrations" / f"{name}.py"
        path.write_text(text.format(n=self.added))
        return name

    def drop_migration(self, name: str) -> None:
        (self.tree / "reservas" / "store" / "migrations" / f"{name}.py").unlink()

    def hold_sockets(self, *more: str) -> None:
        """Let a program hold its sockets, and start it again each time it ends."""
        own = f"127.0.0.1:{self.server.port}"
        activator = str(ROOT / "tests" / "activator.py")
        self.server.within = [sys.executable, activator, own, *more, "--"]

    def upgrade(self) -> str:
        return self.server.cli("upgrade")

    def refuses(self) -> str:
        """Run an upgrade that must be refused, and return the one line that says why."""
        done = subprocess.run(
            [*self.server.command, "upgrade"],
            env=self.server.env,
            cwd=self.tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        return done.stderr

    def master(self) -> int:
        return int((self.server.folder / "data" / "serve.lock").read_text().split()[0])

    def tables(self) -> set[str]:
        with closing(sqlite3.connect(self.server.folder / "data" / "reservas.db")) as link:
            return {name for (name,) in link.execute("SELECT name FROM sqlite_master")}


class Prometheus:
    """Asks for the figures all the time, by new connections, and counts what is answered."""

    def __init__(self, port: int) -> None:
        self.answered: Counter[str] = Counter()
        self._port, self._over = port, threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        while not self._over.wait(0.1):
            link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                link.request("GET", "/metrics")
                self.answered[str(link.getresponse().status)] += 1
            except OSError as error:
                self.answered[repr(error)] += 1
            link.close()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(40)


@pytest.fixture
def box(tmp_path: Path, provisioned: Server) -> Iterator[Box]:
    """Return one that does not run yet, with the venues `1` and `10`."""
    tree = tmp_path / "tree"
    for name in ("reservas", "static", "templates"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, tree)
    folder = tmp_path / "server"
    shutil.copytree(provisioned.folder / "data", folder / "data")
    server = Server(folder, **UNLIMITED)
    server.prepared = dict(provisioned.prepared)
    yield Box(tree, server)
    server.stop()


def newest_event(server: Server, token: str) -> int:
    api = Api(server, token)
    head: str = api.insist("GET", "/api/reservas?businessId=1")["lastEventId"]
    api.close()
    return int(head.partition("-")[2])


@pytest.mark.timed
@pytest.mark.timeout(60 + 60 * TURNS)
def test_restarts_and_upgrades_under_streams_and_scans_go_unnoticed(box: Box) -> None:
    """By turns a reload with a migration, and a restart: what systemd holds refuses nobody.

    Nor whoever asks for the figures, at an address of their own.
    """
    figures = free_port()
    box.server.env["RESERVAS_METRICS_BIND"] = f"127.0.0.1:{figures}"
    box.hold_sockets(f"127.0.0.1:{figures}")
    server = box.server.start()
    prometheus = Prometheus(figures)
    token = server.token("1")
    scans = SteadyScans(server, token)
    crowd = Crowd(server.port, "1", STREAMS, scans.start, token)
    try:
        for turn in range(TURNS):
            name = box.add_migration(NOT_ADDITIVE if turn % 2 else ADDITIVE)
            said = box.upgrade()
            assert f"applied: {name}\n" in said
            assert ("was restarted" if turn % 2 else "was reloaded") in said
            crowd.wait_for(open=STREAMS)
        scans.stop()
        newest = newest_event(server, token)
        found = crowd.wait_for(newest=[newest])
    finally:
        scans.stop()
        prometheus.stop()
        crowd.close()
    print(f"\n{TURNS} turns: {len(scans.waits)} scans, slowest {max(scans.waits):.2f} s; {found}")
    assert scans.failed == []
    assert set(prometheus.answered) == {"200"}, prometheus.answered
    assert found["wrong"] == []
    assert found["refused"] == 0
    assert found["returns"] == STREAMS * TURNS
    assert found["longest_away_s"] < BACK_S


def test_a_migration_that_fails_changes_nothing_and_earlier_versions_refuse_what_they_cannot_read(
    box: Box,
) -> None:
    added, before = box.add_migration(ADDITIVE), box.tables()
    failing = box.add_migration(FAILING)
    said = box.refuses()
    assert f"the migration to {failing} fails on a copy of the database: no such table" in said
    assert "nothing was changed" in said
    assert box.tables() == before
    assert not list((box.server.folder / "data").glob("upgrade-rehearsal*"))

    box.drop_migration(failing)
    assert f"applied: {added}\n" in box.upgrade()
    box.drop_migration(added)  # the earlier version is back, and goes on with what was added
    assert "already at the newest schema" in box.upgrade()
    changed = box.add_migration(NOT_ADDITIVE)
    box.upgrade()
    box.drop_migration(changed)
    with pytest.raises(AssertionError, match=r"^reservas: the database is of a newer "):
        box.server.cli("serve")


def test_code_that_does_not_start_is_refused_before_anything_is_done(box: Box) -> None:
    box.add_migration(ADDITIVE)
    before = box.tables()
    with (box.tree / "wsgi.py").open("a") as file:
        file.write("raise RuntimeError('half an installation')\n")
    assert "does not start here: RuntimeError: half an installation" in box.refuses()
    assert box.tables() == before


def test_a_server_that_nobody_restarts_is_reloaded_without_a_gap_or_left_alone(box: Box) -> None:
    server = box.server.start()
    old = server.workers()
    with (box.tree / "wsgi.py").open("a") as file:
        file.write("__import__('time').sleep(1)\n")
    server.signal(signal.SIGHUP)
    wait_until(lambda: server.children() - old, 20, "the start of new workers")
    answered = 0
    while server.workers() == old:  # which go on until the new ones are up
        assert answers(server.port, "/healthz")
        answered += 1
    assert answered > 3
    wait_until(lambda: not server.workers() & old, 20, "the end of the old ones")

    with (box.tree / "gunicorn.conf.py").open("a") as file:
        file.write("# what the master has loaded\n")
    said = box.refuses()
    assert f"nobody would start the server again: stop process {box.master()}" in said
    assert server.ready()
    server.stop()
    assert "no server runs: start it" in box.upgrade()


@pytest.mark.timeout(60 + 20 * KILLS)
def test_an_upgrade_that_is_killed_anywhere_leaves_all_whole_and_can_be_repeated(box: Box) -> None:
    box.hold_sockets()
    server = box.server.start()
    doors = Doors(server, server.token("1"), clients=2, pause_s=0.02)
    chance, ended, applied = random.Random(), Counter[bool](), 0
    try:
        for turn in range(KILLS):
            name = box.add_migration(NOT_ADDITIVE if turn % 2 else ADDITIVE)
            process = subprocess.Popen(
                [*server.command, "upgrade"],
                env=server.env,
                cwd=box.tree,
                stdout=subprocess.DEVNULL,
            )
            try:
                process.wait(chance.uniform(0.2, 4))
            except subprocess.TimeoutExpired:
                process.kill()
            ended[process.wait() == 0] += 1
            applied += f"applied: {name}" not in box.upgrade()
            wait_until(server.ready, 20, "the server")
    finally:
        doors.stop()
    print(f"\n{KILLS} upgrades, killed {ended[False]}, of them applied before {applied}")
    doors.verify()  # answered is stored, once; `check` finds nothing wrong
    assert not doors.refused.keys() - {"busy"}
