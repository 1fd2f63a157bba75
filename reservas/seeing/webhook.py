"""Sends a message to a webhook: one POST of JSON, whose answer must be 2xx."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from reservas.encoding import dumps
from reservas.seeing.messages import Message

#: Each step may take so long, in seconds.
TIMEOUT_S = 10.0


class Refused(OSError):
    """The webhook answered, but not by a yes."""


def send(url: str, message: Message) -> None:
    """Post the message; redirects are not followed. Raises OSError."""
    found = urlsplit(url)
    host, port = str(found.hostname), found.port
    link: http.client.HTTPConnection
    if found.scheme == "https":
        context = ssl.create_default_context()
        link = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)
    else:
        link = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    path = (found.path or "/") + (f"?{found.query}" if found.query else "")
    try:
        link.request(
            "POST",
            path,
            dumps(message.data).encode(),
            {"Content-Type": "application/json", "User-Agent": "reservas", "Connection": "close"},
        )
        status = link.getresponse().status
    except http.client.HTTPException as error:
        raise Refused(f"no answer of HTTP ({type(error).__name__})") from None
    finally:
        link.close()
    if not 200 <= status < 300:
        raise Refused(f"answered {status}")
