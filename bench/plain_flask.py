"""The reference most people would write: a Flask generator with one queue per connection, and a
scan route that reads, adds and saves with Peewee. One process, since the queues are in memory.
"""

import os

from flask import Flask, Response, request
from gevent.queue import Empty, Queue
from peewee import AutoField, ForeignKeyField, IntegerField, Model, SqliteDatabase, TextField

app = Flask(__name__)
queues: set[Queue] = set()
db = SqliteDatabase(
    os.environ.get("PLAIN_DATABASE", ":memory:"),
    pragmas={"journal_mode": "wal", "synchronous": "full", "busy_timeout": 5000},
)


class Party(Model):
    id = AutoField()
    nombre = TextField()
    planned = IntegerField()

    class Meta:
        database = db


class Entry(Model):
    id = AutoField()
    party = ForeignKeyField(Party)
    scan_id = TextField(unique=True)
    people = IntegerField()

    class Meta:
        database = db


@app.get("/events")
def events() -> Response:
    queue: Queue = Queue()
    queues.add(queue)

    def frames():
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    yield queue.get(timeout=30)
                except Empty:
                    yield ": still here\n\n"
        finally:
            queues.discard(queue)

    return Response(frames(), mimetype="text/event-stream")


@app.post("/pub")
def publish() -> dict[str, bool]:
    data = request.get_data(as_text=True)
    for queue in list(queues):
        queue.put(f"id: 1\nevent: reservation-updated\ndata: {data}\n\n")
    return {"success": True}


@app.get("/healthz")
def nothing() -> dict[str, bool]:
    return {"success": True}


@app.post("/scan")
def scan() -> dict[str, object]:
    given = request.get_json()
    with db.connection_context(), db.atomic("IMMEDIATE"):
        party = Party.get_by_id(given["party"])
        Entry.create(party=party, scan_id=given["scanId"], people=1)
        inside = sum(each.people for each in Entry.select().where(Entry.party == party))
    return {"success": True, "cliente": party.nombre, "inside": inside, "planned": party.planned}
