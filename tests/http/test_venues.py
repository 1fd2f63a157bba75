"""The settings of a venue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Cast


def test_an_owner_sees_and_changes_them_and_every_page_reads_them(cast: Cast) -> None:
    before = cast.owner.ask("GET", "/api/local").get_json()["local"]
    assert before == {
        "businessId": "1",
        "nombre": "Uno",
        "timezone": "America/Guayaquil",
        "corte": "04:00",
        "margenH": 0,
        "aforo": None,
        "ritmo": None,
    }
    wanted = {"corte": "06:30", "margenH": 2, "aforo": 180, "ritmo": 20}
    answer = cast.owner.ask("PATCH", "/api/local", wanted)
    assert answer.get_json()["local"] == before | wanted
    (shown,) = cast.door.ask("GET", "/api/session").get_json()["locales"]
    assert wanted.items() <= shown.items()
    assert cast.owner.ask("PATCH", "/api/local", {"aforo": None}).get_json()["local"] == (
        before | wanted | {"aforo": None}
    )
    (other,) = cast.stranger.ask("GET", "/api/session").get_json()["locales"]
    assert (other["corte"], other["margenH"], other["aforo"]) == ("04:00", 0, None)


def test_what_was_changed_is_read_at_once(cast: Cast) -> None:
    cast.owner.ask("GET", "/api/local")
    cast.owner.ask("PATCH", "/api/local", {"aforo": 180})
    assert cast.owner.ask("GET", "/api/local").get_json()["local"]["aforo"] == 180


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("corte", "12:00"),
        ("corte", "4"),
        ("corte", None),
        ("margenH", 13),
        ("margenH", -1),
        ("margenH", "2"),
        ("aforo", 0),
        ("aforo", 100_001),
        ("aforo", True),
        ("ritmo", 0),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    cast: Cast, field: str, value: Any
) -> None:
    before = cast.owner.ask("GET", "/api/local").get_json()
    answer = cast.owner.ask("PATCH", "/api/local", {"margenH": 5, "aforo": 9, field: value})
    assert answer.status_code == 400
    assert answer.get_json()["field"] == field
    assert cast.owner.ask("GET", "/api/local").get_json() == before
