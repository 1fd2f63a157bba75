"""`reservas tls` writes both configurations and a page for the staff; what is wrong it names."""

from __future__ import annotations

import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from reservas.caddy import Front
from reservas.cli.phone_page import page_text
from tests.cli.conftest import Box

HERE = ("--address", "192.168.1.20")

pytestmark = pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is missing")


def own_files(folder: Path, until: datetime | None = None) -> tuple[str, ...]:
    made = trustme.CA().issue_cert("reservas.mibar.ec", not_after=until)
    made.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    made.private_key_pem.write_to_path(folder / "key.pem")
    return "--cert", str(folder / "cert.pem"), "--key", str(folder / "key.pem")


def test_both_configurations_are_written_and_the_page_says_what_to_open(empty_box: Box) -> None:
    shown = empty_box.works("tls", *HERE, bind="0.0.0.0:8765")
    folder = empty_box.folder / "data" / "tls"
    settings = (folder / "reservas.env").read_text().splitlines()[1:]
    assert settings == [
        "RESERVAS_BIND=127.0.0.1:8765",
        "RESERVAS_PROXIES=1",
        "RESERVAS_SECURE_COOKIES=1",
        "RESERVAS_URL=https://192.168.1.20",
    ]
    caddyfile = (folder / "Caddyfile").read_text()
    assert "https://192.168.1.20 {\n\ttls internal\n" in caddyfile
    assert "reverse_proxy 127.0.0.1:8765 {" in caddyfile
    assert "encode " not in caddyfile.replace("Sin encode", "")
    for told in (
        f"set -a; . {folder}/reservas.env; set +a; reservas serve",
        f"caddy run --config {folder}/Caddyfile",
        "https://192.168.1.20\n",
        "http://192.168.1.20/ca.crt\n",
        str(folder / "caddy/pki/authorities/local/root.crt"),
        "Ajustes de confianza de los certificados",
        "Certificado de CA",
    ):
        assert told in shown
    assert shown.count("▄▄▄▄▄▄▄") >= 2, "a code for the certificate and one for the page"


def test_it_writes_again_what_it_wrote(empty_box: Box) -> None:
    empty_box.works("tls", *HERE)
    shown = empty_box.works("tls", "--address", "bar.lan", "--port", "8443", "--folder", "a b")
    assert "'" in shown, "a folder with a space is quoted for the shell"
    caddyfile = (empty_box.folder / "a b" / "Caddyfile").read_text()
    assert "https://bar.lan:8443 {" in caddyfile
    assert "http://bar.lan:8444 {" in caddyfile
    settings = (empty_box.folder / "a b" / "reservas.env").read_text()
    assert "RESERVAS_URL=https://bar.lan:8443\n" in settings


def test_without_an_address_it_takes_those_of_the_machine(empty_box: Box) -> None:
    from reservas.lan import addresses

    if not addresses():
        pytest.skip("this machine has no address in a network")
    shown = empty_box.works("tls")
    assert all(f"https://{each}" in shown for each in addresses())
    assert "0.0.0.0" not in shown


def test_own_files_and_a_domain_need_no_trust(empty_box: Box) -> None:
    files = own_files(empty_box.folder)
    shown = empty_box.works("tls", *files, "--domain", "reservas.mibar.ec")
    assert "https://reservas.mibar.ec" in shown
    assert "ca.crt" not in shown
    caddyfile = (empty_box.folder / "data" / "tls" / "Caddyfile").read_text()
    assert f'tls "{files[1]}" "{files[3]}"' in caddyfile
    shown = empty_box.works("tls", "--domain", "reservas.mibar.ec")
    assert "ca.crt" not in shown
    caddyfile = (empty_box.folder / "data" / "tls" / "Caddyfile").read_text()
    assert "\ttls " not in caddyfile, "Caddy gets one that all phones know"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("--address", "a b"), "--address"),
        (("--address", "x;y"), "--address"),
        (("--address", "0.0.0.0"), "--address"),
        (("--address", "fe80::1%eth0"), "--address"),
        (("--address", "192.168.1.300"), "--address"),
        (("--address", "bar..lan"), "--address"),
        (("--domain", "https://x"), "--domain"),
        (("--domain", "192.168.1.20"), "192.168.1.20 is no name on the internet: use --address"),
        (("--domain", "bar"), "bar is no name on the internet"),
        (("--domain", "bar.local"), "bar.local is no name on the internet"),
        (("--domain", "x.ec", *HERE), "--domain and --address"),
        ((*HERE, "--port", "0"), "--port"),
        ((*HERE, "--http-port", "443"), "--http-port"),
        ((*HERE, "--port", "8000"), "8000 is Reservas' own"),
        ((*HERE, "--port", "7999"), "--http-port"),
        ((*HERE, "--cert", "cert.pem"), "--cert and --key"),
        ((*HERE, "--cert", "no.pem", "--key", "no.pem"), "no.pem: No such file"),
        ((*HERE, "--cert", "bad.pem", "--key", "bad.pem"), "are no certificate and its key"),
        (("--cert", "bad.pem", "--key", "bad.pem"), "--cert: name the host"),
        ((*HERE, "--folder", "bad.pem"), "--folder"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(
    empty_box: Box, given: tuple[str, ...], named: str
) -> None:
    (empty_box.folder / "bad.pem").write_text("x")
    empty_box.refuses("tls", *given, naming=named)


def test_a_key_of_another_certificate_is_refused(empty_box: Box) -> None:
    own = own_files(empty_box.folder)
    (empty_box.folder / "other").mkdir()
    other = own_files(empty_box.folder / "other")
    empty_box.refuses("tls", *HERE, *own[:2], *other[2:], naming="KEY_VALUES_MISMATCH")


def test_a_certificate_that_no_phone_would_accept_is_refused(empty_box: Box) -> None:
    own = own_files(empty_box.folder)
    empty_box.refuses("tls", *own, *HERE, naming="not valid for '192.168.1.20'")
    empty_box.refuses("tls", *own, "--domain", "mibar.ec", naming="not valid for 'mibar.ec'")
    past = own_files(empty_box.folder, datetime(2020, 1, 1, tzinfo=UTC))
    empty_box.refuses("tls", *past, "--domain", "reservas.mibar.ec", naming="has expired")


def test_hosts_are_written_as_browsers_ask_for_them(empty_box: Box) -> None:
    shown = empty_box.works("tls", "--address", "Café.LAN", "--address", "café.lan")
    assert "https://xn--caf-dma.lan\n" in shown
    assert "También" not in shown, "one host is written once"


def test_plain_http_sends_a_phone_on_to_the_host_that_it_reached(empty_box: Box) -> None:
    empty_box.works("tls", *HERE, "--address", "fd00::5", "--port", "8443")
    caddyfile = (empty_box.folder / "data" / "tls" / "Caddyfile").read_text()
    for host in ("192.168.1.20", "[fd00::5]"):
        _, _, site = caddyfile.partition(f"http://{host}:8444 {{")
        assert f"redir https://{host}:8443{{uri}}" in site.partition("\n}\n")[0]


def test_an_authority_that_another_user_made_hides_its_fingerprint_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    front = Front(("192.168.1.20",), 443, 80, "127.0.0.1:8000", tmp_path)
    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    shown = page_text(front)
    assert "http://192.168.1.20/ca.crt" in shown
    assert "SHA-256" not in shown


def test_a_missing_caddy_is_named(empty_box: Box) -> None:
    empty_box.env["PATH"] = str(empty_box.folder)
    empty_box.refuses("tls", *HERE, naming="Caddy is missing: apt install caddy")


def test_a_busy_port_is_named_before_anything_is_written(empty_box: Box) -> None:
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        empty_box.refuses("tls", *HERE, "--port", port, "--run", naming=f"port {port}: ")
    assert not (empty_box.folder / "data").exists()


def test_a_server_with_these_settings_names_the_address_of_the_phones(box: Box) -> None:
    with socket.socket() as taken:  # so that it ends by itself, after the checks
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        box.refuses("serve", naming="cannot serve", bind=bind, url="https://192.168.1.20")
    for bad in ("192.168.1.20", "https://x/", "ftp://x", "https://x:y"):
        box.refuses("serve", naming="RESERVAS_URL", url=bad)
