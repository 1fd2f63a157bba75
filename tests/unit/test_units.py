"""The files for systemd are sound, and leave a service no more than it needs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
#: systemd's own measure, from 0 (safe) to 10.
MOST_EXPOSED = 2.5


def analyze(*words: str) -> str:
    done = subprocess.run(
        ["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(each.name for each in UNITS.glob("*.service")))
def test_a_service_has_little_to_misuse(name: str) -> None:
    said = analyze("security", "--offline=true", str(UNITS / name))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found, said
    assert float(found[1]) < MOST_EXPOSED, said


def test_systemd_understands_each_line(tmp_path: Path) -> None:
    """Of copies that run a program which is there, since it looks for that too."""
    for path in UNITS.iterdir():
        text = path.read_text().replace("/opt/reservas/current/bin/reservas", "/bin/true")
        (tmp_path / path.name).write_text(text)
    said = analyze("verify", *map(str, sorted(tmp_path.iterdir())))
    assert [line for line in said.splitlines() if "reservas" in line] == []


def test_the_guide_names_files_that_are_there() -> None:
    guide = (ROOT / "docs" / "instalar.md").read_text()
    for name in re.findall(r"install .* (reservas(?:\.conf)?) /", guide):
        assert (ROOT / "deploy" / name).is_file()
    for name in re.findall(r"reservas[\w-]*\.(?:service|socket|timer)", guide):
        assert (UNITS / name).is_file(), name
    for name in re.findall(r"deploy/(\w+)", guide):
        assert (ROOT / "deploy" / name).exists(), name
