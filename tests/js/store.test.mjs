// The store by itself: what a list, an event and an own answer make of the state.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as store from "../../static/store.js";
import { TODAY, TOMORROW, World } from "./world.mjs";

const ids = (state) => [...state.reservas.keys()].sort();
const apply = (state, world) => store.withEvent(state, world.events.at(-1).event);

function begun() {
  const world = new World();
  const row = world.create();
  return { world, row, state: store.withList(store.empty(TODAY), world.list(TODAY)) };
}

test("an epoch may have hyphens of its own", () => {
  assert.deepEqual(store.parseId("a-b-12"), { epoch: "a-b", seq: 12 });
});

test("the position is where the list ends, and moves with each event", () => {
  const { world, state } = begun();
  assert.equal(store.lastEventId(store.empty(TODAY)), undefined);
  assert.equal(store.lastEventId(state), "a-1");
  world.walkIn();
  assert.equal(store.lastEventId(apply(state, world)), "a-2");
});

test("an event is old, next, or after a gap; of another epoch it is always after a gap", () => {
  const { state } = begun();
  const found = ["a-0", "a-1", "a-2", "a-3", "b-2", "b-1"].map((id) => store.classify(state, id));
  assert.deepEqual(found, ["old", "old", "next", "gap", "gap", "gap"]);
  assert.equal(store.classify(store.empty(TODAY), "a-1"), "gap");
});

test("functions leave the state they were given as it was", () => {
  const { world, row, state } = begun();
  const before = structuredClone(state);
  world.scan(row.id);
  apply(state, world);
  store.withReserva(state, world.rows.get(row.id));
  world.remove(row.id);
  apply(state, world);
  store.withList(state, world.list(TODAY));
  assert.deepEqual(state, before);
});

test("an event without a reservation changes the figures and no row", () => {
  const { world, state } = begun();
  world.walkIn();
  const after = apply(state, world);
  assert.equal(after.reservas.get("R1"), state.reservas.get("R1"));
  assert.deepEqual(after.stats, world.stats);
});

test("figures stay when an event or a list has none", () => {
  const { state } = begun();
  const event = { type: "walkin-changed", seq: 2 };
  assert.equal(store.withEvent(state, event).stats, state.stats);
  assert.equal(store.withList(state, { reservas: [], lastEventId: "a-2" }).stats, state.stats);
});

test("a reservation that moves to another business day leaves, and comes back", () => {
  const { world, row, state } = begun();
  world.move(row.id, TOMORROW);
  const away = apply(state, world);
  assert.deepEqual(ids(away), []);
  world.move(row.id, TODAY);
  assert.deepEqual(ids(apply(away, world)), [row.id]);
});

test("a deletion removes the row, whatever version is shown", () => {
  const { world, row, state } = begun();
  const ahead = store.withReserva(state, world.scan(row.id));
  world.remove(row.id);
  assert.deepEqual(ids(apply(ahead, world)), []);
});

test("an own answer shows at once, and one that is older than what is shown does nothing", () => {
  const { world, row, state } = begun();
  const older = world.scan(row.id);
  const newer = world.scan(row.id);
  const shown = store.withReserva(state, newer);
  assert.equal(shown.reservas.get(row.id), newer);
  assert.equal(store.withReserva(shown, older), shown);
  assert.equal(store.withReserva(shown, { ...newer }), shown, "the same version again draws nothing anew");
});

test("an event behind one's own answer counts, but does not set the row back", () => {
  const { world, row, state } = begun();
  const first = world.events.length;
  world.scan(row.id);
  const newest = world.scan(row.id);
  const after = store.withEvent(store.withReserva(state, newest), world.events[first].event);
  assert.equal(after.reservas.get(row.id), newest);
  assert.equal(store.lastEventId(after), "a-2");
});

test("an answer that its reservation's deletion overtook brings no ghost back", () => {
  const { world, row, state } = begun();
  const late = world.scan(row.id);
  const seen = apply(state, world);
  world.remove(row.id);
  assert.deepEqual(ids(store.withReserva(apply(seen, world), late)), []);
  assert.deepEqual(ids(store.withReserva(store.withList(seen, world.list(TODAY)), late)), []);
});

test("an answer that its reservation's move to another day overtook brings no ghost back", () => {
  const { world, row, state } = begun();
  const late = world.scan(row.id);
  const seen = apply(state, world);
  world.move(row.id, TOMORROW);
  assert.deepEqual(ids(store.withReserva(apply(seen, world), late)), []);
});

test("one's own move to another day shows before its event, and its older events bring nothing back", () => {
  const { world, row, state } = begun();
  world.scan(row.id);
  const moved = store.withReserva(state, world.move(row.id, TOMORROW));
  assert.deepEqual(ids(moved), []);
  assert.deepEqual(ids(store.withEvent(moved, world.events.at(-2).event)), []);
});

test("a list from just before one's own change does not set its row back", () => {
  const { world, row, state } = begun();
  const list = world.list(TODAY);
  const mine = world.scan(row.id);
  const after = store.withList(store.withReserva(state, mine), list);
  assert.equal(after.reservas.get(row.id), mine);
});

test("versions of another epoch say nothing: the list wins", () => {
  const { world, row, state } = begun();
  const shown = store.withReserva(state, world.scan(row.id));
  world.restore("b");
  const after = store.withList(shown, world.list(TODAY));
  assert.equal(after.reservas.get(row.id), world.rows.get(row.id));
});

test("what left the day in another epoch may come by a lower version", () => {
  const { world, row, state } = begun();
  for (const day of [TOMORROW, TODAY, TOMORROW]) world.move(row.id, day);
  const away = world.events.slice(1).reduce((each, { event }) => store.withEvent(each, event), state);
  assert.deepEqual(ids(away), []);
  world.restore("b");
  const restored = store.withList(away, world.list(TODAY));
  world.move(row.id, TODAY);
  assert.deepEqual(ids(apply(restored, world)), [row.id]);
});

test("search ignores accents and case, and the night's order is by date, hour and id", () => {
  const row = (id, fecha, hora, nombre, estado = "Activa") => ({ id, fecha, hora, estado, mesa: "VIP 3", cliente: { nombre, telefono: "099 555 0100" } });
  const state = { reservas: new Map([
    row("c", "2026-11-25", "01:30", "Zoé Núñez"), row("b", "2026-11-24", "20:00", "Ana"), row("a", "2026-11-24", "20:00", "Eva", "Cancelado"),
  ].map((each) => [each.id, each])) };
  const found = (text, estado) => store.visible(state, text, estado).map((each) => each.id).join("");
  assert.equal(found("", ""), "abc");
  assert.equal(found(" NUNEZ ", ""), "c");
  assert.equal(found("vip", "Activa"), "bc");
  assert.equal(found("", "Cancelado"), "a");
  assert.equal(found("0995550", ""), "abc");
  assert.equal(found("099-555-0", "Cancelado"), "a");
  assert.equal(found("010", ""), "abc");
  assert.equal(found("95 5", ""), "");
});
