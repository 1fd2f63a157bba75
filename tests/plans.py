"""Floor plans for tests."""

from __future__ import annotations

from typing import Any


def table(mesa: str, most: int = 4, *joins: str, least: int = 1, **more: Any) -> dict[str, Any]:
    """Return a table whose id is `mesa`, and its name too unless `more` says another."""
    shape = {"forma": "cuadrada", "x": 0, "y": 0, "w": 80, "h": 80, "giro": 0}
    seats = {"min": least, "max": most, "unible": list(joins)}
    return {"id": mesa, "nombre": mesa, "zona": "sala", **shape, **seats, **more}


def plan(*tables: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a plan with one zone."""
    return {"zonas": [{"id": "sala", "nombre": "Sala"}], "mesas": list(tables)}
