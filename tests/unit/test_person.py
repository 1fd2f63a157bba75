"""One person's name and number are equal however they are written."""

from __future__ import annotations

import importlib

import pytest

from reservas.domain.person import folded, phone_key, search_for

WRITTEN = ["+593 98 612 3456", "0986123456", "098-612-3456", "00593986123456", "+593986123456"]


@pytest.mark.parametrize("telefono", WRITTEN)
def test_a_number_is_the_same_however_it_is_written(telefono: str) -> None:
    assert phone_key(telefono) == "986123456"


@pytest.mark.parametrize(
    ("telefono", "key"),
    [
        ("+1 (305) 555-0100", "3055550100"),
        ("+34 612 345 678", "612345678"),
        ("+44 (0)20 7946 0000", "2079460000"),
        ("", ""),
        (None, ""),
        ("anexo", ""),
    ],
)
def test_a_number_of_anywhere_loses_its_calling_code(telefono: str | None, key: str) -> None:
    assert phone_key(telefono) == key


def test_a_name_has_no_accents_and_no_case() -> None:
    assert folded("  María-José  ÑANDÚ ") == " maria jose nandu"
    assert folded("Straße") == folded("STRASSE")
    assert folded("%_'") == ""


@pytest.mark.parametrize(
    ("text", "words", "digits"),
    [
        ("pérez ana", ["perez", "ana"], ""),
        ("0986", [], "986"),
        ("+593 986", [], "986"),
        ("098 612 3456", [], "986123456"),
        ("ana 0986", ["ana"], "986"),
        ("a", [], ""),
        ("09", [], ""),
        ("+593", [], ""),
        ("%%%", [], ""),
    ],
)
def test_what_is_typed_is_read_as_names_and_number(
    text: str, words: list[str], digits: str
) -> None:
    assert search_for(text) == (words, digits)


@pytest.mark.parametrize("telefono", [*WRITTEN, "+1 305", "", "+", "0", "00", "+7 9", "+2"])
def test_the_migration_writes_what_new_rows_get(telefono: str) -> None:
    migration = importlib.import_module("reservas.store.migrations.0013_people_and_nights")
    assert migration.phone_key(telefono) == phone_key(telefono)
    assert migration.folded("María-José ÑANDÚ") == folded("María-José ÑANDÚ")
