"""The guest's card: whatever the names are, it is drawn, and its code is the whole code."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from reservas.services.guests import Invitation
from reservas.web import card, qr

CODE = "R1.ABCDEFGH234567XY.1.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONG = "María Fernanda de los Ángeles Pérez-Gutiérrez y Rodríguez de la Vega de Guayaquil"


def drawn(**changes: object) -> Image.Image:
    fields = {
        "reservation_id": "ABCDEFGH234567XY",
        "version": 1,
        "revised": datetime(2026, 11, 20, tzinfo=UTC),
        "local": "Mi Bar",
        "nombre": "Ana Pérez",
        "personas": "4 personas",
        "cuando": "viernes 27 de noviembre, 21:30",
        "starts": datetime(2026, 11, 28, 2, 30, tzinfo=UTC),
        "code": CODE,
    }
    shown = Invitation(**{**fields, **changes})  # type: ignore[arg-type]
    return Image.open(io.BytesIO(card.draw(shown, CODE))).convert("L")


def modules_of(image: Image.Image) -> list[list[int]]:
    """Return the code as it lies in the middle of a card; 1 is dark."""
    wanted = qr.drawn(CODE)
    count, _ = wanted.symbol_size(border=0)
    scale = card.CODE // (count + 2 * qr.QUIET)
    left = (image.width - count * scale) // 2
    rows = (y for y in range(image.height) if image.getpixel((left + scale // 2, y)) == 0)
    top = next(y for y in rows if image.getpixel((left + 6 * scale + scale // 2, y)) == 0)
    half = scale // 2
    return [
        [
            int(image.getpixel((left + x * scale + half, top + y * scale + half)) == 0)
            for x in range(count)
        ]
        for y in range(count)
    ]


@pytest.mark.parametrize("nombre", ["Ana", LONG, LONG.replace(" ", ""), "Ñusta 🌹", "中文"])
@pytest.mark.parametrize("local", ["Mi Bar", LONG])
def test_its_code_is_the_whole_code_whatever_the_names(nombre: str, local: str) -> None:
    image = drawn(nombre=nombre, local=local)
    assert image.width == card.WIDTH
    assert image.height < card.TALLEST
    assert modules_of(image) == [list(row) for row in qr.drawn(CODE).matrix]


def test_no_text_reaches_the_edge() -> None:
    image = drawn(nombre=LONG, cuando="noche del miércoles 30 de septiembre, 01:30 del jueves")
    for side in (0, image.width - card.MARGIN + 5):
        strip = image.crop((side, 400, side + card.MARGIN - 5, image.height))
        assert strip.getextrema() == (255, 255)


def test_the_font_has_what_spanish_names_need() -> None:
    assert all(map(card._drawable, "áéíóúüñÁÉÍÓÚÜÑ¿¡€·…çãõâêŁșőžøß’"))
    assert not any(map(card._drawable, "🌹中"))


def test_a_long_text_takes_two_lines_and_ends_with_an_ellipsis() -> None:
    lines, font = card._fitting(f"{LONG} {LONG}", card.BOLD, 84)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(font.getlength(line) <= card.ROOM for line in lines)
    assert card._fitting("Ana", card.BOLD, 84)[0] == ["Ana"]
