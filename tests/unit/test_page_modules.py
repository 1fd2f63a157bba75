"""The page's pure modules, tested by node without a browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pages_modules_do_what_their_own_tests_say() -> None:
    tests = sorted(str(each.relative_to(ROOT)) for each in ROOT.glob("tests/js/*.test.mjs"))
    assert tests
    done = subprocess.run(
        ["node", "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
