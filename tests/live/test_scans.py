"""Scans from several doors at once add up, and a repeated one changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.servers import Api, Server, booking

SCAN = "/api/reservas/qr-scan?businessId=1"


def test_200_concurrent_scans_from_two_doors_are_exactly_the_sum(server: Server) -> None:
    owner = Api(server, server.token("1"))
    doors = [server.token("1", "door", name) for name in ("Puerta 1", "Puerta 2")]
    reserva = owner.insist("POST", "/api/reservas?businessId=1", booking(numeroPersonas=1000))[
        "reserva"
    ]
    scans = [
        {
            "qrCode": reserva["codigoQR"],
            "action": "increment",
            "increment": 1 + number % 3,
            "scanId": f"scan-{number}",
        }
        for number in range(200)
    ]

    def run(door: int) -> list[dict]:
        api = Api(server, doors[door % 2])
        try:
            return [api.insist("POST", SCAN, scan) for scan in scans[door::16]]
        finally:
            api.close()

    with ThreadPoolExecutor(16) as pool:
        first = [answer for answers in pool.map(run, range(16)) for answer in answers]
        again = [answer for answers in pool.map(run, range(16)) for answer in answers]
    total = sum(scan["increment"] for scan in scans)
    shown = owner.insist("GET", f"/api/reservas/{reserva['id']}?businessId=1")["reserva"]
    assert shown["asistenciaActual"] == total
    assert sum(entry["cantidad"] for entry in shown["registroEntradas"]) == total
    assert len(shown["registroEntradas"]) == 200
    assert {entry["usuario"] for entry in shown["registroEntradas"]} == {"Puerta 1", "Puerta 2"}
    assert all(answer["repeated"] is False for answer in first)
    now = again[0]["reserva"]
    assert [{**answer, "repeated": True, "reserva": now} for answer in first] == again
    assert all(answer["repeated"] is True for answer in again)
    assert sorted(answer["asistenciaActual"] for answer in first)[-1] == total
    status, refused = owner.ask("POST", SCAN, {**scans[0], "increment": 9})
    assert (status, refused["error"]) == (409, "scan_reused")
    owner.close()
