"""Draws the card that a guest keeps on their phone: when, who, how many, and the code."""

from __future__ import annotations

import io
import os
from functools import lru_cache
from pathlib import Path

from gevent.threadpool import ThreadPool
from PIL import Image, ImageDraw, ImageFont

from reservas.errors import Problem
from reservas.services.guests import Invitation
from reservas.threads import on_thread
from reservas.web import qr

FONTS = Path(__file__).parents[1] / "fonts"
REGULAR, BOLD = "Inter-Regular.otf", "Inter-SemiBold.otf"

WIDTH, TALLEST, MARGIN = 1000, 1900, 70
ROOM = WIDTH - 2 * MARGIN
PAPER, BRAND, ON_BRAND, TEXT, MUTED = "#fff", "#a3481f", "#fff", "#241d16", "#6b6055"
#: The code with its quiet zone is at most as wide, in whole pixels a module.
CODE = 740
#: Text that does not fit into a line becomes smaller, down to this part, and then takes two.
SMALLEST = 0.75
LEADING = 1.25


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _drawable(character: str) -> bool:
    """Tell whether the font has a character: an emoji in a name would be an empty box."""
    font = _font(REGULAR, 30)
    return character.isspace() or bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))


def _fitting(text: str, name: str, size: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Return the one or two lines in which a text is drawn, and the font in which they fit."""
    words = "".join(filter(_drawable, text)).split()
    font = _fits([" ".join(words)], name, size)
    if font is not None:
        return [" ".join(words)] if words else [], font
    lines = _balanced(words, _font(name, size))
    font = _fits(lines, name, size) or _font(name, int(size * SMALLEST))
    return [_cut(line, font) for line in lines], font


def _fits(lines: list[str], name: str, size: int) -> ImageFont.FreeTypeFont | None:
    """Return the largest font in which each line fits; None when it would be too small."""
    for each in range(size, int(size * SMALLEST) - 1, -2):
        if all(_font(name, each).getlength(line) <= ROOM for line in lines):
            return _font(name, each)
    return None


def _balanced(words: list[str], font: ImageFont.FreeTypeFont) -> list[str]:
    """Return the words in two lines, the longer one as short as it can be."""
    pairs = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return min(pairs, key=lambda pair: max(map(font.getlength, pair)), default=words)


def _cut(line: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(line) <= ROOM:
        return line
    while font.getlength(f"{line}…") > ROOM:
        line = line[:-1]
    return f"{line}…"


class _Card:
    """A picture that grows downwards, centred."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, TALLEST), PAPER)
        self.canvas = ImageDraw.Draw(self.image)
        self.y = 0

    def text(self, text: str, font: str, size: int, colour: str) -> None:
        lines, chosen = _fitting(text, font, size)
        for line in lines:
            height = int(chosen.size * LEADING)
            middle = (WIDTH // 2, self.y + height // 2)
            self.canvas.text(middle, line, colour, chosen, anchor="mm")
            self.y += height

    def head(self, text: str) -> None:
        lines, chosen = _fitting(text, BOLD, 72)
        self.canvas.rectangle((0, 0, WIDTH, 100 + len(lines) * int(chosen.size * LEADING)), BRAND)
        self.y = 50
        self.text(text, BOLD, 72, ON_BRAND)
        self.y += 50

    def code(self, code: str) -> None:
        made = qr.drawn(code)
        modules, _ = made.symbol_size(border=qr.QUIET)
        drawn = io.BytesIO()
        made.save(drawn, kind="png", scale=CODE // modules, border=qr.QUIET)
        picture = Image.open(drawn).convert("RGB")
        self.image.paste(picture, ((WIDTH - picture.width) // 2, self.y))
        self.y += picture.height

    def png(self) -> bytes:
        drawn = io.BytesIO()
        self.image.crop((0, 0, WIDTH, self.y)).save(drawn, "PNG")
        return drawn.getvalue()


#: Cards that wait for a worker's one thread: two seconds' work. A link is public, and drawing must
#: not be felt at the door.
MOST_WAITING = 50
NICE = 10

_threads: ThreadPool | None = None
_waiting = 0


def drawn(shown: Invitation, code: str) -> bytes:
    """Return the card as PNG, drawn beside the loop. Raises Problem("busy") when many wait."""
    global _threads, _waiting
    if _waiting >= MOST_WAITING:
        raise Problem("busy", retryAfter=2)
    if _threads is None:
        _threads = ThreadPool(1)
    _waiting += 1
    try:
        return on_thread(lambda: _yielding(shown, code), _threads)
    finally:
        _waiting -= 1


def _yielding(shown: Invitation, code: str) -> bytes:
    os.setpriority(os.PRIO_PROCESS, 0, NICE)  # of this thread alone, on Linux
    return draw(shown, code)


def draw(shown: Invitation, code: str) -> bytes:
    """Return the card as PNG. Takes some 40 ms: not on the loop."""
    card = _Card()
    card.head(shown.local)
    card.y += 60
    card.text(shown.nombre, BOLD, 84, TEXT)
    card.y += 20
    card.text(shown.cuando[0].upper() + shown.cuando[1:], REGULAR, 48, TEXT)
    card.y += 10
    card.text(shown.personas, REGULAR, 48, TEXT)
    card.code(code)
    card.text("Muestra este código en la puerta", REGULAR, 40, MUTED)
    card.y += 20
    head, dot, signature = code.rpartition(".")  # two lines that can be read, and typed
    card.text(head + dot, REGULAR, 34, MUTED)
    card.text(signature, REGULAR, 34, MUTED)
    card.y += MARGIN
    return card.png()
