"""In which form names and telephone numbers of one person are equal, however they are written."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

#: Calling codes of two digits; 1 and 7 have one, all others three.
_TWO_DIGITS = frozenset(
    f"{tens}{unit}"
    for tens, units in enumerate(
        ("", "", "07", "0123469", "013456789", "12345678", "0123456", "", "1246", "0123458")
    )
    for unit in units
)
#: Digits and letters that a search needs at the least, or it would find everybody.
LEAST_DIGITS, LEAST_LETTERS = 3, 2


def words(nombre: str) -> list[str]:
    """Return the words of a name without accents, in lower case."""
    plain = unicodedata.normalize("NFKD", nombre).casefold()
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))


def folded(nombre: str) -> str:
    """Return a name's words, each after a space, so that ` per` begins a word of it."""
    return "".join(f" {word}" for word in words(nombre))


def phone_key(telefono: str | None) -> str:
    """Return the digits of a number as one dials it within its country, without leading zeros.

    `+593 98 612 3456`, `00593986123456` and `098-612-3456` are one number. What begins with
    neither `+` nor `00` has no calling code.
    """
    telefono = (telefono or "").strip()
    digits = "".join(re.findall(r"[0-9]", telefono))
    if telefono.startswith("+") or digits.startswith("00"):
        digits = digits.lstrip("0")
        digits = digits[_calling_code_length(digits) :]
    return digits.lstrip("0")


def _calling_code_length(digits: str) -> int:
    if digits[:1] in {"1", "7"}:
        return 1
    return 2 if digits[:2] in _TWO_DIGITS else 3


class Search(NamedTuple):
    """Beginnings of words of a name, all of which it has, and a part of a number; or neither."""

    words: list[str]
    digits: str


def search_for(text: str) -> Search:
    """Return what somebody means who types this: names in any order, a number, or both."""
    found = words(text)
    letters = [each for each in found if not each.isdecimal()]
    number = re.sub(r"[^\W\d_]\w*", " ", text) if letters else text
    digits = phone_key(number)
    if len("".join(letters)) < LEAST_LETTERS:
        letters = []
    return Search(letters, digits if len(digits) >= LEAST_DIGITS else "")
