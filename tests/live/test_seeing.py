"""How the box does, over all workers: while it is well, while it is not, while one is killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from tests import receivers
from tests.conftest import MakeServer
from tests.receivers import HANGS, WORKS
from tests.servers import Api, Server, booking, wait_until
from tests.sse import Stream

STATE = "/api/estado?businessId=1"


def state(api: Api) -> dict[str, Any]:
    status, found = api.ask("GET", STATE)
    assert status == 200, found
    return dict(found)


def test_screens_of_all_workers_are_joined_and_a_sick_database_is_told(
    server: Server, follow: Callable[..., Stream]
) -> None:
    owner, bar = server.token("1"), server.token("1", "host", "Tablet barra")
    stranger = server.token("10", "door", "Ajena")
    server.cli("backup")
    apis = server.at_each_worker(owner)
    for again in ("", "&reconexion=1", "&reconexion=1"):
        follow(server, bar, "1", query=again)
    follow(server, stranger, "10")

    def joined(api: Api) -> list[tuple[str, int, int]]:
        found = state(api)["dispositivos"]
        return [(each["nombre"], each["pantallas"], each["reconexiones"]) for each in found]

    for api in apis.values():
        wait_until(lambda api=api: joined(api) == [("Tablet barra", 3, 2)], 5, "the screens")
        found = state(api)
        assert [each["responde"] for each in found["procesos"]] == [True, True]
        assert {each["pid"] for each in found["procesos"]} == set(apis)
        assert sum(each["pantallas"] for each in found["procesos"]) == 4
        assert (found["estado"], found["sinDatos"]) == ("bien", [])
    opened = server.metrics("reservas_streams_opened_total")
    assert sum(float(line.split()[-1]) for line in opened if 'kind="again"' in line) == 2

    def counted() -> bool:
        requests = server.metrics("reservas_http_requests_total")
        return any('route="health",status="200"' in line for line in requests)

    wait_until(counted, what="the count of requests")

    # Another program writes and does not end.
    path = server.folder / "data" / "reservas.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for api in apis.values():
            sick = wait_until(lambda api=api: is_sick(state(api)), 5, "the verdict")
            assert sick["problemas"][0]["datos"] == {"causa": "busy"}
        other.execute("ROLLBACK")
    # Its files are gone: nobody can be looked up any more.
    path.rename(path.with_name("gone"))
    for api in apis.values():
        sick = wait_until(lambda api=api: is_sick(state(api)), 5, "the verdict")
        assert sick["problemas"][0]["datos"] == {"causa": "storage_failed"}
        assert sick["cifras"]["pantallas"] == 4
    path.with_name("gone").rename(path)


def is_sick(found: dict[str, Any]) -> dict[str, Any] | None:
    return found if found["estado"] == "alarma" else None


def test_a_watcher_that_is_killed_is_replaced_and_what_it_had_to_tell_is_told_once(
    make_server: MakeServer,
) -> None:
    with receivers.webhook(HANGS) as hook:
        server = make_server(alert_webhook=f"http://127.0.0.1:{hook.port}/", log_format="json")
        first = watcher_of(server)
        # As if the first had found something, whose message has not gone out.
        message = {"subject": "s", "text": "t", "data": {"problema": "disk_low"}}
        kept = {"known": {}, "waiting": {"webhook": [message]}}
        os.kill(first, signal.SIGSTOP)
        (server.figures() / "alarms.json").write_text(json.dumps(kept))
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: hook.asked == 1, 15, "another worker that watches")
        assert watcher_of(server) != first
        # The webhook hangs; requests do not, on whichever worker.
        for api in server.at_each_worker(server.token("1")).values():
            api.insist("POST", "/api/reservas?businessId=1", booking())
            assert [each["codigo"] for each in state(api)["problemas"]] == ["backup_none"]
            assert [each["codigo"] for each in state(api)["errores"]] == ["worker"]
        assert hook.received == []
        hook.mode = WORKS
        hook.released.set()
        wait_until(lambda: hook.received == [{"problema": "disk_low"}], 15, "the message")
        # `serve` says where it serves before the server's own log begins.
        log = server.log.read_text()
        lines = [json.loads(line) for line in log[log.index("{") :].splitlines()]
    watching = [each["worker"] for each in lines if "watches the box" in each["message"]]
    assert watching[0] == first
    assert len(set(watching)) == 2
    (failed,) = [each for each in lines if "alert could not be sent" in each["message"]]
    assert failed["level"] == "warning"


def watcher_of(server: Server) -> int:
    """Return the worker that watches, which it says in the log."""

    def found() -> int | None:
        lines = [each for each in server.log.read_text().splitlines() if "watches the box" in each]
        return int(json.loads(lines[-1])["worker"]) if lines else None

    return int(wait_until(found, 15, "a worker that watches"))
