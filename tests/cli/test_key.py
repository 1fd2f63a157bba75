"""`reservas key`: a server takes the new key at its reload, and codes given out stay good."""

from __future__ import annotations

import signal

from tests.cli.conftest import Box
from tests.servers import Api, Server, booking, wait_until


def test_keys_of_the_environment_are_not_changed_by_a_command(box: Box) -> None:
    box.refuses("key", "rotate", naming="RESERVAS_SECRET_KEY_OLD", secret_key="k" * 20)


def test_a_reload_takes_the_new_key_and_old_codes_stay_good(server: Server) -> None:
    api = Api(server, server.token("1"))
    made = api.insist("POST", "/api/reservas", booking(numeroPersonas=50))["reserva"]
    path = f"/api/reservas/{made['id']}"
    assert "nobody is logged out" in server.cli("key", "rotate")
    assert "stay good" in server.cli("key", "rotate")
    listed = server.cli("key", "list").splitlines()[1:]
    assert [line.split()[1] for line in listed] == ["signs", "verifies", "verifies"]
    for file in (server.folder / "data").glob("secret_key*"):
        assert file.stat().st_mode & 0o777 == 0o600
    assert api.insist("GET", path)["reserva"]["codigoQR"] == made["codigoQR"]
    old = server.workers()
    server.signal(signal.SIGHUP)
    wait_until(lambda: len(server.workers() - old) == 2 and not server.workers() & old, 20, "new")
    api.close()
    code = api.insist("GET", path)["reserva"]["codigoQR"]
    assert code != made["codigoQR"]
    for number, each in enumerate((code, made["codigoQR"])):
        body = {"qrCode": each, "action": "increment", "scanId": f"s{number}"}
        assert api.insist("POST", "/api/reservas/qr-scan", body)["success"]
    assert "2 older keys are gone. Void by it: QR codes" in server.cli("key", "retire", "--yes")
    assert "nothing changes" in server.cli("key", "retire", "--yes")
