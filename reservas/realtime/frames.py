"""Encodes the frames of a stream, byte for byte as the browser reads them."""

from __future__ import annotations

import json
import re

EVENT_ID = re.compile(r"([0-9a-z]{1,32})-([0-9]{1,15})", re.ASCII)


def event_id(epoch: str, seq: int) -> str:
    return f"{epoch}-{seq}"


def parse_event_id(text: str) -> tuple[str, int]:
    """Return (epoch, seq). Raises ValueError when `text` is not EPOCH-SEQ."""
    match = EVENT_ID.fullmatch(text)
    if match is None:
        raise ValueError("an event id has the form EPOCH-SEQ")
    return match[1], int(match[2])


def event_frame(epoch: str, seq: int, kind: str, payload: str, named: bool) -> bytes:
    """Return the frame of one event; `payload` is JSON text on one line."""
    name = f"event: {kind}\n" if named else ""
    return f"id: {epoch}-{seq}\n{name}data: {payload}\n\n".encode()


def without_name(frame: bytes) -> bytes:
    """Return a named event frame as `named=0` asks for it."""
    first, _, rest = frame.partition(b"\n")
    return first + b"\n" + rest.partition(b"\n")[2]


def connected_frame(retry_ms: int, connection_id: str, last_event_id: str) -> bytes:
    data = {"type": "connected", "connectionId": connection_id, "lastEventId": last_event_id}
    return f"retry: {retry_ms}\ndata: {_dumps(data)}\n\n".encode()


def heartbeat_frame(now_ms: int) -> bytes:
    return f'data: {{"type":"heartbeat","time":{now_ms}}}\n\n'.encode()


def resync_frame(last_event_id: str, named: bool) -> bytes:
    """Return the frame that tells a client to read the list again.

    Its `id:` moves a native EventSource to the live position: without it the browser would ask
    for the lost one on every reconnect, and be told to resync each time.
    """
    name = "event: resync\n" if named else ""
    data = _dumps({"type": "resync", "lastEventId": last_event_id})
    return f"id: {last_event_id}\n{name}data: {data}\n\n".encode()


def _dumps(data: dict[str, str]) -> str:
    return json.dumps(data, separators=(",", ":"))
