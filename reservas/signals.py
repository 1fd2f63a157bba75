"""The signals of the application; each comment is the contract."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

# Sent by the writer in the worker's own loop, once per commit group, after the commit that
# holds at least one event; no arguments. Deleting every receiver costs latency, never an event:
# followers read the log.
events_committed = _signals.signal("events-committed")

# Sent by the follower of a worker when somebody's access was withdrawn, by whichever process, and
# once at its start; with `generation`, the counter of such changes. What was looked up at an
# earlier one is out of date.
access_withdrawn = _signals.signal("access-withdrawn")
