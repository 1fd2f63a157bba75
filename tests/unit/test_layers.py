"""Imports point one way, and what is documented is what there is."""

from __future__ import annotations

import ast
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from reservas.config import Settings
from reservas.errors import CODES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reservas"

#: folder -> the parts of the package that it must not import
FORBIDDEN = {
    "services": ("reservas.web", "reservas.cli", "reservas.realtime"),
    "realtime": ("reservas.web", "reservas.cli"),
    "web": ("reservas.cli",),
}


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{each.name}" for each in node.names}
    return found


def test_the_domain_imports_the_standard_library_only() -> None:
    for path in (PACKAGE / "domain").glob("*.py"):
        for name in imports_of(path):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("reservas.domain"), (
                path,
                name,
            )


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_point_one_way(folder: str) -> None:
    for path in (PACKAGE / folder).glob("*.py"):
        wrong = [name for name in imports_of(path) if name.startswith(FORBIDDEN[folder])]
        assert not wrong, path


def test_every_module_opens_with_its_one_job() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for field in fields(Settings):
        assert f"`RESERVAS_{field.name.upper()}`" in readme


def test_every_error_code_has_a_fitting_status_and_a_sentence() -> None:
    allowed = {400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503}
    for code, (status, sentence) in CODES.items():
        assert status in allowed, code
        assert sentence.endswith("."), code


def test_only_the_write_door_opens_write_transactions() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "door.py" and "migrations" not in path.parts:
            text = path.read_text()
            assert "atomic(" not in text, path
            assert "IMMEDIATE" not in text, path
