"""Scans at a steady rate, none of them repeated: what is not answered by 200 has failed."""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.servers import Api, Server, booking

BOOK = "/api/reservas?businessId=1"
PARTIES = 40
SCAN = "/api/reservas/qr-scan?businessId=1"


class SteadyScans:
    """`doors` devices, together `rate` scans a second, of many parties, as on an evening.

    Each second scan opens a new connection. The others keep theirs, and a kept connection that
    the server has closed is opened anew before the scan is sent, as any client does.
    """

    def __init__(self, server: Server, token: str, doors: int = 4, rate: float = 20) -> None:
        self.server, self.token = server, token
        api = Api(server, token)
        made = [api.insist("POST", BOOK, booking(numeroPersonas=200)) for _ in range(PARTIES)]
        self.codes = [each["reserva"]["codigoQR"] for each in made]
        self.start: str = api.insist("GET", BOOK)["lastEventId"]
        api.close()
        self.failed: list[Any] = []
        self.waits: list[float] = []
        self._over = threading.Event()
        self._pause_s = doors / rate
        self._threads = [threading.Thread(target=self._work, args=(door,)) for door in range(doors)]
        for thread in self._threads:
            thread.start()

    def _work(self, door: int) -> None:
        api, number, due = Api(self.server, self.token), 0, time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            number += 1
            due += self._pause_s
            if number % 2 or api.is_ended():
                api.close()
            code = self.codes[number % PARTIES]
            body = {"qrCode": code, "action": "increment", "force": True}
            began = time.monotonic()
            try:
                status, answer = api.ask("POST", SCAN, {**body, "scanId": f"{door}-{number}"})
                if status != 200:
                    self.failed.append((status, answer))
            except ConnectionError as error:
                self.failed.append(repr(error))
            self.waits.append(time.monotonic() - began)
        api.close()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)
