"""Whatever the server says with a session or refuses has English words."""

from __future__ import annotations

import re
from pathlib import Path

from reservas.domain.english import LANGUAGES, in_language
from reservas.domain.reservation import LABELS, LABELS_INSIDE, MOVES
from reservas.errors import CODES

WORDS = Path(__file__).parents[2] / "static" / "words"


def test_every_label_and_move_has_an_english_word() -> None:
    labels = [*LABELS.values(), *LABELS_INSIDE.values()]
    moves = [text for each in MOVES.values() for text in each.values()]
    for label in [*labels, *moves]:
        assert in_language(label, "es") == label
        assert in_language(label, "en") != label


def test_every_refusal_has_an_english_sentence_on_the_page() -> None:
    text = (WORDS / "en" / "server.js").read_text()
    said = set(re.findall(r'^  (\w+|"[^"]+"):', text.partition("export const server")[2], re.M))
    assert {each.strip('"') for each in said} == {*CODES, "ok"}


def test_the_page_has_the_languages_that_the_server_knows() -> None:
    assert {path.name for path in WORDS.iterdir() if path.is_dir()} == set(LANGUAGES)
