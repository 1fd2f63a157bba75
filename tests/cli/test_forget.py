"""`reservas forget-person` erases one person, and asks before."""

from __future__ import annotations

from tests.cli.conftest import Box

ADD = """
INSERT INTO client (id, venue_id, nombre, telefono, folded, phone_key)
VALUES ('{0}', (SELECT id FROM venue WHERE slug = 'bar'), '{1}', '{2}', ' {3}', '{2}')"""


def test_it_erases_the_one_person_that_is_meant(box: Box) -> None:
    box.change(ADD.format("A", "Zenobia", "987654321", "zenobia"))
    box.change(ADD.format("B", "Zenón", "911111111", "zenon"))
    words = ("forget-person", "--business", "bar")
    box.refuses(*words, "nadie", naming="WHO: 0 people are found")
    assert box.run(*words, "zenobia", stdin="n\n").returncode == 2
    assert box.rows("SELECT COUNT(*) FROM client WHERE nombre = 'Zenobia'") == [(1,)]
    said = box.works(*words, "zenobia", "--yes")
    assert said == "erased; 0 reservations stay as numbers\n"
    assert box.rows("SELECT nombre, telefono, folded FROM client ORDER BY id") == [
        ("Persona borrada", None, ""),
        ("Zenón", "911111111", " zenon"),
    ]
    found = [path.name for path in box.folder.rglob("*") if path.is_file()]
    for name in found:
        assert b"Zenobia" not in (box.folder / "data" / name).read_bytes()
    assert "reservas.db.erased" in found
    box.works("check")


def test_a_restored_copy_of_before_has_them_not_on_another_machine_either(box: Box) -> None:
    box.change(ADD.format("A", "Zenobia", "987654321", "zenobia"))
    (box.folder / "usb").mkdir()
    box.works("backup", "usb/old.db")
    box.works("forget-person", "--business", "bar", "A", "--yes")
    box.works("backup", "usb/new.db")
    for path in (box.folder / "data").glob("reservas.db*"):
        path.unlink()
    said = box.run("restore", "usb/old.db").stdout
    assert "erased again: 1 people" in said
    assert box.rows("SELECT nombre FROM client") == [("Persona borrada",)]
