"""Fetches the page's libraries from npm into static/vendor/.

`make vendor` runs it with network and npm. What it fetched is committed; tests/unit/test_vendor.py
compares it, without network, with the checksums that were written beside it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
VERSIONS = "versions.json"


@dataclass(frozen=True)
class Package:
    """What is taken of an npm package: its files lie flat in static/vendor/NAME/."""

    name: str
    version: str
    files: tuple[str, ...]
    licence: str

    @property
    def paths(self) -> dict[str, str]:
        """Map each file's name here to its path in the package."""
        return {path.rpartition("/")[2]: path for path in (*self.files, self.licence)}


PACKAGES = (
    Package("qr", "0.7.0", files=("index.js", "decode.js"), licence="LICENSE-MIT"),
    Package("idb", "8.0.3", files=("build/index.js",), licence="LICENSE"),
)


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    versions = {package.name: fetch(package) for package in PACKAGES}
    (VENDOR / VERSIONS).write_text(json.dumps(versions, indent=2) + "\n")


def fetch(package: Package) -> dict[str, object]:
    """Copy what is listed of a package; return what is written down about it."""
    known = published(package)
    with tempfile.TemporaryDirectory() as folder:
        archive = download(package, Path(folder))
        check(archive.read_bytes(), known["dist.integrity"], package.name)
        copy(archive, package)
    print(f"{package.name} {package.version}: {', '.join(package.paths)}")
    return {
        "version": package.version,
        "license": known["license"],
        "integrity": known["dist.integrity"],
        "sha256": {name: sha256(VENDOR / package.name / name) for name in package.paths},
    }


def published(package: Package) -> dict[str, str]:
    """Return what the registry says of a package: its licence and its archive's checksum."""
    asked = ("view", f"{package.name}@{package.version}", "license", "dist.integrity", "--json")
    found: dict[str, str] = json.loads(npm(*asked))
    return found


def download(package: Package, folder: Path) -> Path:
    npm("pack", f"{package.name}@{package.version}", "--pack-destination", str(folder))
    (archive,) = folder.glob("*.tgz")
    return archive


def check(archive: bytes, integrity: str, name: str) -> None:
    """Exit unless an archive is the one that the registry published."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != integrity:
        raise SystemExit(f"{name}: the archive's checksum is {found}, the registry's {integrity}")


def copy(archive: Path, package: Package) -> None:
    folder = VENDOR / package.name
    folder.mkdir(parents=True)
    with tarfile.open(archive) as packed:
        for name, path in package.paths.items():
            member = packed.extractfile(f"package/{path}")
            assert member is not None, path
            (folder / name).write_bytes(member.read())


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def npm(*words: str) -> str:
    done = subprocess.run(
        ["npm", "--loglevel=error", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
