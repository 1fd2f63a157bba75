"""What others wrote is what they published, with its licence, and nothing else lies beside it."""

from __future__ import annotations

import json
import re

import pytest

from tools.vendor import PACKAGES, VENDOR, VERSIONS, check, sha256

NOTED = json.loads((VENDOR / VERSIONS).read_text())


def test_each_file_has_the_checksum_that_was_noted_when_it_was_fetched() -> None:
    noted = {f"{name}/{file}": sum for name in NOTED for file, sum in NOTED[name]["sha256"].items()}
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.name != VERSIONS]
    assert {str(path.relative_to(VENDOR)): sha256(path) for path in files} == noted


def test_what_is_here_is_what_is_listed() -> None:
    here = {name: (noted["version"], set(noted["sha256"])) for name, noted in NOTED.items()}
    assert here == {package.name: (package.version, set(package.paths)) for package in PACKAGES}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_licence_lies_beside_the_files(package) -> None:
    licence = (VENDOR / package.name / package.licence).read_text()
    assert re.search("copyright", licence, re.IGNORECASE)
    assert NOTED[package.name]["license"]


def test_imports_lead_to_files_that_are_here() -> None:
    for path in VENDOR.rglob("*.js"):
        imported = re.findall(r"""^import .* from ['"](.+)['"];""", path.read_text(), re.MULTILINE)
        assert all((path.parent / name).is_file() for name in imported), path


def test_another_archive_than_the_registrys_is_refused() -> None:
    with pytest.raises(SystemExit, match="qr: the archive's checksum"):
        check(b"something else", NOTED["qr"]["integrity"], "qr")
