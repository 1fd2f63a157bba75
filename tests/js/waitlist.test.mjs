// The waiting list: whatever the order of lists, events and own answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { empty, ended, times, until, waiting, withEvent, withList, withParty } from "../../static/screens/waitlist/line.js";

const NOW = Date.parse("2026-03-07T21:00:00Z");
const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString();
const party = (id, changes = {}) => ({ id, nombre: id, numeroPersonas: 2, estado: "esperando", fechaCreacion: at(-20), prometido: 15, version: 1, ...changes });
const list = (seq, espera, turnos = []) => ({ espera, turnos, lastEventId: `E-${seq}` });
const event = (seq, espera, turnos = []) => ({ type: "waitlist-changed", seq, espera, turnos });
const ids = (parties) => parties.map(({ id }) => id);

test("those that wait stand in the order in which they came, and the others are ended", () => {
  const line = withList(empty(), list(4, [party("b"), party("a", { fechaCreacion: at(-30) }), party("c", { estado: "se fue", fin: at(-1) }), party("d", { estado: "sentado", fin: at(-2) })]));
  assert.deepEqual(ids(waiting(line)), ["a", "b"]);
  assert.deepEqual(ids(ended(line)), ["c", "d"]);
});

test("a list that is older than an event that came meanwhile is dropped", () => {
  const before = withList(empty(), list(4, [party("a")]));
  const after = withEvent(before, event(6, party("a", { estado: "llamado", llamado: at(-3), version: 2 })));
  assert.equal(withList(after, list(5, [party("a")])), after);
  assert.equal(withList(after, list(6, [party("a", { version: 3 })])).parties.get("a").version, 3);
});

test("a list of a restored database counts anew", () => {
  const before = withList(empty(), list(40, [party("a", { version: 9 })]));
  const after = withList(before, { espera: [party("a")], turnos: [], lastEventId: "F-2" });
  assert.equal(after.parties.get("a").version, 1);
});

test("an old event and an older own answer change nothing", () => {
  const line = withEvent(withList(empty(), list(4, [party("a")])), event(6, party("a", { version: 3 })));
  assert.equal(withEvent(line, event(6, party("a", { version: 4 }))), line);
  assert.equal(withParty(line, party("a", { version: 2 })), line);
  assert.equal(withParty(line, party("b")).parties.size, 2);
  assert.equal(withEvent(line, { type: "qr-scanned", seq: 7 }), line);
});

test("minutes are told as they are: waited, over what was promised, since called, to go", () => {
  const line = withList(empty(), list(1, [party("a")], [{ id: "a", lugar: 1, mesaA: at(9.2) }, { id: "b", lugar: 2, mesaA: null }]));
  assert.deepEqual(times(party("a"), NOW), { since: 20, over: 5, called: null });
  assert.deepEqual(times(party("a", { prometido: null, estado: "llamado", llamado: at(-3) }), NOW), { since: 20, over: 0, called: 3 });
  assert.equal(until(line, party("a"), NOW), 10);
  assert.equal(until(line, party("a"), NOW + 3_600_000), 0);
  assert.equal(until(line, party("b"), NOW), null);
});
