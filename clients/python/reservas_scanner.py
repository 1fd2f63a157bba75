# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Reservas authors
"""A door scanner's client of Reservas, in one file: standard library only, Python 3.9 or newer.

    door = Scanner("https://192.168.1.20", token, "mi-bar", queue="scans.jsonl")
    answer = door.scan("R1.7KX2…")
    if isinstance(answer, Admitted):
        print(answer.message, answer.inside, "/", answer.planned)

A scan is sent again under the same id until the server answers, so it counts once. What cannot be
sent is kept on disk when the people are let in anyway (`keep`), and told later (`flush`).
"""

from __future__ import annotations

import email.utils
import http.client
import json
import os
import random
import ssl
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Union

#: Statuses that a later try may not get.
AGAIN = frozenset({408, 429, 500, 502, 503, 504})
#: Scans of one batch at the most, and seconds that a request may take.
BATCH, TIMEOUT_S = 500, 10.0
#: The first pause between two tries, which doubles, and the longest; in seconds.
PAUSE_S, LONGEST_PAUSE_S = 0.25, 8.0


class Unreachable(Exception):
    """The server did not answer in time; it is unknown whether a request reached it."""


class Failed(Exception):
    """The server refused a request for a reason that is no verdict, such as a wrong token."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message

    @classmethod
    def of(cls, status: int, answer: dict[str, Any]) -> Failed:
        return cls(status, str(answer.get("error", "")), str(answer.get("message", "")))


@dataclass(frozen=True)
class Known:
    """Whose code it is (`look_up`); nobody has entered. `verdict`: "ok" or "already_complete"."""

    verdict: str
    message: str
    name: str
    reservation_id: str
    inside: int
    planned: int
    #: The least role that may overrule the verdict, None for nobody.
    overruled_by: str | None


@dataclass(frozen=True)
class Admitted:
    """People have entered; `repeated`: an earlier try had reached the server."""

    scan_id: str
    message: str
    name: str
    reservation_id: str
    people: int
    inside: int
    planned: int
    #: People over the plan.
    excess: int
    repeated: bool


@dataclass(frozen=True)
class Refused:
    """Nobody has entered. `verdict` says why: `party_full`, `other_night`, `invalid_code` …

    `overruled_by` is the least role that may send it again with `force` and a reason.
    """

    scan_id: str
    verdict: str
    message: str
    status: int
    reservation_id: str | None
    inside: int | None
    planned: int | None
    overruled_by: str | None
    #: Of people who are inside already: a host decides.
    conflict_id: str | None = None


@dataclass(frozen=True)
class Event:
    """One change at the venue; `kind` "resync" tells to read lists again."""

    id: str
    kind: str
    data: dict[str, Any]


Answer = Union[Admitted, Refused]


class Scanner:
    """One device at one venue. Not for several threads at once."""

    def __init__(
        self,
        url: str,
        token: str,
        business_id: str,
        *,
        queue: str | None = None,
        patience_s: float = 20.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`patience_s`: how long a request is tried again; `queue`: a file for `keep`."""
        self._url = urllib.parse.urlsplit(url)
        self._token = token
        self._business_id = business_id
        self._patience_s = patience_s
        self._tls = tls
        self._queue = Queue(queue) if queue else None

    def look_up(self, code: str) -> Known | Refused:
        """Say whose code it is and whether it would be let in. Raises Failed, Unreachable."""
        status, answer = self._ask("qr-scan", {"qrCode": code, "action": "info"})
        if status != 200:
            return _refused("", status, answer)
        return Known(
            answer["veredicto"],
            answer["message"],
            answer["cliente"]["nombre"],
            answer["reservaId"],
            answer["asistenciaActual"],
            answer["maxAsistencia"],
            answer.get("forzable"),
        )

    def scan(
        self,
        code: str,
        people: int = 1,
        *,
        scan_id: str | None = None,
        force: bool = False,
        reason: str = "",
    ) -> Answer:
        """Let people in on a code, durably, and once however often it is tried.

        After Unreachable call it again with the `scan_id` of your own, or `keep` it. Raises
        Failed, Unreachable.
        """
        known = scan_id or new_scan_id()
        body: dict[str, Any] = {
            "qrCode": code,
            "action": "increment",
            "increment": people,
            "scanId": known,
            "scannedAt": _now(),
        }
        if force:
            body.update(force=True, motivo=reason)
        status, answer = self._ask("qr-scan", body)
        return _admitted(known, answer) if status == 200 else _refused(known, status, answer)

    def keep(self, code: str, people: int = 1, *, scan_id: str | None = None) -> str:
        """Keep a scan of people who are let in though the server can't be asked; return its id.

        It is on the disk when this returns. One that `scan` tried before keeps its `scan_id`.
        """
        known = scan_id or new_scan_id()
        self._kept().add(
            {
                "qrCode": code,
                "increment": people,
                "scanId": known,
                "scannedAt": _now(),
                "offline": True,
            }
        )
        return known

    @property
    def waiting(self) -> int:
        """Return how many kept scans are not told yet."""
        return len(self._kept().scans())

    def flush(self) -> list[Answer]:
        """Tell the kept scans, in their order, and forget those that were answered.

        Raises Failed, Unreachable: what was not answered is kept, and may be flushed again.
        """
        answers: list[Answer] = []
        while True:
            scans = self._kept().scans()[:BATCH]
            if not scans:
                return answers
            status, answer = self._ask("qr-scan/batch", {"deviceNow": _now(), "scans": scans})
            if status != 200:
                raise Failed.of(status, answer)
            results = answer["results"]
            again = {str(each["scanId"]) for each in results if each["status"] in AGAIN}
            answers += [_answer(each) for each in results if each["status"] not in AGAIN]
            self._kept().forget({str(each["scanId"]) for each in scans} - again)
            if again:
                raise Unreachable("the server could not enter all of them now")

    def events(self, last_event_id: str | None = None) -> Iterator[Event]:
        """Follow the venue, for ever: after a cut it goes on behind the last event.

        Without `last_event_id` it begins with what comes next. Raises Failed when the access ends.
        """
        pause = PAUSE_S
        while True:
            try:
                for event in self._stream(last_event_id):
                    pause = PAUSE_S
                    if event.id:
                        last_event_id = event.id
                    if event.kind not in {"connected", "heartbeat"}:
                        yield event
                    elif "lastEventId" in event.data and last_event_id is None:
                        last_event_id = str(event.data["lastEventId"])
            except Unreachable:
                pass
            time.sleep(random.uniform(0.5, 1) * pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _stream(self, last_event_id: str | None) -> Iterator[Event]:
        link = self._connect(90.0)  # a heartbeat comes every 30 s
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        try:
            link.request("GET", self._path("events"), headers=headers)
            answer = link.getresponse()
            if answer.status in AGAIN:
                raise Unreachable(f"status {answer.status}")
            if answer.status != 200:
                raise Failed.of(answer.status, _decoded(answer.read()))
            yield from _parsed(answer)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error)) from error
        finally:
            link.close()

    def _ask(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send a request until it is answered; return status and answer."""
        until, pause = time.monotonic() + self._patience_s, PAUSE_S
        while True:
            wait = pause * random.uniform(0.5, 1)
            try:
                status, answer, asked = self._once(path, body)
                if status not in AGAIN:
                    if status != 200 and "veredicto" not in answer:
                        raise Failed.of(status, answer)
                    return status, answer
                problem, wait = f"status {status}", max(wait, asked)
            except (OSError, http.client.HTTPException) as error:
                problem = str(error) or type(error).__name__
            if time.monotonic() + wait > until:
                raise Unreachable(problem)
            time.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _once(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], float]:
        """Return status, answer, and the seconds that the server asks to wait."""
        link = self._connect(TIMEOUT_S)
        try:
            headers = {
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            }
            link.request("POST", self._path(path), json.dumps(body).encode(), headers)
            answer = link.getresponse()
            content = answer.read()
            return answer.status, _decoded(content), _retry_after(answer.headers["Retry-After"])
        finally:
            link.close()

    def _path(self, path: str) -> str:
        query = urllib.parse.urlencode({"businessId": self._business_id})
        return f"{self._url.path.rstrip('/')}/api/reservas/{path}?{query}"

    def _connect(self, timeout_s: float) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            tls = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=tls)
        return http.client.HTTPConnection(host, port, timeout=timeout_s)

    def _kept(self) -> Queue:
        if self._queue is None:
            raise ValueError("a Scanner without `queue` keeps nothing")
        return self._queue


class Queue:
    """Scans in a file, a line of JSON each; what was added outlives a power cut."""

    def __init__(self, path: str) -> None:
        self._path = path

    def scans(self) -> list[dict[str, Any]]:
        try:
            with open(self._path, encoding="utf-8") as file:
                lines = file.read().split("\n")
        except FileNotFoundError:
            return []
        # What stands behind the last line's end was cut off while it was written.
        return [json.loads(line) for line in lines[:-1]]

    def add(self, scan: dict[str, Any]) -> None:
        self._write([*self.scans(), scan])

    def forget(self, scan_ids: set[str]) -> None:
        self._write([scan for scan in self.scans() if scan["scanId"] not in scan_ids])

    def _write(self, scans: list[dict[str, Any]]) -> None:
        """Put a whole file in the place of the old one: there is one or the other."""
        beside = f"{self._path}.new"
        with open(beside, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(scan) + "\n" for scan in scans)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self._path)
        folder = os.open(os.path.dirname(os.path.abspath(self._path)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def new_scan_id() -> str:
    """Return an id that no other scan has."""
    return uuid.uuid4().hex


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def _admitted(scan_id: str, answer: dict[str, Any]) -> Admitted:
    return Admitted(
        scan_id,
        answer["message"],
        answer["cliente"]["nombre"],
        answer["reservaId"],
        answer["increment"],
        answer["asistenciaActual"],
        answer["maxAsistencia"],
        answer["exceso"],
        answer["repeated"],
    )


def _refused(scan_id: str, status: int, answer: dict[str, Any]) -> Refused:
    return Refused(
        scan_id,
        answer.get("veredicto") or answer["error"],
        answer["message"],
        status,
        answer.get("reservaId"),
        answer.get("incrementCount"),
        answer.get("maxAsistencia"),
        answer.get("forzable"),
        answer.get("conflictoId"),
    )


def _answer(result: dict[str, Any]) -> Answer:
    """Return what became of one scan of a batch."""
    scan_id, status = str(result["scanId"]), int(result["status"])
    if status == 200:
        return _admitted(scan_id, result)
    return _refused(scan_id, status, result)


def _decoded(content: bytes) -> dict[str, Any]:
    """Return a JSON object; what a proxy says in another form is none."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(value: str | None) -> float:
    """Return the seconds of a `Retry-After`, which may be a date."""
    if not value:
        return 0.0
    if value.isdigit():
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    return max(0.0, at.timestamp() - time.time())


def _parsed(lines: http.client.HTTPResponse) -> Iterator[Event]:
    """Yield the messages of a stream; comments and what was cut off are left out."""
    last, data = "", list[str]()
    for line in iter(lines.readline, b""):
        name, _, value = line.decode().rstrip("\r\n").partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "id":
            last = value
        elif name == "data":
            data.append(value)
        elif not name and not value and data:
            said = json.loads("\n".join(data))
            yield Event(last, str(said.get("type")), said)
            last, data = "", []
