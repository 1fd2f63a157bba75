"""`reservas restore` puts a verified copy in place, keeps the old, and brings no access back."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reservas.config import Settings
from reservas.services import backups, restoring
from reservas.store import close, migrate, schema
from reservas.store import restoring as store_restoring
from tests.cli.conftest import Box
from tests.servers import free_port

NAMES = "SELECT name FROM venue ORDER BY name"


def kept(box: Box) -> list[Path]:
    return sorted((box.folder / "data").glob("*.before-*"))


def cut_off(box: Box, name: str) -> bytes:
    """Rename the venue by a program that is killed then, and return the log that it leaves."""
    script = "import sqlite3, os, sys; db = sqlite3.connect('data/reservas.db');"
    script += "db.execute('UPDATE venue SET name = ?', sys.argv[1:]); db.commit();"
    script += "os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", script, name], cwd=box.folder, check=False)
    return box.database.with_name("reservas.db-wal").read_bytes()


def test_what_was_copied_is_back_and_the_old_is_kept(box: Box) -> None:
    box.works("backup", "copy.db")
    (epoch,) = box.rows("SELECT epoch FROM venue")
    key = box.folder / "data" / "secret_key"
    first_key = key.read_bytes()
    box.works("business", "set", "bar", "--name", "Later")
    key.write_bytes(b"another key of later times")
    said = box.works("restore", "copy.db")
    old, old_key = kept(box)
    assert said.startswith(f"restored: {box.database}\ncopy: copy.db, of 20")
    assert f"kept: {old}\nkept: {old_key}\n" in said
    assert box.rows(NAMES) == [("El Bar",)]
    assert box.rows("SELECT epoch FROM venue") != [epoch]
    assert key.read_bytes() == first_key
    audit = "SELECT action, who FROM audit WHERE chain = 0 ORDER BY n DESC LIMIT 1"
    assert box.rows(audit) == [("respaldo.restored", "consola")]
    assert old_key.read_bytes() == b"another key of later times"
    with closing(sqlite3.connect(old)) as link:
        assert link.execute(NAMES).fetchall() == [("Later",)]
    assert {each.stat().st_mode & 0o777 for each in (old, old_key, key, box.database)} == {0o600}
    assert ": WRONG" not in box.works("check")
    box.works("restore", str(old))  # and so a restore is taken back
    assert box.rows(NAMES) == [("Later",)]


def test_on_a_new_machine_it_needs_nothing_else(box: Box, tmp_path: Path) -> None:
    box.works("backup", "copy.db")
    key = (box.folder / "data" / "secret_key").read_bytes()
    shutil.rmtree(box.folder / "data")
    said = box.works("restore", "copy.db")
    assert "all roles are as in the copy" in said
    assert box.rows(NAMES) == [("El Bar",)]
    assert (box.folder / "data" / "secret_key").read_bytes() == key
    assert (box.folder / "data").stat().st_mode & 0o777 == 0o700
    box.works("check")


def test_a_damaged_database_is_replaced_and_kept(box: Box) -> None:
    box.works("backup", "copy.db")
    damaged = b"\xa5" * 100 + box.database.read_bytes()[100:]
    box.database.write_bytes(damaged)
    box.refuses("check", naming="put a copy back with `reservas restore FILE`")
    box.works("restore", "copy.db")
    assert box.rows(NAMES) == [("El Bar",)]
    (old,) = kept(box)
    assert old.read_bytes() == damaged


def test_a_log_that_cannot_be_folded_is_kept_and_does_not_join_the_new_database(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.works("backup", "copy.db")
    log = cut_off(box, "Newest")
    monkeypatch.setattr(store_restoring, "fold", lambda path: False)
    monkeypatch.setattr(store_restoring, "_take_away", lambda connection, present: False)
    chosen = Settings(database=f"sqlite:///{box.database}")
    done = restoring.restore(chosen, box.folder / "copy.db")
    old, old_log = done.kept
    assert old_log.name == f"{old.name}-wal"
    assert old_log.read_bytes() == log
    assert box.rows(NAMES) == [("El Bar",)]
    with closing(sqlite3.connect(old)) as link:
        assert link.execute(NAMES).fetchall() == [("Newest",)]


def test_a_bare_database_with_its_log_is_taken_too(box: Box) -> None:
    """As somebody has put it aside, by `cp` from a box that was switched off."""
    cut_off(box, "Newest")
    aside = shutil.copytree(box.folder / "data", box.folder / "aside")
    assert (aside / "reservas.db-wal").stat().st_size
    box.works("business", "set", "bar", "--name", "Later")
    assert "key: FILE has none" in box.works("restore", "aside/reservas.db")
    assert box.rows(NAMES) == [("Newest",)]
    assert (aside / "reservas.db-wal").stat().st_size  # nothing was changed there


def earlier(box: Box, monkeypatch: pytest.MonkeyPatch, upto: str) -> Path:
    """Return a copy with the schema of an earlier version."""
    folder, place = box.folder / "earlier", box.folder / "old.db"
    folder.mkdir()
    for path in schema.FOLDER.glob("0*.py"):
        if path.name < upto:
            shutil.copy(path, folder)
    with monkeypatch.context() as before:
        before.setattr(schema, "FOLDER", folder)
        migrate(Settings(database=f"sqlite:///{place}"))
        close()
    with closing(sqlite3.connect(place)) as link:
        link.executescript(
            "INSERT INTO venue (id, slug, name, timezone, cutoff, seq, epoch, created_ms)"
            " VALUES (1, 'bar', 'Earlier', 'UTC', '04:00', 0, 'e', 0)"
        )
    return place


def test_a_copy_of_an_earlier_version_is_migrated(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = earlier(box, monkeypatch, "0012")
    assert "applied: 0012_waiting_list, " in box.works("restore", str(old))
    assert box.rows(NAMES) == [("Earlier",)]
    assert ": WRONG" not in box.works("check")


def test_a_copy_of_a_newer_version_is_refused(box: Box) -> None:
    box.works("backup", "copy.db")
    with closing(sqlite3.connect(box.folder / "copy.db")) as link:
        link.executescript("INSERT INTO schema_migration VALUES (99, '0999_later', '')")
    before = box.database.read_bytes()
    box.refuses(
        "restore", "copy.db", naming="it is of a newer version (0999_later): install that one first"
    )
    assert box.database.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "naming"),
    [
        ("absent.db", "absent.db is not there"),
        ("data", "is no file"),
        ("letter.db", "file is not a database"),
        ("empty.db", "it is not a database of Reservas"),
        ("other.db", "it is not a database of Reservas"),
        ("cut.db", "was not put back: "),
        ("scratched.db", "was not put back: "),
        ("data/reservas.db", "is the database itself"),
    ],
)
def test_an_unusable_copy_is_named_and_changes_nothing(box: Box, name: str, naming: str) -> None:
    box.works("backup", "copy.db")
    sound = (box.folder / "copy.db").read_bytes()
    (box.folder / "letter.db").write_text("dear all, " * 1000)
    (box.folder / "empty.db").touch()
    (box.folder / "cut.db").write_bytes(sound[: len(sound) // 2])
    (box.folder / "scratched.db").write_bytes(sound[:4096] + b"\xa5" * 40960 + sound[45056:])
    with closing(sqlite3.connect(box.folder / "other.db")) as link:
        link.executescript("CREATE TABLE venue (x)")
    before = {each: each.read_bytes() for each in (box.folder / "data").iterdir() if each.is_file()}
    box.refuses("restore", name, naming=naming)
    for path, content in before.items():
        if path.name != "serve.lock":
            assert path.read_bytes() == content, path
    assert not kept(box)
    assert not list((box.folder / "data").glob("*.restoring*"))
    assert box.rows(NAMES) == [("El Bar",)]


def test_while_another_program_has_the_database_it_is_refused(box: Box) -> None:
    """One that had the old file would remove the new one's log when it ends."""
    box.works("backup", "copy.db")
    with closing(sqlite3.connect(box.database)) as link:
        link.execute("SELECT * FROM venue").fetchall()
        box.refuses("restore", "copy.db", naming="open: stop it first")
    box.works("restore", "copy.db")


def test_while_a_copy_is_put_back_no_server_starts_and_no_copy_is_made(box: Box) -> None:
    box.works("backup", "copy.db")
    script = "import sys; from pathlib import Path; from reservas.cli import sole;"
    script += "sole.insist_on_sole_server(Path('data'), 'restore');"
    script += "from reservas.services import backups; from reservas.config import load\n"
    script += "with backups.alone(load()): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=box.folder,
        env=box.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        naming = f"a copy is being put back into {box.folder}/data, by process {holder.pid}"
        box.refuses("serve", "--bind", f"127.0.0.1:{free_port()}", naming=naming)
        box.refuses("restore", "copy.db", naming=naming)
        box.refuses("backup", "more.db", naming="another backup or restore runs")
        holder.communicate("")


PEOPLE = """
    INSERT INTO person (id, email, password_hash, created_ms) VALUES
      (1, 'owner@x', 'old', 0), (2, 'fired@x', 'old', 0), (3, 'lowered@x', 'old', 0);
    INSERT INTO device_token (id, name, secret_hash, created_ms) VALUES
      (1, 'door', 'kept', 0), (2, 'lost phone', 'stolen', 0);
    INSERT INTO membership (venue_id, person_id, device_id, role) VALUES
      (1, 1, NULL, 'owner'), (1, 2, NULL, 'host'), (1, 3, NULL, 'owner'),
      (1, NULL, 1, 'door'), (1, NULL, 2, 'door');
    INSERT INTO session (secret_hash, person_id, created_ms, seen_ms)
      VALUES ('cookie', 2, 0, 0), ('other', 1, 0, 0);
    INSERT INTO invitation (code_hash, venue_id, nombre, until_ms) VALUES ('code', 1, '', 9e15);
    INSERT INTO account_link (code_hash, kind, person_id, note, made_by, created_ms, until_ms)
      VALUES ('link', 'reset', 1, '', 'x', 0, 9e15);
"""
SINCE = """
    DELETE FROM session; DELETE FROM account_link;
    DELETE FROM membership WHERE person_id = 2 OR device_id = 2;
    DELETE FROM person WHERE id = 2; DELETE FROM device_token WHERE id = 2;
    UPDATE membership SET role = 'door' WHERE person_id = 3;
    UPDATE person SET password_hash = 'new' WHERE id = 1;
    INSERT INTO session (secret_hash, person_id, created_ms, seen_ms) VALUES ('fresh', 1, 0, 0);
"""
LINKS = """
    SELECT secret_hash FROM session UNION SELECT code_hash FROM invitation
    UNION SELECT code_hash FROM account_link
"""
HELD = """
    SELECT COALESCE(email, name), role FROM membership
      LEFT JOIN person ON person.id = person_id LEFT JOIN device_token d ON d.id = device_id
    ORDER BY 1
"""


def test_who_lost_access_since_does_not_get_it_back(box: Box) -> None:
    box.change(PEOPLE)
    box.works("backup", "copy.db")
    box.change(SINCE)
    said = box.works("restore", "copy.db")
    assert "2 taken away since the copy stay away" in said
    assert box.rows(HELD) == [("door", "door"), ("lowered@x", "door"), ("owner@x", "owner")]
    assert box.rows("SELECT secret_hash FROM device_token") == [("kept",)]
    assert box.rows("SELECT password_hash FROM person WHERE id = 1") == [("new",)]
    assert box.rows(LINKS) == []
    assert ": WRONG" not in box.works("check")


def test_without_the_database_of_before_access_is_the_copys_and_said_so(box: Box) -> None:
    box.change(PEOPLE)
    box.works("backup", "copy.db")
    box.change(SINCE)
    box.database.write_bytes(b"\xa5" * 5000)
    said = box.works("restore", "copy.db")
    assert "access: 2 devices and all roles are as in the copy, taken away since or not" in said
    assert len(box.rows(HELD)) == 5
    assert box.rows(LINKS) == []


def test_a_key_of_the_settings_that_is_another_is_named(box: Box) -> None:
    box.works("backup", "copy.db")
    said = box.works("restore", "copy.db", secret_key="another one than before")
    assert "key: RESERVAS_SECRET_KEY is another than the copy's" in said


def test_a_copy_names_no_file_but_keys(box: Box) -> None:
    box.works("backup", "copy.db")
    with closing(sqlite3.connect(box.folder / "copy.db")) as link:
        for name in ("../evil", "reservas.db", "secret_key/../x", "secret_key.old"):
            link.execute("INSERT INTO backup VALUES (?, ?)", (f"{backups.KEY}{name}", b"x"))
        link.commit()
    (box.folder / "data" / "secret_key").unlink()
    box.works("restore", "copy.db")
    assert not (box.folder / "evil").exists()
    assert (box.folder / "data" / "secret_key.old").read_bytes() == b"x"
    assert box.rows(NAMES) == [("El Bar",)]


def test_a_key_that_was_replaced_since_stays_so_and_verifies_what_it_signed(box: Box) -> None:
    box.works("backup", "copy.db")
    first, folder = box.works("key", "list"), box.folder / "data"
    box.works("key", "rotate")
    before = {name: (folder / name).read_bytes() for name in ("secret_key", "secret_key.old")}
    box.works("restore", "copy.db")
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert first.split()[3] in box.works("key", "list")
