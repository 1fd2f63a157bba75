"""`reservas close-night` makes no-shows of who never came, once."""

from __future__ import annotations

from tests.cli.conftest import Box

AWAITED = """
SELECT COUNT(*) FROM reservation WHERE estado IN ('En Progreso', 'Activa')
   AND id NOT IN (SELECT reservation_id FROM entry)"""


def test_it_closes_the_running_night_once(box: Box) -> None:
    box.works("demo", "--business", "bar")
    said = box.works("close-night", "--business", "bar")
    assert " no-shows on " in said
    assert box.rows(AWAITED) == [(0,)]
    assert box.works("close-night", "--business", "bar").startswith("0 no-shows on ")
    box.works("check")


def test_what_cannot_be_closed_is_named(box: Box) -> None:
    box.refuses("close-night", "--business", "none", naming="--business: there is no venue none")
    box.refuses("close-night", "--business", "bar", "--night", "x", naming="--night")
    ahead = ("--night", "2099-01-01")
    box.refuses("close-night", "--business", "bar", *ahead, naming="--night: has not begun yet")
