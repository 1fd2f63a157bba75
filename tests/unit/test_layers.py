"""Imports point one way, and what is documented is what there is."""

from __future__ import annotations

import ast
import re
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
    "store": (
        "reservas.web",
        "reservas.cli",
        "reservas.realtime",
        "reservas.services",
        "reservas.seeing",
        "reservas.wiring",
    ),
    "services": (
        "reservas.web",
        "reservas.cli",
        "reservas.realtime",
        "reservas.seeing",
        "reservas.wiring",
    ),
    "realtime": (
        "reservas.web",
        "reservas.cli",
        "reservas.services",
        "reservas.seeing",
        "reservas.wiring",
    ),
    "seeing": ("reservas.web", "reservas.cli", "reservas.wiring"),
    "web": ("reservas.cli", "reservas.wiring"),
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
    allowed = {400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503}
    for code, (status, sentence) in CODES.items():
        assert status in allowed, code
        assert sentence.endswith("."), code


def texts_of(path: Path) -> list[str]:
    """Return the texts of a module, with `{}` where a value is put in, but no docstrings."""
    tree = ast.parse(path.read_text())
    parents = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, parents) and node.body and isinstance(node.body[0], ast.Expr)
    }
    pieces = {
        id(piece)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for piece in node.values
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
            found.append("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and id(node) not in docs | pieces:
            found.append(str(node.value))
    return found


SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)"
    r"|PRAGMA\s|BEGIN\b(?!:)|COMMIT\b|ROLLBACK\b|SAVEPOINT\b|(AND|WHERE|ORDER BY)\s+\w+\.\w+)",
    re.S,
)


def knows_sql(path: Path) -> list[str]:
    """Return what a module has to do with the database beside the store's interface."""
    drivers = ("peewee", "playhouse", "sqlite3", "psycopg", "reservas.store.tables")
    found = [name for name in imports_of(path) if name.startswith(drivers)]
    found += [name for name in imports_of(path) if name.startswith("reservas.store.sqlite")]
    return found + [text for text in texts_of(path) if SQL.search(text)]


def test_nothing_outside_the_store_knows_sql() -> None:
    outside = [path for path in PACKAGE.rglob("*.py") if "store" not in path.parts]
    assert len(outside) > 30
    for path in outside:
        assert knows_sql(path) == [], path


def test_the_check_finds_the_sql_of_the_store() -> None:
    for name in (
        "log",
        "reservations",
        "entries",
        "accounts",
        "database",
        "lane",
        "integrity",
        "copies",
        "restoring",
    ):
        assert knows_sql(PACKAGE / "store" / f"{name}.py"), name


@pytest.mark.parametrize(
    "code",
    [
        "import sqlite3",
        "from peewee import fn",
        "from reservas.store.tables import Client",
        "x = 'SELECT id FROM venue'",
        "x = f'UPDATE {table} SET a = 1'",
        "x = ' AND r.dia_negocio = ?'",
        "db.execute('BEGIN IMMEDIATE')",
    ],
)
def test_the_check_bites(tmp_path: Path, code: str) -> None:
    path = tmp_path / "view.py"
    path.write_text(f'"""SELECT x FROM y is fine in a docstring."""\n{code}\n')
    assert knows_sql(path)


def test_the_writer_and_the_statements_know_no_dialect() -> None:
    """So that another database brings a dialect, a lane and connections, and nothing else."""
    dialect = {
        *("sqlite", "lane", "database", "schema", "tables"),
        *("copies", "restoring", "rehearsal", "cleaning"),
    }
    for path in (PACKAGE / "store").glob("*.py"):
        if path.stem not in dialect:
            found = [name for name in imports_of(path) if "sqlite" in name]
            assert found == [], path


def test_the_interface_of_the_store_fits_on_one_screen() -> None:
    assert len((PACKAGE / "store" / "__init__.py").read_text().splitlines()) <= 60


def test_the_architecture_fits_on_two_screens_and_names_what_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert len(text.splitlines()) <= 130
    named = re.findall(r"`([\w/]+\.(?:py|js))`", text)
    assert len(named) > 20
    there = [*PACKAGE.rglob("*.py"), *(ROOT / "static").rglob("*.js"), *ROOT.glob("*.py")]
    for name in named:
        assert any(f"/{path}".endswith(f"/{name}") for path in there), name
