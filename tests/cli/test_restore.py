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


def test_what_was_copied_is_back_and_the_old_is_kept(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    (epoch,) = quick_box.rows("SELECT epoch FROM venue")
    key = quick_box.folder / "data" / "secret_key"
    first_key = key.read_bytes()
    quick_box.works("business", "set", "bar", "--name", "Later")
    key.write_bytes(b"another key of later times")
    said = quick_box.works("restore", "copy.db")
    old, old_key = kept(quick_box)
    assert said.startswith(f"restored: {quick_box.database}\ncopy: copy.db, of 20")
    assert f"kept: {old}\nkept: {old_key}\n" in said
    assert quick_box.rows(NAMES) == [("El Bar",)]
    assert quick_box.rows("SELECT epoch FROM venue") != [epoch]
    assert key.read_bytes() == first_key
    audit = "SELECT action, who FROM audit WHERE chain = 0 ORDER BY n DESC LIMIT 1"
    assert quick_box.rows(audit) == [("respaldo.restored", "consola")]
    assert old_key.read_bytes() == b"another key of later times"
    with closing(sqlite3.connect(old)) as link:
        assert link.execute(NAMES).fetchall() == [("Later",)]
    assert {each.stat().st_mode & 0o777 for each in (old, old_key, key, quick_box.database)} == {
        0o600
    }
    assert ": WRONG" not in quick_box.works("check")
    quick_box.works("restore", str(old))  # and so a restore is taken back
    assert quick_box.rows(NAMES) == [("Later",)]


def test_on_a_new_machine_it_needs_nothing_else(quick_box: Box, tmp_path: Path) -> None:
    quick_box.works("backup", "copy.db")
    key = (quick_box.folder / "data" / "secret_key").read_bytes()
    shutil.rmtree(quick_box.folder / "data")
    said = quick_box.works("restore", "copy.db")
    assert "all roles are as in the copy" in said
    assert quick_box.rows(NAMES) == [("El Bar",)]
    assert (quick_box.folder / "data" / "secret_key").read_bytes() == key
    assert (quick_box.folder / "data").stat().st_mode & 0o777 == 0o700
    quick_box.works("check")


def test_a_damaged_database_is_replaced_and_kept(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    damaged = b"\xa5" * 100 + quick_box.database.read_bytes()[100:]
    quick_box.database.write_bytes(damaged)
    quick_box.refuses("check", naming="put a copy back with `reservas restore FILE`")
    quick_box.works("restore", "copy.db")
    assert quick_box.rows(NAMES) == [("El Bar",)]
    (old,) = kept(quick_box)
    assert old.read_bytes() == damaged


def test_a_log_that_cannot_be_folded_is_kept_and_does_not_join_the_new_database(
    quick_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_box.works("backup", "copy.db")
    log = cut_off(quick_box, "Newest")
    monkeypatch.setattr(store_restoring, "fold", lambda path: False)
    monkeypatch.setattr(store_restoring, "_take_away", lambda connection, present: False)
    chosen = Settings(database=f"sqlite:///{quick_box.database}")
    done = restoring.restore(chosen, quick_box.folder / "copy.db")
    old, old_log = done.kept
    assert old_log.name == f"{old.name}-wal"
    assert old_log.read_bytes() == log
    assert quick_box.rows(NAMES) == [("El Bar",)]
    with closing(sqlite3.connect(old)) as link:
        assert link.execute(NAMES).fetchall() == [("Newest",)]


def test_a_bare_database_with_its_log_is_taken_too(quick_box: Box) -> None:
    """As somebody has put it aside, by `cp` from a box that was switched off."""
    cut_off(quick_box, "Newest")
    aside = shutil.copytree(quick_box.folder / "data", quick_box.folder / "aside")
    assert (aside / "reservas.db-wal").stat().st_size
    quick_box.works("business", "set", "bar", "--name", "Later")
    assert "key: FILE has none" in quick_box.works("restore", "aside/reservas.db")
    assert quick_box.rows(NAMES) == [("Newest",)]
    assert (aside / "reservas.db-wal").stat().st_size  # nothing was changed there


def earlier(quick_box: Box, monkeypatch: pytest.MonkeyPatch, upto: str) -> Path:
    """Return a copy with the schema of an earlier version."""
    folder, place = quick_box.folder / "earlier", quick_box.folder / "old.db"
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
    quick_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = earlier(quick_box, monkeypatch, "0012")
    assert "applied: 0012_waiting_list, " in quick_box.works("restore", str(old))
    assert quick_box.rows(NAMES) == [("Earlier",)]
    assert ": WRONG" not in quick_box.works("check")


def test_a_copy_of_a_newer_version_is_refused(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    with closing(sqlite3.connect(quick_box.folder / "copy.db")) as link:
        link.executescript("INSERT INTO schema_migration VALUES (99, '0999_later', '')")
    before = quick_box.database.read_bytes()
    quick_box.refuses(
        "restore", "copy.db", naming="it is of a newer version (0999_later): install that one first"
    )
    assert quick_box.database.read_bytes() == before


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
def test_an_unusable_copy_is_named_and_changes_nothing(
    quick_box: Box, name: str, naming: str
) -> None:
    quick_box.works("backup", "copy.db")
    sound = (quick_box.folder / "copy.db").read_bytes()
    (quick_box.folder / "letter.db").write_text("dear all, " * 1000)
    (quick_box.folder / "empty.db").touch()
    (quick_box.folder / "cut.db").write_bytes(sound[: len(sound) // 2])
    (quick_box.folder / "scratched.db").write_bytes(sound[:4096] + b"\xa5" * 40960 + sound[45056:])
    with closing(sqlite3.connect(quick_box.folder / "other.db")) as link:
        link.executescript("CREATE TABLE venue (x)")
    before = {
        each: each.read_bytes() for each in (quick_box.folder / "data").iterdir() if each.is_file()
    }
    quick_box.refuses("restore", name, naming=naming)
    for path, content in before.items():
        if path.name != "serve.lock":
            assert path.read_bytes() == content, path
    assert not kept(quick_box)
    assert not list((quick_box.folder / "data").glob("*.restoring*"))
    assert quick_box.rows(NAMES) == [("El Bar",)]


def test_while_another_program_has_the_database_it_is_refused(quick_box: Box) -> None:
    """One that had the old file would remove the new one's log when it ends."""
    quick_box.works("backup", "copy.db")
    with closing(sqlite3.connect(quick_box.database)) as link:
        link.execute("SELECT * FROM venue").fetchall()
        quick_box.refuses("restore", "copy.db", naming="open: stop it first")
    quick_box.works("restore", "copy.db")


def test_while_a_copy_is_put_back_no_server_starts_and_no_copy_is_made(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    script = "import sys; from pathlib import Path; from reservas.cli import sole;"
    script += "sole.insist_on_sole_server(Path('data'), 'restore');"
    script += "from reservas.services import backups; from reservas.config import load\n"
    script += "with backups.alone(load()): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=quick_box.folder,
        env=quick_box.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        naming = f"a copy is being put back into {quick_box.folder}/data, by process {holder.pid}"
        quick_box.refuses("serve", "--bind", f"127.0.0.1:{free_port()}", naming=naming)
        quick_box.refuses("restore", "copy.db", naming=naming)
        quick_box.refuses("backup", "more.db", naming="another backup or restore runs")
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


def test_who_lost_access_since_does_not_get_it_back(quick_box: Box) -> None:
    quick_box.change(PEOPLE)
    quick_box.works("backup", "copy.db")
    quick_box.change(SINCE)
    said = quick_box.works("restore", "copy.db")
    assert "2 taken away since the copy stay away" in said
    assert quick_box.rows(HELD) == [("door", "door"), ("lowered@x", "door"), ("owner@x", "owner")]
    assert quick_box.rows("SELECT secret_hash FROM device_token") == [("kept",)]
    assert quick_box.rows("SELECT password_hash FROM person WHERE id = 1") == [("new",)]
    assert quick_box.rows(LINKS) == []
    assert ": WRONG" not in quick_box.works("check")


def test_without_the_database_of_before_access_is_the_copys_and_said_so(quick_box: Box) -> None:
    quick_box.change(PEOPLE)
    quick_box.works("backup", "copy.db")
    quick_box.change(SINCE)
    quick_box.database.write_bytes(b"\xa5" * 5000)
    said = quick_box.works("restore", "copy.db")
    assert "access: 2 devices and all roles are as in the copy, taken away since or not" in said
    assert len(quick_box.rows(HELD)) == 5
    assert quick_box.rows(LINKS) == []


def test_a_key_of_the_settings_that_is_another_is_named(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    said = quick_box.works("restore", "copy.db", secret_key="another one than before")
    assert "key: RESERVAS_SECRET_KEY is another than the copy's" in said


def test_a_copy_names_no_file_but_keys(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    with closing(sqlite3.connect(quick_box.folder / "copy.db")) as link:
        for name in ("../evil", "reservas.db", "secret_key/../x", "secret_key.old"):
            link.execute("INSERT INTO backup VALUES (?, ?)", (f"{backups.KEY}{name}", b"x"))
        link.commit()
    (quick_box.folder / "data" / "secret_key").unlink()
    quick_box.works("restore", "copy.db")
    assert not (quick_box.folder / "evil").exists()
    assert (quick_box.folder / "data" / "secret_key.old").read_bytes() == b"x"
    assert quick_box.rows(NAMES) == [("El Bar",)]


def test_a_key_that_was_replaced_since_stays_so_and_verifies_what_it_signed(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db")
    first, folder = quick_box.works("key", "list"), quick_box.folder / "data"
    quick_box.works("key", "rotate")
    before = {name: (folder / name).read_bytes() for name in ("secret_key", "secret_key.old")}
    quick_box.works("restore", "copy.db")
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert first.split()[3] in quick_box.works("key", "list")
