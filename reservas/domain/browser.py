"""A browser in the words that people have for it: the program, and what it runs on."""

from __future__ import annotations

#: (what its name for itself has in it, what people call it), the more special ones first.
PROGRAMS = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Return for instance "Chrome · Android"; a program that is no browser by its first word."""
    found = [_first(PROGRAMS, agent), _first(SYSTEMS, agent)]
    if not any(found):
        word = agent.partition("/")[0].strip()[:40]
        return word if word.isprintable() else ""
    return " · ".join(filter(None, found))


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in known if mark in agent), "")
