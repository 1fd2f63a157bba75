"""What a server looks at before it starts: the sockets it was handed, and the machine's limits."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from reservas.cli.handed_sockets import handed_over, serving_address
from reservas.cli.limits import shortages
from reservas.config import Settings

WITH_FIGURES = Settings(metrics_bind="127.0.0.1:8001")


def test_sockets_of_another_process_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_PID", "1")
    assert handed_over() == []


def test_what_systemd_holds_is_what_is_served() -> None:
    assert serving_address(Settings(), []) == "127.0.0.1:8000"
    assert serving_address(Settings(), ["[::]:80"]) == "[::]:80"
    assert serving_address(WITH_FIGURES, ["127.0.0.1:8001", "0.0.0.0:80"]) == "0.0.0.0:80"


@pytest.mark.parametrize(
    ("handed", "said"),
    [
        (["0.0.0.0:80"], "add ListenStream=127.0.0.1:8001 to reservas.socket"),
        (["0.0.0.0:80", "0.0.0.0:8001"], "the figures' address 0.0.0.0:8001 is open"),
        (["127.0.0.1:8001"], "no address to serve on"),
    ],
)
def test_figures_without_their_own_address_are_refused(handed: list[str], said: str) -> None:
    with pytest.raises(click.ClickException, match=said):
        serving_address(WITH_FIGURES, handed)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return the folder of a machine's limits, with room enough."""
    for name, text in (
        ("net/core/somaxconn", "4096"),
        ("net/netfilter/nf_conntrack_max", "262144"),
        ("net/ipv4/ip_local_port_range", "32768\t60999"),
        ("meminfo", "MemTotal:        4000000 kB\nMemFree:  1 kB"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    return tmp_path


def told(machine: Path, **settings: int) -> list[str]:
    return shortages(Settings(**settings), machine, machine / "meminfo")  # type: ignore[arg-type]


def test_a_machine_with_room_is_told_nothing(machine: Path) -> None:
    assert told(machine, proxies=1) == []
    assert told(machine / "none") == []  # a kernel that says nothing


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("net/core/somaxconn", "128", "sysctl -w net.core.somaxconn=4096"),
        ("net/netfilter/nf_conntrack_max", "8192", "net.netfilter.nf_conntrack_max=52096"),
        ("net/ipv4/ip_local_port_range", "50000 60999", "ip_local_port_range='1024 65000'"),
        ("meminfo", "MemTotal: 300000 kB", "set RESERVAS_MAX_STREAMS="),
    ],
)
def test_each_shortage_comes_with_its_remedy(
    machine: Path, name: str, text: str, remedy: str
) -> None:
    (machine / name).write_text(f"{text}\n")
    (said,) = told(machine, proxies=1)
    assert remedy in said


def test_who_allows_fewer_streams_needs_less(machine: Path) -> None:
    (machine / "meminfo").write_text("MemTotal: 300000 kB\n")
    (said,) = told(machine)
    fitting = int(said.partition("RESERVAS_MAX_STREAMS=")[2].partition(",")[0])
    assert told(machine, max_streams=fitting) == []
