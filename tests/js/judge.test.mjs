// What a phone says by itself: who is in its list, and what the list has learned.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Drawer, Gate, LOCAL, rest } from "./door.mjs";
import { judge } from "../../static/door/judge.js";
import { fate, outdated } from "../../static/door/fate.js";

const { Manifest } = await import("../../static/door/manifest.js");

const PARTY = { id: "A", nombre: "Ana P.", personas: 4, dentro: 3, estado: "Activa", mesa: "7", hora: "20:00" };
const code = (party, increment, options) => judge(party, increment, options).code;

test("a party comes in as long as all of them fit", () => {
  assert.equal(code(PARTY, 1), "ok");
  assert.equal(code(PARTY, 2), "party_full");
  assert.equal(code(PARTY, 1, { own: 1 }), "already_complete");
  assert.equal(code({ ...PARTY, dentro: 9 }, 1), "already_complete");
  assert.equal(code(undefined, 1), "invalid_code");
});

test("who is cancelled, did not come or has left is told by the server's words", () => {
  const barred = (estado) => code({ ...PARTY, estado }, 1);
  assert.deepEqual(["Cancelado", "Reserva Caída", "En Camino", "En Progreso"].map(barred),
    ["cancelled", "no_show", "finished", "ok"]);
});

test("whatever is overruled is let in, and how many are inside is counted", () => {
  assert.deepEqual(judge(PARTY, 2, { force: true, own: 1 }),
    { code: "ok", reservaId: "A", nombre: "Ana P.", personas: 4, mesa: "7", hora: "20:00", dentro: 6, libres: 0 });
  assert.equal(code(undefined, 1, { force: true }), "ok");
});

test("only an answer decides: no answer, a busy server and an ended session leave a scan waiting", () => {
  const item = { offline: false };
  for (const status of [0, 401, 408, 429, 500, 503]) assert.equal(fate(item, false, status, {}), null);
  assert.equal(fate(item, false, 200, {}).state, "confirmed");
  assert.equal(fate(item, false, 422, { error: "party_full" }).state, "refused");
  assert.equal(fate(item, false, 409, { error: "scan_reused" }).state, "refused");
});

test("what is confirmed leaves with age, and nothing else does", () => {
  const at = (hour) => `2026-11-24T${hour}:00:00Z`;
  const items = [{ id: 1, state: "confirmed", at: at("01") }, { id: 2, state: "waiting", at: at("01") },
    { id: 3, state: "refused", at: at("01") }, { id: 4, state: "confirmed", at: at("20") }, { id: 5, state: "confirmed", at: at("21") }];
  const ids = (most, age) => outdated(items, Date.parse(at("22")), most, age).map(({ id }) => id);
  assert.deepEqual(ids(9, 12 * 3_600_000), [1]);
  assert.deepEqual(ids(1, 99 * 3_600_000), [1, 4]);
});

const TODAY = "2026-11-24";

let lists = [];

afterEach(() => {
  lists.forEach((list) => list.stop()); // their timers would keep node running
  lists = [];
});

async function until(check) {
  for (let turn = 0; turn < 1_000 && !(await check()); turn += 1) await rest();
}

async function manifest(gate, drawer = new Drawer()) {
  const list = new Manifest(LOCAL, drawer, { request: gate.request });
  lists.push(list);
  await list.open();
  await list.refresh();
  return list;
}

test("a list is kept, and is there again without a server", async () => {
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  const drawer = new Drawer();
  await manifest(gate, drawer);
  gate.way = () => "request";
  const again = await manifest(gate, drawer);
  assert.equal((await again.find(" r1.a ")).id, "A");
  assert.equal(await again.find("R1.B"), undefined);
  assert.ok(again.at);
});

test("a list is good until the server's night ends, whatever the phone's clock shows", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2031-01-01T11:00:00Z") });
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  gate.restanMs = 3_600_000;
  const list = await manifest(gate);
  gate.way = () => "request";
  mock.timers.tick(3_599_000);
  assert.equal((await list.find("R1.A")).id, "A");
  mock.timers.tick(1_000);
  assert.equal(await list.find("R1.A"), null);
  assert.equal(list.at, null);
  mock.timers.reset();
});

test("when the night ends the next one's list is asked for, and who shows the night is told", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-11-25T08:59:00Z") });
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  gate.restanMs = 60_000;
  const nights = [];
  const list = new Manifest(LOCAL, new Drawer(), { request: gate.request, night: (day) => nights.push(day) });
  await list.open();
  await list.refresh();
  Object.assign(gate, { day: "2026-11-25", restanMs: 24 * 3_600_000 });
  for (let second = 0; second < 66 || (nights.length < 2 && second < 9_999); second += 1) {
    mock.timers.tick(1_000);
    await rest();
  }
  assert.deepEqual(nights, [TODAY, "2026-11-25"]);
  assert.equal((await list.find("R1.A")).id, "A");
  list.stop();
  mock.timers.reset();
});

test("a difference to another night's list, since the cut-off was changed, is no list", async () => {
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = await manifest(gate);
  const asked = [];
  list.request = async (method, path, options) => {
    asked.push(options.query.desde);
    const whole = await gate.request(method, path, options);
    return { ...whole, diaNegocio: "2026-11-25", ...(options.query.desde ? { completo: false, reservas: [] } : {}) };
  };
  await list.refresh();
  assert.deepEqual(asked, ["a-0", undefined]);
  assert.equal((await list.find("R1.A")).id, "A");
});

test("a difference changes what it names, and takes out what is gone", async () => {
  const gate = new Gate(TODAY, ["A", "B", "C"].map((id) => ({ code: `R1.${id}`, id, personas: 4 })));
  const list = await manifest(gate);
  const b = await list.find("R1.B");
  const asked = [];
  list.request = async (method, path, { query }) => {
    asked.push(query.desde);
    return { success: true, lastEventId: "a-9", diaNegocio: TODAY, restanMs: 1_000_000, sal: "c0de", completo: false,
      reservas: [{ ...b, version: 9, dentro: 2 }], quitadas: ["C"] };
  };
  await list.refresh();
  assert.deepEqual(asked, ["a-0"]);
  assert.equal((await list.find("R1.B")).dentro, 2);
  assert.equal((await list.find("R1.A")).dentro, 0);
  assert.equal(await list.find("R1.C"), undefined);
});

test("an event is taken over at once, and an older one changes nothing", async () => {
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = await manifest(gate);
  const told = { id: "A", numeroPersonas: 5, estado: "Activa", mesa: "", hora: "20:00" };
  list.learn({ ...told, version: 7, asistenciaActual: 3 });
  list.learn({ ...told, version: 6, asistenciaActual: 1 });
  list.learn({ ...told, id: "of another day", version: 6, asistenciaActual: 1 });
  const { dentro, personas } = await list.find("R1.A");
  assert.deepEqual([dentro, personas], [3, 5]);
});

test("whom the page hears of counts without another request, and no longer once deleted or under another code", async () => {
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  const drawer = new Drawer();
  const list = await manifest(gate, drawer);
  gate.way = () => "request"; // the network goes before the list is asked for again
  const reserva = { id: "N", version: 1, numeroPersonas: 3, asistenciaActual: 0, estado: "Activa", mesa: "", hora: "21:00",
    diaNegocio: TODAY, codigoQR: "R1.N", cliente: { nombre: "Rosa de la Mora" } };
  list.hear({ type: "reservation-created", reservaId: "N", reserva });
  list.hear({ type: "reservation-created", reservaId: "T", reserva: { ...reserva, id: "T", codigoQR: "R1.T", diaNegocio: "2020-01-01" } });
  await until(() => list.find("R1.N"));
  const { nombre, personas } = await list.find("r1.n");
  assert.deepEqual([nombre, personas, await list.find("R1.T")], ["Rosa M.", 3, undefined]);
  list.hear({ type: "reservation-updated", reservaId: "N", reserva: { ...reserva, version: 2, codigoQR: "R1.O" } });
  await until(() => list.find("R1.O"));
  assert.equal(await list.find("R1.N"), undefined);
  list.hear({ type: "reservation-updated", reservaId: "N", reserva: { ...reserva, version: 3, codigoQR: "R1.P", estado: "Cancelado" } });
  assert.equal((await list.find("R1.O")).estado, "Cancelado");
  list.hear({ type: "reservation-deleted", reservaId: "A", reserva: { ...reserva, id: "A" } });
  assert.equal(await list.find("R1.A"), undefined);
  list.stop();
});

test("without a way to hash, as on plain http, there is no verdict", async () => {
  const gate = new Gate(TODAY, [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = await manifest(gate);
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, "crypto", { value: { getRandomValues: crypto.getRandomValues }, configurable: true });
  assert.equal(await list.find("R1.A"), null);
  Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
  await rest();
});
