"""Carries messages to the outside, one after the other and again until they arrive.

Each channel has a greenlet that waits and a native thread that sends: a mail server that hangs
keeps neither the loop nor the other channel waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from typing import Any

import gevent
from gevent.event import Event
from gevent.threadpool import ThreadPool

from reservas import metrics
from reservas.config import Settings
from reservas.outside import mail_server, recipients
from reservas.seeing import mail, webhook
from reservas.seeing.messages import Message
from reservas.threads import on_thread

log = logging.getLogger("reservas.alerts")

#: The pause after a failed try doubles from one to the other, in seconds.
RETRY_S, RETRY_MOST_S = 5.0, 600.0
#: Messages that wait on a channel; of more the oldest go.
MOST = 20

Send = Callable[[Message], None]


def channels(settings: Settings) -> dict[str, Send]:
    """Return how to send on each channel that is set; each raises OSError."""
    found: dict[str, Send] = {}
    if settings.alert_email:
        server, to = mail_server(settings.smtp_url), recipients(settings.alert_email)
        found["email"] = partial(mail.send, server, to)
    if settings.alert_webhook:
        found["webhook"] = partial(webhook.send, settings.alert_webhook)
    return found


class Channel:
    """`changed` is called when its queue has changed, for who keeps it."""

    def __init__(self, name: str, send: Send, changed: Callable[[], None]) -> None:
        self.name = name
        self.queue: list[Message] = []
        self._send = send
        self._changed = changed
        self._filled = Event()
        self._pool = ThreadPool(1)
        self._greenlet = gevent.spawn(self._run)

    def put(self, messages: Iterable[Message]) -> None:
        self.queue = [*self.queue, *messages][-MOST:]
        self._filled.set()

    def _run(self) -> None:
        pause = RETRY_S
        while True:
            self._filled.wait()
            if not self.queue:
                self._filled.clear()
                continue
            message = self.queue[0]
            if self._sent(message):
                if self.queue and self.queue[0] is message:
                    del self.queue[0]
                self._changed()
                pause = RETRY_S
            else:
                gevent.sleep(pause)
                pause = min(2 * pause, RETRY_MOST_S)

    def _sent(self, message: Message) -> bool:
        try:
            on_thread(partial(self._send, message), self._pool)
        except Exception as error:  # noqa: BLE001 - whatever a library meets, it is tried again
            metrics.ALERTS.labels(self.name, "failed").inc()
            log.warning("an alert could not be sent by %s: %s", self.name, reason(error))
            return False
        metrics.ALERTS.labels(self.name, "sent").inc()
        log.info("an alert was sent by %s", self.name)
        return True

    def stop(self) -> None:
        self._greenlet.kill(block=False)


def reason(error: BaseException) -> str:
    """Say why sending failed, without what a server may have repeated of a password."""
    code = getattr(error, "smtp_code", None)
    if code is not None:
        return f"{type(error).__name__} {code}"
    if isinstance(error, webhook.Refused):
        return str(error)
    return f"{type(error).__name__} {getattr(error, 'strerror', None) or ''}".strip()


class Post:
    """All channels; what waits on them can be kept, and taken over by another worker."""

    def __init__(self, sends: dict[str, Send], changed: Callable[[], None]) -> None:
        self._channels = [Channel(name, send, changed) for name, send in sends.items()]

    def put(self, messages: list[Message]) -> None:
        for each in self._channels:
            each.put(messages)

    def waiting(self) -> dict[str, list[dict[str, Any]]]:
        return {each.name: [asdict(one) for one in each.queue] for each in self._channels}

    def take_over(self, waiting: dict[str, list[dict[str, Any]]]) -> None:
        for each in self._channels:
            each.put(Message(**kept) for kept in waiting.get(each.name, ()))

    def stop(self) -> None:
        for each in self._channels:
            each.stop()
