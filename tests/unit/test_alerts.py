"""Messages reach who looks after the box: by e-mail and webhook, until they arrive."""

from __future__ import annotations

import email
import email.policy
import smtplib
import time
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from reservas.config import Settings
from reservas.domain.alarms import BEGINS, OVER, Notice
from reservas.domain.health import ALARM
from reservas.outside import mail_server as parsed
from reservas.seeing import box, mail, post, watcher, webhook
from reservas.seeing.messages import Message, compose
from reservas.seeing.post import Post, channels
from reservas.seeing.watcher import Watcher
from reservas.store import close, migrate
from tests import receivers
from tests.receivers import FAILS, HANGS, WORKS, Receiver

NOTICE = Notice(BEGINS, "disk_low", ALARM, "El disco tiene 9 MB libres.", "Borra.", 1000)
MESSAGE = Message("Reservas: aviso", "El disco\ntiene 9 MB.", {"problema": "disk_low"})


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receivers.webhook() as receiver:
        yield receiver


@pytest.fixture
def mailbox() -> Iterator[Receiver]:
    with receivers.mail_server() as receiver:
        yield receiver


def settings_of(hook: Receiver, mailbox: Receiver, **more: str) -> Settings:
    return Settings(
        alert_email="ana@mibar.ec, luis@mibar.ec",
        smtp_url=f"smtp://ana:geheim@127.0.0.1:{mailbox.port}/?from=caja@mibar.ec",
        alert_webhook=f"http://127.0.0.1:{hook.port}/aviso?x=1",
        url="https://reservas.mibar.ec",
        **more,  # type: ignore[arg-type]
    )


def soon(check: object, seconds: float = 5) -> None:
    """Let the loop run until `check` is true."""
    until = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        assert time.monotonic() < until
        gevent.sleep(0.01)


def test_a_message_says_what_since_when_and_what_to_do(hook: Receiver, mailbox: Receiver) -> None:
    message = compose(settings_of(hook, mailbox), NOTICE, 61_000)
    for send in channels(settings_of(hook, mailbox)).values():
        send(message)
    (posted,) = hook.received
    assert posted["mensaje"] == NOTICE.message
    assert posted["text"] == "Reservas (https://reservas.mibar.ec): El disco tiene 9 MB libres."
    assert (posted["estado"], posted["nivel"]) == (BEGINS, ALARM)
    assert posted["desde"] == "1970-01-01T00:00:01.000Z"
    (sent,) = mailbox.received
    mailed = email.message_from_string(sent, policy=email.policy.default)
    assert mailed["To"] == "ana@mibar.ec, luis@mibar.ec"
    assert mailed["From"] == "caja@mibar.ec"
    assert mailed["Subject"] == "Reservas: El disco tiene 9 MB libres."
    assert "Borra." in mailed.get_content()
    over = compose(settings_of(hook, mailbox), Notice(OVER, *list_of(NOTICE)), 61_000)
    assert over.subject == "Reservas: Resuelto: El disco tiene 9 MB libres."
    assert "Borra." not in over.text


def list_of(notice: Notice) -> tuple[str, str, str, str, int]:
    return notice.code, notice.level, notice.message, notice.advice, notice.since_ms


def test_one_that_hangs_or_fails_keeps_nobody_waiting_and_arrives_once(
    hook: Receiver, mailbox: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "RETRY_S", 0.05)
    hook.mode, mailbox.mode = HANGS, FAILS
    carried = Post(channels(settings_of(hook, mailbox)), lambda: None)
    try:
        began = time.monotonic()
        carried.put([MESSAGE])
        soon(lambda: hook.asked == 1 and mailbox.asked >= 2)
        assert time.monotonic() - began < 5  # the loop turned while the webhook hung
        mailbox.mode = WORKS
        soon(lambda: len(mailbox.received) == 1)
        assert hook.received == []
        hook.mode = FAILS
        hook.released.set()
        soon(lambda: hook.asked >= 3)
        hook.mode = WORKS
        soon(lambda: carried.waiting() == {"email": [], "webhook": []})
        assert hook.received == [MESSAGE.data]
        assert len(mailbox.received) == 1
    finally:
        carried.stop()


@pytest.mark.parametrize("name", ["email", "webhook"])
def test_who_never_answers_is_given_up_in_time(
    hook: Receiver, mailbox: Receiver, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.1)
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.1)
    hook.mode = mailbox.mode = HANGS
    with pytest.raises(OSError):
        channels(settings_of(hook, mailbox))[name](MESSAGE)


def test_what_has_not_gone_out_is_taken_over_and_bounded(hook: Receiver, mailbox: Receiver) -> None:
    hook.mode = HANGS
    first = Post({"webhook": channels(settings_of(hook, mailbox))["webhook"]}, lambda: None)
    first.put([Message(str(number), "", {"n": str(number)}) for number in range(99)])
    waiting = first.waiting()
    assert len(waiting["webhook"]) == post.MOST
    first.stop()
    hook.mode = WORKS
    second = Post({"webhook": channels(settings_of(hook, mailbox))["webhook"]}, lambda: None)
    try:
        second.take_over(waiting)
        soon(lambda: len(hook.received) == post.MOST)
        assert [each["n"] for each in hook.received] == [str(n) for n in range(79, 99)]
    finally:
        second.stop()


def test_a_password_goes_to_no_other_machine_without_tls(
    mailbox: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = parsed(f"smtp://ana:geheim@127.0.0.1:{mailbox.port}")
    monkeypatch.setattr(type(server), "is_here", property(lambda _self: False))
    with pytest.raises(smtplib.SMTPNotSupportedError):
        mail.send(server, ("ana@mibar.ec",), MESSAGE)
    assert mailbox.received == []


def test_a_failure_is_told_without_what_the_server_said(mailbox: Receiver) -> None:
    mailbox.mode = FAILS
    server = parsed(f"smtp://ana:geheim@127.0.0.1:{mailbox.port}")
    assert "geheim" not in repr(server)
    with pytest.raises(smtplib.SMTPException) as raised:
        mail.send(server, ("ana@mibar.ec",), MESSAGE)
    assert post.reason(raised.value) == "SMTPSenderRefused 451"


def test_who_watches_tells_a_trouble_when_it_begins_and_when_it_is_over(
    tmp_path: Path, hook: Receiver, mailbox: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(folder))
    settings = settings_of(hook, mailbox, database=f"sqlite:///{tmp_path}/data/reservas.db")
    migrate(settings)
    free, now = [5_000_000], [1_800_000_000_000]
    monkeypatch.setattr(box, "look", lambda _settings: box.Box(free[0], 10**12, 1, 0, None))
    monkeypatch.setattr(watcher, "now_ms", lambda: now[0])
    first, second = Watcher(settings), Watcher(settings)
    assert first._take_seat()
    assert not second._take_seat()
    try:
        for _ in range(12):
            first.look()
            now[0] += 10_000
        soon(lambda: len(hook.received) == len(mailbox.received) == 1)
        soon(lambda: "disk_low" in watcher.known_codes())
        first.stop()  # as when its worker is killed
        assert second._take_seat()
        free[0] = 10**11
        for _ in range(60):
            second.look()
            now[0] += 10_000
        soon(lambda: len(hook.received) == len(mailbox.received) == 2)
        assert [each["estado"] for each in hook.received] == [BEGINS, OVER]
        assert len(second._history.samples) > 10
    finally:
        first.stop()
        second.stop()
        close()
