"""Says in two words which browser and device ask."""

from __future__ import annotations

from functools import lru_cache

#: What stands in a browser's own name for itself, the telling ones first: each also names others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
#: Characters that are kept of one that is no browser.
LONGEST = 40


@lru_cache(maxsize=1024)
def in_short(agent: str) -> str:
    """Return "Chrome, Android" for a browser; else the first word of what it calls itself."""
    browser = next((name for mark, name in BROWSERS if mark in agent), None)
    if browser is None or not agent.startswith("Mozilla/"):
        first = agent.split(" ")[0][:LONGEST]
        return first if first.isprintable() else ""
    system = next((name for mark, name in SYSTEMS if mark in agent), None)
    return browser if system is None else f"{browser}, {system}"
