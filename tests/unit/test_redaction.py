"""What is written into a log is looked through for secrets, tracebacks too."""

from __future__ import annotations

import io
import logging

import pytest

from reservas.redaction import HideSecrets, hidden

CODE = "R1.SA4UHOSHBF75W7EV.1.YHQTNJKVH32BMLA4QZZGFFKPQM"
LINK = "sa4uhoshbf75w7ev-1-yhqtnjkvh32bmla4qzzgffkpqm"
TOKEN = "rsv_Dui2XZuIw_TvFerAaZcWyyLJK3Y8y6gli9uMizHrBUo"
DIGITS = "8c1f5e0a9b7d3c62" * 4
KEY = "1YOreWP3LNsr8nwQ36JP8NBnm5TJXsQo2jHMhc_Zk00"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"POST /api/scan/{KEY} HTTP/1.1", KEY),
        ("POST /api/scan/corta HTTP/1.1", "corta"),
        ("POST //API/scan//corta?x=1", "corta"),
        ("POST /api%2Fscan%2Fcorta", "corta"),
        (f"GET /t/{LINK}.png", LINK),
        (f"GET /T/{LINK}", LINK),
        (f"GET /x/{LINK}/lugar", LINK),
        (f"GET /?code={CODE}", CODE),
        (f"GET /?code={CODE.lower()}", CODE.lower()),
        (f"reservas={KEY}; Path=/", KEY),
        (f"token {TOKEN}!", TOKEN),
        ("Authorization: Bearer abc", "abc"),
        (DIGITS, DIGITS),
    ],
)
def test_a_secret_is_hidden(text: str, secret: str) -> None:
    found = hidden(text)
    assert found != text
    assert secret not in found


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/reservas/SA4UHOSHBF75W7EV HTTP/1.1",
        "GET /api/puerta/manifest?desde=ab12cd34-100",
        'File "/srv/reservas/services/attendance.py", line 93, in scan_in',
        "could not prune the event log; trying again",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert hidden(text) == text


def test_a_traceback_is_looked_through(capsys: pytest.CaptureFixture[str]) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(HideSecrets())
    log = logging.Logger("test")
    log.addHandler(handler)
    try:
        raise ValueError(f"no such key: {KEY}")
    except ValueError:
        log.exception("unexpected error at /api/scan/%s", KEY)
    assert KEY not in written.getvalue()
    assert "ValueError: no such key: -" in written.getvalue()
