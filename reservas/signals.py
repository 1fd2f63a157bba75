"""The signals of the application; each comment is the contract."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

# Sent by the writer in the worker's own loop, once per commit group, after the commit that
# holds at least one event; no arguments. Deleting every receiver costs latency, never an event:
# followers read the log.
events_committed = _signals.signal("events-committed")
