// What a phone says by itself: which night it is, who is in its list, and what the list has learned.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Drawer, Gate, LOCAL, rest } from "./door.mjs";
import { businessDay, judge } from "../../static/door/judge.js";
import { fate, outdated } from "../../static/door/fate.js";

const { Manifest } = await import("../../static/door/manifest.js");

const PARTY = { id: "A", nombre: "Ana P.", personas: 4, dentro: 3, estado: "Activa", mesa: "7", hora: "20:00" };
const code = (party, increment, options) => judge(party, increment, options).code;

test("until the cut-off it is still the evening before, on the venue's clock", () => {
  const at = (iso, corte = "04:00") => businessDay(new Date(iso), { timezone: "America/Guayaquil", corte });
  assert.equal(at("2026-11-25T01:30:00Z"), "2026-11-24");
  assert.equal(at("2026-11-25T08:59:00Z"), "2026-11-24");
  assert.equal(at("2026-11-25T09:00:00Z"), "2026-11-25");
  assert.equal(at("2026-11-25T05:00:00Z", "00:00"), "2026-11-25");
  assert.equal(at("2027-01-01T06:00:00Z"), "2026-12-31");
});

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

const TODAY = () => businessDay(new Date(), LOCAL);

async function until(check) {
  for (let turn = 0; turn < 1_000 && !(await check()); turn += 1) await rest();
}

async function manifest(gate, drawer = new Drawer()) {
  const list = new Manifest(LOCAL, drawer, gate.request);
  await list.open();
  await list.refresh();
  return list;
}

test("a list is kept, and is there again without a server", async () => {
  const gate = new Gate(TODAY(), [{ code: "R1.A", id: "A", personas: 4 }]);
  const drawer = new Drawer();
  await manifest(gate, drawer);
  gate.way = () => "request";
  const again = await manifest(gate, drawer);
  assert.equal((await again.find(" r1.a ")).id, "A");
  assert.equal(await again.find("R1.B"), undefined);
  assert.ok(again.at);
});

test("another business day's list says nothing, and is asked for as a whole", async () => {
  const gate = new Gate("2020-01-01", [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = await manifest(gate);
  assert.equal(await list.find("R1.A"), null);
  assert.equal(list.at, null);
});

test("a cut-off that was moved decides at once which night it is", async () => {
  const hours = (count) => businessDay(new Date(Date.now() + count * 3_600_000), { ...LOCAL, corte: "00:00" });
  const early = { ...LOCAL, corte: "00:00" };
  const late = { ...LOCAL, corte: "24:00" }; // the evening before, whatever hour it is
  const gate = new Gate(hours(-24), [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = new Manifest(early, new Drawer(), gate.request);
  await list.open();
  await list.refresh();
  assert.equal(await list.find("R1.A"), null);
  list.move(late);
  assert.equal((await list.find("R1.A")).id, "A");
  list.stop();
});

test("a phone whose clock is wrong knows by the server's which night it is, also after it was opened again", async () => {
  const wrong = 3 * 3_600_000;
  const corte = new Date(Date.now() - 2 * 3_600_000); // the night began two hours ago; for the phone it is over, or not yet here
  const hour = corte.toLocaleTimeString("en-GB", { timeZone: LOCAL.timezone, hour: "2-digit", minute: "2-digit" });
  const local = { ...LOCAL, corte: hour };
  const night = businessDay(new Date(), local);
  const gate = new Gate(night, [{ code: "R1.A", id: "A", personas: 4 }]);
  const real = Date.now();
  const drawer = new Drawer();
  gate.ahora = () => new Date(real).toISOString();
  mock.timers.enable({ apis: ["Date"], now: real - wrong });
  const list = new Manifest(local, drawer, gate.request);
  await list.open();
  await list.refresh();
  assert.equal((await list.find("R1.A"))?.id, "A");
  gate.way = () => "request";
  const again = new Manifest(local, drawer, gate.request);
  await again.open();
  assert.equal((await again.find("R1.A"))?.id, "A");
  mock.timers.reset();
});

test("a difference changes what it names, and takes out what is gone", async () => {
  const gate = new Gate(TODAY(), ["A", "B", "C"].map((id) => ({ code: `R1.${id}`, id, personas: 4 })));
  const list = await manifest(gate);
  const b = await list.find("R1.B");
  const asked = [];
  list.request = async (method, path, { query }) => {
    asked.push(query.desde);
    return { success: true, lastEventId: "a-9", diaNegocio: TODAY(), sal: "c0de", completo: false,
      reservas: [{ ...b, version: 9, dentro: 2 }], quitadas: ["C"] };
  };
  await list.refresh();
  assert.deepEqual(asked, ["a-0"]);
  assert.equal((await list.find("R1.B")).dentro, 2);
  assert.equal((await list.find("R1.A")).dentro, 0);
  assert.equal(await list.find("R1.C"), undefined);
});

test("an event is taken over at once, and an older one changes nothing", async () => {
  const gate = new Gate(TODAY(), [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = await manifest(gate);
  const told = { id: "A", numeroPersonas: 5, estado: "Activa", mesa: "", hora: "20:00" };
  list.learn({ ...told, version: 7, asistenciaActual: 3 });
  list.learn({ ...told, version: 6, asistenciaActual: 1 });
  list.learn({ ...told, id: "of another day", version: 6, asistenciaActual: 1 });
  const { dentro, personas } = await list.find("R1.A");
  assert.deepEqual([dentro, personas], [3, 5]);
});

test("whom the page hears of counts without another request, and no longer once deleted or under another code", async () => {
  const gate = new Gate(TODAY(), [{ code: "R1.A", id: "A", personas: 4 }]);
  const drawer = new Drawer();
  const list = await manifest(gate, drawer);
  gate.way = () => "request"; // the network goes before the list is asked for again
  const reserva = { id: "N", version: 1, numeroPersonas: 3, asistenciaActual: 0, estado: "Activa", mesa: "", hora: "21:00",
    diaNegocio: TODAY(), codigoQR: "R1.N", cliente: { nombre: "Rosa de la Mora" } };
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
  const gate = new Gate(TODAY(), [{ code: "R1.A", id: "A", personas: 4 }]);
  const list = await manifest(gate);
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, "crypto", { value: { getRandomValues: crypto.getRandomValues }, configurable: true });
  assert.equal(await list.find("R1.A"), null);
  Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
  await rest();
});
