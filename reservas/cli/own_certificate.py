"""Looks whether a certificate of one's own is one that phones accept, before Caddy takes it."""

from __future__ import annotations

import ssl
from contextlib import suppress
from pathlib import Path

import click


def insist_on_pair(cert: Path, key: Path, hosts: tuple[str, ...]) -> None:
    """Raise ClickException where a file cannot be read, both are no pair, or one host is not named.

    A certificate that is past its time, or not in it yet, is refused as well.
    """
    for option, path in (("--cert", cert), ("--key", key)):
        try:
            path.read_bytes()
        except OSError as error:
            raise click.ClickException(f"{option} {path}: {error.strerror}") from None
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        server.load_cert_chain(cert, key, password="")
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise click.ClickException(
            f"--cert {cert} and --key {key} are no certificate and its key: {reason}"
        ) from None
    phone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    phone.load_verify_locations(cert)
    phone.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for host in hosts:
        try:
            _shake_hands(server, phone, host)
        except ssl.SSLCertVerificationError as error:
            raise click.ClickException(f"--cert {cert}: {error.verify_message}") from None


def _shake_hands(server: ssl.SSLContext, phone: ssl.SSLContext, host: str) -> None:
    """Let one who trusts this very certificate look at it, without a network."""
    to_phone, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (
        phone.wrap_bio(to_phone, to_server, server_hostname=host),
        server.wrap_bio(to_server, to_phone, server_side=True),
    )
    for side in sides * 2:  # the second look of the phone is at the certificate
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
