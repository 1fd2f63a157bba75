"""Browsers are told by the words that people have for them."""

from __future__ import annotations

import pytest

from reservas.domain.browser import browser_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (Linux; Android 14; K) {WEBKIT} Chrome/126 Mobile", "Chrome · Android"),
        (
            f"Mozilla/5.0 (Linux; Android 13) {WEBKIT} SamsungBrowser/24",
            "Samsung Internet · Android",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) {WEBKIT} Version/17 Safari/604",
            "Safari · iPhone",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 17) {WEBKIT} CriOS/126 Safari/604", "Chrome · iPad"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/126 Safari/537 Edg/126", "Edge · Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox · Linux",
        ),
        ("curl/8.5.0", "curl"),
        ("", ""),
        ("\x00\x1b[2J", ""),
    ],
)
def test_a_browser_is_its_program_and_what_it_runs_on(agent: str, name: str) -> None:
    assert browser_name(agent) == name
