"""Who is forgotten is in no stream any more, on whichever worker it resumes."""

from __future__ import annotations

from collections.abc import Callable

from tests.servers import Server, booking, wait_until
from tests.sse import Stream

BOOK = "/api/reservas?businessId=1"


def test_no_worker_tells_of_them_from_memory(server: Server, follow: Callable[..., Stream]) -> None:
    token = server.token("1")
    workers = server.at_each_worker(token)
    api = next(iter(workers.values()))
    start = api.insist("GET", BOOK)["lastEventId"]
    # Streams at both workers, so that both have what follows in memory.
    streams = [follow(server, token, "1", last=start) for _ in range(6)]
    guest = {"nombre": "Zenobia Quiñonez", "telefono": "+593 987654321"}
    reserva = api.insist("POST", BOOK, booking(cliente=guest))["reserva"]
    api.insist("PATCH", f"/api/reservas/{reserva['id']}?businessId=1", {"estado": "Cancelado"})
    client = f"/api/clientes/{reserva['cliente']['id']}?businessId=1"
    for stream in streams:
        wait_until(lambda stream=stream: len(stream.events) == 2, 20, "two events")
    assert api.insist("DELETE", client)["limpio"]
    for stream in streams:
        wait_until(lambda stream=stream: len(stream.events) == 3, 20, "what is left of them")

    def resumed() -> list[str]:
        again = [follow(server, token, "1", last=start) for _ in range(6)]
        for stream in again:
            wait_until(lambda stream=stream: len(stream.events) == 3, 20, "the replay")
            stream.stop()
        return [event.data["reserva"]["cliente"]["nombre"] for s in again for event in s.events]

    # A worker looks every quarter of a second.
    wait_until(lambda: set(resumed()) == {"Persona borrada"}, 10, "the end of the name")
    for worker in workers.values():
        worker.close()
