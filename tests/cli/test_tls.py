"""`reservas tls` writes both configurations and a page for the staff; what is wrong it names."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
import trustme

from tests.cli.conftest import Box

HERE = ("--address", "192.168.1.20")

pytestmark = pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is missing")


def own_files(folder: Path) -> tuple[str, ...]:
    made = trustme.CA().issue_cert("reservas.mibar.ec")
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
        (("--domain", "https://x"), "--domain"),
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
