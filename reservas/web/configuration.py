"""What clients need to stay up to date: how to follow the stream, and to poll without it."""

from __future__ import annotations

from typing import Any

from reservas.config import Settings
from reservas.domain.events import KINDS

#: The first pause before a stream is opened again, which doubles; in milliseconds.
RECONNECT_DELAY_MS = 600
#: Failed tries in a row after which a page says that it is offline; it goes on trying.
MOST_RECONNECT_ATTEMPTS = 3
#: Without streams a page polls this often, and finds out that there are streams again.
POLLING_MS = 30_000


def shown(settings: Settings) -> dict[str, Any]:
    """Return the configuration under the names that clients know; times in milliseconds.

    A list that no stream keeps fresh is read again when the page is looked at
    (`refetchOnWindowFocus`) or a screen opens (`refetchOnMount`) and it is older than `staleTime`.
    """
    return {
        "sse": {"enabled": settings.sse_enabled},
        "reconnectDelay": RECONNECT_DELAY_MS,
        "maxReconnectAttempts": MOST_RECONNECT_ATTEMPTS,
        "heartbeatInterval": int(settings.heartbeat_s * 1000),
        "polling": {"interval": POLLING_MS},
        "staleTime": POLLING_MS,
        "refetchOnWindowFocus": True,
        "refetchOnMount": True,
        "events": list(KINDS),
    }
