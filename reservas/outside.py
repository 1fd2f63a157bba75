"""Addresses outside the box that messages go to, as the settings say them."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out; `smtp://` goes on to TLS by STARTTLS, `smtps://` begins with it."""

    host: str
    port: int
    begins_with_tls: bool
    user: str
    password: str = field(repr=False)
    sender: str

    @property
    def is_here(self) -> bool:
        """Tell whether it is this machine: nobody listens in between."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def mail_server(url: str) -> MailServer:
    """Return what `smtp(s)://[USER:PASSWORD@]HOST[:PORT][/?from=ADDRESS]` says.

    Raises ValueError, which repeats nothing of it.
    """
    found = urlsplit(url)
    if found.scheme not in {"smtp", "smtps"} or not found.hostname or found.path not in {"", "/"}:
        raise ValueError("must be smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST")
    user, password = unquote(found.username or ""), unquote(found.password or "")
    if bool(user) != bool(password):
        raise ValueError("must have both a user and a password, or none")
    query = parse_qs(found.query)
    if set(query) - {"from"}:
        raise ValueError("may have ?from=ADDRESS and nothing else")
    own = user if is_address(user) else f"reservas@{socket.gethostname()}"
    sender = query.get("from", [own])[0]
    if not is_address(sender):
        raise ValueError("must have an address in ?from=")
    is_tls = found.scheme == "smtps"
    port = _port(found.port if found.port is not None else 465 if is_tls else 587)
    return MailServer(found.hostname, port, is_tls, user, password, sender)


def _port(port: int) -> int:
    if not port:
        raise ValueError("must have a port from 1 to 65535")
    return port


def is_address(text: str) -> bool:
    name, _, host = text.partition("@")
    printable = text.isprintable() and not set(text) & set(' ,<>"')
    return bool(name and host) and "@" not in host and printable


def recipients(text: str) -> tuple[str, ...]:
    """Return the addresses of `a@x.ec, b@x.ec`. Raises ValueError."""
    found = tuple(each.strip() for each in text.split(","))
    if not all(map(is_address, found)):
        raise ValueError("must be addresses of e-mail with commas between them")
    return found


def webhook(url: str) -> str:
    """Return a webhook's address. Raises ValueError, which repeats nothing of it."""
    found = urlsplit(url)
    if found.scheme not in {"http", "https"} or not found.hostname or not url.isprintable():
        raise ValueError("must be an address of http:// or https://")
    if " " in url or found.username:
        raise ValueError("must have no spaces, and no user before the host")
    _port(found.port if found.port is not None else 80)
    return url
