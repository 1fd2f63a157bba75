"""`reservas check` finds each kind of damage, and says which."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Box

TABLE = """
        INSERT INTO zone (venue_id, id, nombre, orden)
        SELECT venue_id, 'z', 'Sala', 0 FROM reservation LIMIT 1;
        INSERT INTO dining_table (venue_id, id, zone_id, nombre, min_personas, max_personas, forma,
                                  x, y, w, h, giro)
        SELECT venue_id, 't', 'z', '1', 1, 4, 'redonda', 0, 0, 80, 80, 0 FROM reservation LIMIT 1;
"""
DAMAGE = {
    "foreign keys": "UPDATE entry SET reservation_id = 'none' WHERE id = 1",
    "events without a hole": "DELETE FROM event WHERE seq = 7",
    "counter equals the newest event": "UPDATE venue SET seq = seq + 1 WHERE slug = 'demo'",
    "attendance is not negative": "UPDATE entry SET cantidad = -1000 WHERE id = 1",
    "entries belong to their venue": """
        UPDATE entry SET venue_id = (SELECT id FROM venue WHERE slug = 'bar') WHERE id = 1""",
    "conflicts are counted when they were admitted": """
        INSERT INTO conflict (id, venue_id, reservation_id, scan_id, increment, usuario, veredicto,
                              scanned_ms, created_ms, request_hash, resolution)
        SELECT 'C', venue_id, id, 'lost', 1, 'x', 'party_full', 0, 0, '', 'admitir'
          FROM reservation LIMIT 1""",
    "figures equal what they count": "UPDATE day_figures SET reservas = reservas + 1",
    "no table is held twice but by choice": f"""{TABLE}
        INSERT INTO occupancy (venue_id, table_id, reservation_id, from_ms, until_ms)
        SELECT venue_id, 't', id, 1, 9 FROM reservation LIMIT 2""",
    "who is awaited or inside holds the tables that were chosen": """
        UPDATE reservation SET mesas = '["t"]' WHERE estado IN ('Activa', 'En Progreso')""",
}


def test_a_sound_database_is_ok_in_every_respect(box: Box) -> None:
    box.works("demo")
    box.works("backup")
    first, *verdicts = box.works("check").splitlines()
    assert not [each for each in verdicts if not each.startswith("room:") and ": ok" not in each]
    assert first == f"database: {box.database}"
    assert verdicts[: len(DAMAGE) + 2] == [f"{name}: ok" for name in ("file", *DAMAGE, "schema")]


#: In the morning nobody of the demo is inside yet.
ENTERED = """
INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario, created_ms,
                   request_hash, answer)
SELECT venue_id, id, 'a', 1, 'QR', 'Puerta 1', 0, '', '' FROM reservation LIMIT 1;
"""


def test_each_damage_is_named_and_the_exit_code_is_1(box: Box) -> None:
    box.works("demo")
    box.change(ENTERED)
    triggers = box.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    box.change("".join(f"DROP TRIGGER {name};" for (name,) in triggers))
    sound = box.database.read_bytes()
    for name, script in DAMAGE.items():
        box.change(script)
        done = box.run("check")
        assert done.returncode == 1, name
        (line,) = [each for each in done.stdout.splitlines() if each.startswith(f"{name}: WRONG")]
        assert line.partition("]; ")[2], "it says what helps"
        assert done.stderr == ""
        box.database.write_bytes(sound)


def test_a_schema_of_its_own_is_named(box: Box) -> None:
    box.change("DROP INDEX client_venue_id_folded_phone_key_id; CREATE TABLE mine (x)")
    done = box.run("check")
    assert done.returncode == 1
    assert (
        "schema: WRONG [('client_venue_id_folded_phone_key_id',), ('mine',)]; run `reservas init`"
        in done.stdout
    )


def test_what_a_newer_version_has_added_is_no_damage(box: Box) -> None:
    box.change(
        "CREATE TABLE later (x); INSERT INTO schema_migration VALUES (99, '0999_later', '');"
        "CREATE TABLE IF NOT EXISTS schema_additive (name TEXT);"
        "INSERT INTO schema_additive VALUES ('0999_later')"
    )
    assert "\nschema: ok\n" in box.works("check")


def finding(box: Box, name: str, **settings: str) -> tuple[int, str]:
    """Return the exit code, and what `check` says of `name`."""
    done = box.run("check", **settings)
    (line,) = [each for each in done.stdout.splitlines() if each.startswith(f"{name}: ")]
    return done.returncode, line.removeprefix(f"{name}: ")


def test_the_newest_copy_is_looked_through_and_its_age_told(box: Box) -> None:
    assert finding(box, "backup") == (
        0,
        "mind there is none: run `reservas backup` every night",
    )
    box.works("backup")
    (made,) = (box.folder / "data" / "backups").glob("*.db")
    assert finding(box, "backup") == (0, "ok 0 hours old, of 1")
    old = made.rename(made.with_name("reservas-20200101T000000.000Z.db"))
    code, text = finding(box, "backup")
    assert (code, text.split()[0]) == (1, "WRONG")
    assert "hours old; see that `reservas backup` runs" in text
    sound = old.read_bytes()
    for damaged in (sound[:-4096], sound[:8192] + b"\xa5" * 8192 + sound[16384:]):
        old.write_bytes(damaged)
        code, text = finding(box, "backup")
        assert (code, text.startswith(f"WRONG {old}: ")) == (1, True)


def test_what_others_may_read_is_named_with_the_remedy(box: Box) -> None:
    key = box.folder / "data" / "secret_key"
    key.chmod(0o644)
    assert finding(box, "privacy") == (0, f"mind others may read {key}: chmod 600 {key}")


def test_what_a_restore_left_is_named(box: Box) -> None:
    box.works("backup", "copy.db")
    box.works("restore", "copy.db")
    (kept,) = (box.folder / "data").glob("*.before-*")
    assert str(kept) in finding(box, "restore")[1]
    (box.folder / "data" / "reservas.db.restoring").touch()
    assert finding(box, "restore")[1].startswith("mind a restore was cut short: run it again")


@pytest.mark.parametrize("place", [0, 1, 20])
def test_a_damaged_file_is_told_without_a_traceback(full_box: Box, place: int) -> None:
    full_box.change("PRAGMA wal_checkpoint(TRUNCATE)")
    with full_box.database.open("r+b") as file:
        file.seek(place * 4096)
        file.write(b"\xa5" * 4096 * 4)
    done = full_box.run("check")
    assert done.returncode in {1, 2}
    assert "WRONG" in done.stdout or "RESERVAS_DATABASE" in done.stderr
    assert "Traceback" not in done.stderr
