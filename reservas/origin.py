"""Who asks, and from where: set once for a request or a command, read where it is recorded."""

from __future__ import annotations

import getpass
import os
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """`key` is `Actor.key`, "consola", "servidor", or "" for nobody known.

    `agent` is the browser as it names itself; on the console, the account that runs the command.
    """

    key: str
    name: str
    address: str = ""
    agent: str = ""


#: What the server does by the clock.
SERVER = Origin("servidor", "Servidor")

_current: ContextVar[Origin] = ContextVar("origin", default=SERVER)

#: Of the greenlet that asks. A request sets it at its beginning, since a connection's greenlet
#: serves many; the writer carries it over to the transaction.
current = _current.get
use = _current.set


def account() -> str:
    """Return the account of who runs a command: behind sudo, theirs; "" where nobody knows."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return ""
