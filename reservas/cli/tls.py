"""`reservas tls`: https for the phones, by Caddy in front."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import click

from reservas import caddy
from reservas.caddy import Front
from reservas.cli import caddy_process
from reservas.cli.own_certificate import insist_on_pair
from reservas.cli.phone_page import page_text
from reservas.config import load
from reservas.lan import addresses

FILE = click.Path(path_type=Path)
PORT = click.IntRange(1, 65535)


@click.command()
@click.option(
    "--address",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="what phones open; may be repeated  [default: this machine's addresses in the network]",
)
@click.option("--port", type=PORT, default=443, show_default=True)
@click.option("--http-port", type=PORT, help="plain http  [default: 80; else --port and one]")
@click.option("--folder", type=FILE, help="where it writes  [default: tls beside the data]")
@click.option("--cert", type=FILE, help="a certificate of your own, with its chain (PEM)")
@click.option("--key", type=FILE, help="its key (PEM)")
@click.option("--domain", help="a name on the internet: Caddy gets its certificate by itself")
@click.option("--run", "runs", is_flag=True, help="start Caddy here, until Ctrl-C")
def tls(
    hosts: tuple[str, ...],
    port: int,
    http_port: int | None,
    folder: Path | None,
    cert: Path | None,
    key: Path | None,
    domain: str | None,
    runs: bool,
) -> None:
    """Write the configurations of Caddy and of Reservas behind it, and a page for the staff.

    Without --cert or --domain the certificate is Caddy's own, which each phone must trust once.
    Nothing is restarted.
    """
    program = _program()
    settings = load()
    front = Front(
        hosts=_hosts(hosts, domain, cert),
        port=port,
        http_port=http_port or (80 if port == 443 else port + 1),
        upstream=f"127.0.0.1:{settings.bind.rpartition(':')[2]}",
        folder=(folder or settings.data_dir / "tls").absolute(),
        cert=None if cert is None else cert.absolute(),
        key=None if key is None else key.absolute(),
        public=domain is not None and cert is None,
    )
    _insist_on_ports(front)
    _insist_on_pair(front)
    if runs:
        caddy_process.insist_on_free_ports(front)
    _write(front)
    click.echo(f"wrote {front.caddyfile}\nwrote {front.environment}\n")
    file = shlex.quote(str(front.environment))
    click.echo(f"Start Reservas behind it:\n  set -a; . {file}; set +a; reservas serve\n")
    if runs:
        caddy_process.run(program, front, lambda: click.echo(page_text(front)))
        return
    file = shlex.quote(str(front.caddyfile))
    click.echo(f"Start Caddy:\n  caddy run --config {file} --adapter caddyfile\n")
    click.echo(page_text(front))


def _program() -> str:
    program = shutil.which("caddy")
    if program is None:
        raise click.ClickException("Caddy is missing: apt install caddy")
    return program


def _hosts(given: tuple[str, ...], domain: str | None, cert: Path | None) -> tuple[str, ...]:
    if domain is not None and given:
        raise click.UsageError("--domain and --address: give one of them")
    chosen = (domain,) if domain is not None else given
    if cert is not None and not chosen:
        raise click.UsageError("--cert: name the host it is for with --domain or --address")
    option = "--address" if domain is None else "--domain"
    try:
        named = tuple(dict.fromkeys(caddy.host_of(each) for each in chosen))
    except ValueError as error:
        raise click.BadParameter(f"{str(error)!r} is no host", param_hint=option) from None
    if domain is not None and cert is None and not caddy.is_public(named[0]):
        raise click.BadParameter(
            f"{named[0]} is no name on the internet: use --address", param_hint=option
        )
    found = named or tuple(addresses())
    if not found:
        raise click.UsageError("this machine has no address in a network: name one with --address")
    return found


def _insist_on_ports(front: Front) -> None:
    if front.http_port == front.port:
        raise click.BadParameter("must differ from --port", param_hint="--http-port")
    for option, port in (("--port", front.port), ("--http-port", front.http_port)):
        if front.upstream.endswith(f":{port}"):
            raise click.BadParameter(f"{port} is Reservas' own: RESERVAS_BIND", param_hint=option)


def _insist_on_pair(front: Front) -> None:
    if (front.cert is None) != (front.key is None):
        raise click.UsageError("--cert and --key: give both")
    if front.cert is not None and front.key is not None:
        insist_on_pair(front.cert, front.key, front.hosts)


def _write(front: Front) -> None:
    try:
        front.folder.mkdir(parents=True, exist_ok=True)
        front.caddyfile.write_text(caddy.caddyfile_text(front))
        front.environment.write_text(caddy.settings_text(front))
    except OSError as error:
        raise click.ClickException(f"--folder {front.folder}: {error.strerror}") from None
