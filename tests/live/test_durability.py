"""What was answered is there after the whole server is killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tests.servers import Api, Server, booking, wait_until
from tests.sse import Stream

SCAN = "/api/reservas/qr-scan?businessId=1"


def test_answered_scans_survive_sigkill_and_can_be_replayed(
    server: Server, follow: Callable[..., Stream]
) -> None:
    token = server.token("1")
    api = Api(server, token)
    parties = [
        api.insist("POST", "/api/reservas?businessId=1", booking(numeroPersonas=900))["reserva"]
        for _ in range(4)
    ]
    start = api.insist("GET", "/api/reservas?businessId=1")["lastEventId"]
    api.close()
    asked: set[str] = set()
    answered: set[str] = set()
    cut: list[int] = []

    def scan_until_dead(door: int) -> None:
        own = Api(server, token)
        for number in range(100_000):
            scan_id = f"{door}-{number}"
            body = {
                "qrCode": parties[(door + number) % 4]["codigoQR"],
                "action": "increment",
                "scanId": scan_id,
            }
            asked.add(scan_id)
            try:
                status, _ = own.ask("POST", SCAN, body)
            except ConnectionError:
                cut.append(door)
                return
            assert status == 200
            answered.add(scan_id)

    doors = [threading.Thread(target=scan_until_dead, args=(door,)) for door in range(6)]
    for door in doors:
        door.start()
    wait_until(
        lambda: len(answered) > 150 and len(asked) - len(answered) > 2, 30, "scans under way"
    )
    server.kill()
    for door in doors:
        door.join(10)
    assert sorted(cut) == list(range(len(doors)))  # every door was at work when the kill came
    server.start()
    api = Api(server, token)
    stored = {
        entry["scanId"]
        for party in parties
        for entry in api.insist("GET", f"/api/reservas/{party['id']}?businessId=1")["reserva"][
            "registroEntradas"
        ]
    }
    api.close()
    assert answered <= stored
    stream = follow(server, token, "1", last=start)
    wait_until(lambda: len(stream.events) >= len(stored), 15, "the replay")
    time.sleep(0.2)
    first = int(start.split("-")[1]) + 1
    assert stream.seqs == list(range(first, first + len(stored)))
    replayed = {
        entry["scanId"]
        for event in stream.events
        for entry in event.data["reserva"]["registroEntradas"]
    }
    assert replayed == stored
    assert "file: ok" in server.cli("check")
