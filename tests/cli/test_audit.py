"""`reservas audit` shows what was changed, by the console too; `check` verifies its chain."""

from __future__ import annotations

from tests.cli.conftest import Box


def test_a_change_by_a_command_is_shown_with_who_ran_it(box: Box) -> None:
    box.works("business", "set", "bar", "--capacity", "120")
    head, newest, *_ = box.works("audit", "--business", "bar").splitlines()
    assert head.split() == ["ROW", "WHEN", "WHO", "FROM", "WITH", "DID"]
    assert "consola" in newest
    assert newest.endswith("changed capacity from — to 120")
    assert len(box.works("audit").splitlines()) == 1


def test_a_seal_that_was_noted_down_shows_that_rows_were_rewritten(box: Box) -> None:
    said = box.works("check")
    (seal,) = [line.rpartition("seal ")[2] for line in said.splitlines() if "seal bar:" in line]
    assert f"seal {seal}: ok" in box.works("check", "--seal", seal)
    box.change("UPDATE audit SET digest = 'x' || digest; UPDATE audit_head SET n = n + 1")
    done = box.run("check", "--seal", seal)
    assert done.returncode == 1
    assert "audit trail of bar: WRONG row 1: its content or its place" in done.stdout
    assert f"seal {seal}: WRONG it is x" in done.stdout
    assert "must be SLUG:ROW:SEAL" in box.run("check", "--seal", "bar").stderr
