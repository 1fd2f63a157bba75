"""Encodes the frames of a stream (WHATWG HTML, section "Server-sent events")."""

from __future__ import annotations

import re

from reservas.encoding import dumps

EVENT_ID = re.compile(r"([0-9a-z]{1,32})-(0|[1-9][0-9]{0,14})")


def parse_event_id(text: str) -> tuple[str, int]:
    """Return (epoch, seq) of an `EPOCH-SEQ`. Raises ValueError when it has another form."""
    match = EVENT_ID.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return match[1], int(match[2])


def event_frame(epoch: str, seq: int, kind: str, payload: str, *, named: bool) -> bytes:
    """Return the one frame of a change; `payload` is JSON on one line.

    Without `named` the `event:` line is left out, for clients that only set `onmessage`.
    """
    name = f"event: {kind}\n" if named else ""
    return f"id: {epoch}-{seq}\n{name}data: {payload}\n\n".encode()


def connected_frame(retry_ms: int, connection_id: str, last_event_id: str) -> bytes:
    """Return the first frame; the stream starts after `last_event_id`."""
    data = {"type": "connected", "connectionId": connection_id, "lastEventId": last_event_id}
    return f"retry: {retry_ms}\ndata: {dumps(data)}\n\n".encode()


def heartbeat_frame(time_ms: int) -> bytes:
    return f'data: {{"type":"heartbeat","time":{time_ms}}}\n\n'.encode()


def resync_frame(last_event_id: str, *, named: bool) -> bytes:
    """Return the order to read the list again.

    It carries an `id:`, so that a native EventSource resumes from here and not from the
    position that could not be served.
    """
    name = "event: resync\n" if named else ""
    data = dumps({"type": "resync", "lastEventId": last_event_id})
    return f"id: {last_event_id}\n{name}data: {data}\n\n".encode()
