// The door's queue: each scan counts once, whatever gets lost, and what was said at the door holds.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Drawer, Gate, LOCAL, rest, tell } from "./door.mjs";
import { random } from "./world.mjs";

const { ScanQueue } = await import("../../static/door/queue.js");
const { CheckIn } = await import("../../static/door/checkin.js");
const { face } = await import("../../static/door/faces.js");
const { Rules } = await import("../../static/rules.js");
const { visible } = await import("../../static/store.js");

const NOW = Date.parse("2026-11-25T01:30:00Z"); // 20:30 at the venue
const DAY = "2026-11-24";
let queues = [];

beforeEach(() => {
  navigator.onLine = true;
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
});

afterEach(() => {
  queues.forEach((queue) => queue.stop());
  queues = [];
  mock.timers.reset();
});

const parties = () => [{ code: "R1.A", id: "A", personas: 6 }, { code: "R1.B", id: "B", personas: 2 }];

async function phone(gate, drawer = new Drawer(), changed = () => {}) {
  const queue = new ScanQueue({ local: LOCAL, usuario: "Puerta 1", changed, shelf: drawer, request: gate.request });
  queues.push(queue);
  await queue.open();
  await queue.manifest.refresh();
  await rest();
  return queue;
}

// Time goes on while `promise` is waited for.
async function after(promise, ms) {
  await rest();
  for (let gone = 0; gone < ms; gone += 100) {
    mock.timers.tick(100);
    await rest();
  }
  return promise;
}

// The browser has lost its network, and says so.
function goOffline() {
  navigator.onLine = false;
  tell("offline");
}

const scansOf = (gate) => gate.asked.filter(([path]) => path.includes("qr-scan"));
const states = (queue) => queue.items.map(({ state }) => state);

test("a scan is written down before it is sent, and confirmed by its answer", async () => {
  const gate = new Gate(DAY, parties());
  const drawer = new Drawer();
  const queue = await phone(gate, drawer);
  gate.way = (path) => (path.includes("qr-scan") ? "all" : "on");
  const first = queue.scan({ qrCode: "R1.A", increment: 2 });
  await rest();
  const [kept] = await drawer.all("items");
  assert.deepEqual([kept.qrCode, kept.increment, kept.state], ["R1.A", 2, "waiting"]);
  gate.way = () => "on";
  assert.equal((await after(first, 2_000)).kind, "offline");
  const { kind, answer, id } = await after(queue.scan({ qrCode: "R1.B", increment: 1 }), 500);
  assert.deepEqual([kind, answer.cliente.nombre], ["answered", "Ana B"]);
  assert.equal(queue.items.find((item) => item.id === id).label, "Ana B");
});

test("without an answer tonight's list decides, says who it is, and counts its own admissions", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  gate.way = () => "request";
  const told = [];
  for (const [qrCode, increment] of [[" r1.b\n", 1], ["R1.B", 1], ["R1.B", 1], ["R1.A", 7], ["R1.X", 1]]) {
    told.push((await after(queue.scan({ qrCode, increment }), 100)).verdict);
  }
  assert.deepEqual(told.map(({ code, dentro }) => [code, dentro]),
    [["ok", 1], ["ok", 2], ["already_complete", 2], ["party_full", 0], ["invalid_code", 0]]);
  assert.deepEqual([told[0].nombre, told[0].personas, told[3].libres], ["Ana B", 2, 6]);
  const forced = await after(queue.scan({ qrCode: "R1.B", increment: 1, force: true }), 100);
  assert.deepEqual([forced.verdict.code, forced.verdict.dentro], ["ok", 3]);
});

test("a browser that knows that it is offline decides at once and sends nothing that was turned away", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  const refused = await queue.scan({ qrCode: "R1.A", increment: 7 });
  assert.equal(refused.verdict.code, "party_full");
  assert.deepEqual(states(queue), []); // the door has seen it
  assert.deepEqual(await queue.shelf.all("items"), []);
  navigator.onLine = true;
  tell("online");
  await after(null, 20_000);
  assert.equal(scansOf(gate).length, 0);
});

test("a browser that calls itself offline beside a server that answers is not believed", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  tell("answered"); // a poll, on the machine of the server itself
  assert.equal((await queue.scan({ qrCode: "R1.A", increment: 1 })).kind, "answered");
});

test("a scan that is sent long after is judged at the time of the door", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  queue.manifest.find = async () => null;
  gate.way = () => "request";
  await after(queue.scan({ qrCode: "R1.A", increment: 1 }), 100);
  await after(null, 60_000);
  gate.way = () => "on";
  await after(null, 20_000);
  assert.deepEqual(scansOf(gate).map(([path, { scans }]) => [path.split("/").at(-1), scans[0].offline]), [["batch", false]]);
});

test("a server that asks for patience gets it, and no scan is lost by it", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  let refused = 0;
  gate.way = (path) => (path.includes("qr-scan") && ++refused ? "patience" : "on");
  const outcome = await after(queue.scan({ qrCode: "R1.A", increment: 1 }), 2_000);
  assert.equal(outcome.kind, "offline");
  assert.equal((await after(queue.look("R1.A"), 100)).kind, "offline");
  assert.ok(refused >= 2);
  refused = 0;
  await after(null, 4_000);
  assert.equal(refused, 0, "it asks again before its time");
  gate.way = () => "on";
  await after(null, 30_000);
  assert.deepEqual(states(queue), ["confirmed"]);
  assert.equal(gate.attendance("R1.A"), 1);
});

test("without a list, or with another night's, a scan waits, and its refusal is shown later", async () => {
  for (const isOver of [false, true]) {
    const gate = new Gate(DAY, parties());
    gate.restanMs = 0;
    if (!isOver) gate.way = () => "request";
    const queue = await phone(gate);
    gate.way = () => "request";
    const outcome = await after(queue.scan({ qrCode: "R1.X", increment: 1 }), 100);
    assert.equal(outcome.kind, "waiting");
    gate.way = () => "on";
    await after(null, 20_000);
    assert.deepEqual(states(queue), ["refused"]);
    assert.equal(queue.items[0].answer.veredicto, "invalid_code");
    assert.ok(!scansOf(gate).at(-1)[1].offline && !scansOf(gate).at(-1)[1].scans?.[0].offline);
  }
});

test("fifty scans survive a killed page and arrive once, in one request, in the door's order", async () => {
  const gate = new Gate(DAY, [{ code: "R1.A", id: "A", personas: 50 }]);
  const drawer = new Drawer();
  const queue = await phone(gate, drawer);
  goOffline();
  gate.way = () => "request";
  for (let scan = 0; scan < 50; scan += 1) await after(queue.scan({ qrCode: "R1.A", increment: 1 }), scan % 10 ? 0 : 100);
  mock.timers.tick(100);
  queue.stop();
  gate.way = () => "on";
  navigator.onLine = true;
  gate.asked.length = 0;
  const again = await phone(gate, drawer);
  assert.equal(scansOf(gate).length, 1);
  const { scans, deviceNow } = scansOf(gate)[0][1];
  assert.equal(scans.length, 50);
  assert.ok(scans.every(({ offline }) => offline));
  const times = scans.map(({ scannedAt }) => scannedAt);
  assert.deepEqual(times, [...new Set(times)].sort());
  assert.ok(deviceNow >= times.at(-1));
  assert.deepEqual(states(again), Array(50).fill("confirmed"));
  assert.equal(gate.attendance("R1.A"), 50);
});

// A phone whose scans are answered only once `open` is called.
async function heldUp(gate) {
  let open;
  const held = new Promise((done) => (open = done));
  const request = async (method, path, options) => {
    if (path.includes("qr-scan")) await held;
    return gate.request(method, path, options);
  };
  return [await phone({ request }), open];
}

test("an answer that comes late resolves its scan and does not double it", async () => {
  const gate = new Gate(DAY, parties());
  const [queue, open] = await heldUp(gate);
  const outcome = await after(queue.scan({ qrCode: "R1.A", increment: 1 }), 2_000);
  assert.deepEqual([outcome.kind, outcome.verdict.code], ["offline", "ok"]);
  open();
  await after(null, 5_000);
  assert.deepEqual(states(queue), ["confirmed"]);
  assert.equal(gate.attendance("R1.A"), 1);
  assert.equal(scansOf(gate).length, 1);
});

test("a refusal that comes late, when they were let in, is told to the server as what it is", async () => {
  const gate = new Gate(DAY, parties());
  const [queue, open] = await heldUp(gate);
  for (const scanId of ["x", "y"]) gate.entries.set(scanId, { qrCode: "R1.B", increment: 1 }); // the other door
  const outcome = await after(queue.scan({ qrCode: "R1.B", increment: 1 }), 2_000);
  assert.equal(outcome.verdict.code, "ok");
  open();
  await after(null, 5_000);
  assert.deepEqual(states(queue), ["conflict"]);
  assert.equal(gate.conflicts.size, 1);
});

test("who was let in while the first request was refused unheard becomes a conflict", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  for (const scanId of ["x", "y"]) gate.entries.set(scanId, { qrCode: "R1.B", increment: 1 }); // the other door
  gate.way = (path) => (path.includes("qr-scan") ? "answer" : "request");
  const outcome = await after(queue.scan({ qrCode: "R1.B", increment: 1 }), 100);
  assert.equal(outcome.verdict.code, "ok");
  gate.way = () => "on";
  await after(null, 20_000);
  assert.deepEqual(states(queue), ["conflict"]);
  assert.equal(gate.attendance("R1.B"), 2);
  queue.dismiss(queue.items[0].id);
  assert.deepEqual(queue.items, []);
});

test("who was turned away and was counted all the same is shown as a conflict", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  gate.parties.get("R1.B").personas = 4; // the host has changed it meanwhile
  gate.way = (path) => (path.includes("qr-scan") ? "answer" : "request");
  const outcome = await after(queue.scan({ qrCode: "R1.B", increment: 3 }), 100);
  assert.equal(outcome.verdict.code, "party_full");
  gate.way = () => "on";
  await after(null, 20_000);
  assert.deepEqual(states(queue), ["conflict"]);
});

test("a refusal that the server shares with the phone needs no second look", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  gate.way = (path) => (path.includes("qr-scan") ? "answer" : "request");
  const outcome = await after(queue.scan({ qrCode: "R1.B", increment: 3 }), 100);
  assert.equal(outcome.verdict.code, "party_full");
  assert.deepEqual(states(queue), ["waiting"]); // it may have been counted
  gate.way = () => "on";
  await after(null, 20_000);
  assert.deepEqual(states(queue), []);
});

test("when the session is over what was let in waits, and who stands there is told", async () => {
  const gate = new Gate(DAY, parties());
  const drawer = new Drawer();
  const queue = await phone(gate, drawer);
  goOffline();
  await queue.scan({ qrCode: "R1.A", increment: 1 });
  navigator.onLine = true;
  gate.session = false;
  tell("online");
  await after(null, 30_000);
  assert.equal(queue.problem, "Tu sesión terminó.");
  assert.deepEqual(states(queue), ["waiting"]);
  assert.equal(scansOf(gate).length, 1);
  const outcome = await after(queue.scan({ qrCode: "R1.A", increment: 1 }), 5_000);
  assert.deepEqual([outcome.kind, outcome.error?.status], ["refused", 401]);
  queue.stop();
  gate.session = true;
  const again = await phone(gate, drawer);
  await after(null, 5_000);
  assert.deepEqual(states(again), ["confirmed"]);
  assert.equal(gate.attendance("R1.A"), 1);
});

test("a scan that alone hears of the ended session is over: it has not counted", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  gate.session = false;
  const { kind, error } = await queue.scan({ qrCode: "R1.A", increment: 1 });
  assert.deepEqual([kind, error.status], ["refused", 401]);
  assert.deepEqual(states(queue), []);
});

test("a walk-in that is sent late says when it came, by which clock", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  gate.way = () => "request";
  const waiting = queue.send({ method: "POST", path: "/api/sin-reserva", body: { numeroPersonas: 3 }, headers: { "Idempotency-Key": "k" }, label: "+3" });
  assert.equal((await after(waiting, 60_000)).kind, "waiting");
  gate.way = () => "on";
  navigator.onLine = true;
  tell("online");
  await rest();
  const [[, body]] = gate.asked.filter(([path]) => path === "/api/sin-reserva");
  assert.deepEqual(body, { numeroPersonas: 3, scannedAt: new Date(NOW).toISOString(), deviceNow: new Date().toISOString() });
});

test("an undo follows the scan that it undoes", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  const { id } = await queue.scan({ qrCode: "R1.A", increment: 1 });
  const undo = await queue.send({ method: "POST", path: `/api/reservas/A/asistencia/${id}/anular`, body: { scanId: "u", motivo: "x" }, label: "Anular" });
  await queue.scan({ qrCode: "R1.A", increment: 2 });
  assert.equal(undo.kind, "waiting");
  navigator.onLine = true;
  gate.asked.length = 0;
  tell("online");
  await after(null, 1_000);
  assert.deepEqual(gate.asked.map(([path]) => path.split("/").at(-1)), ["batch", "anular", "batch"]);
  assert.deepEqual(states(queue), ["confirmed", "confirmed", "confirmed"]);
});

test("one request that always fails does not hold up the others, and pauses grow", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  for (const qrCode of ["R1.A", "R1.BROKEN", "R1.B"]) await queue.scan({ qrCode, increment: 1, force: true });
  const { request } = gate;
  const { ApiError } = await import("../../static/api.js");
  let tries = 0;
  queue.stop();
  const drawer = queue.shelf;
  gate.request = async (method, path, options = {}) => {
    if (JSON.stringify(options.body ?? {}).includes("BROKEN")) {
      tries += 1;
      throw new ApiError(500, { error: "internal" });
    }
    return request(method, path, options);
  };
  navigator.onLine = true;
  const again = await phone(gate, drawer);
  await after(null, 1_000);
  assert.deepEqual(states(again), ["confirmed", "waiting", "confirmed"]);
  const soon = tries;
  await after(null, 120_000);
  assert.ok(tries - soon < 16, `${tries - soon} tries in two minutes`);
});

test("another venue's scans stay where they are", async () => {
  const gate = new Gate(DAY, parties());
  const drawer = new Drawer();
  await drawer.put("items", { id: "x", n: 1, kind: "scan", businessId: "10", qrCode: "R1.Z", increment: 1, at: "2026-11-24T00:00:00Z", state: "waiting" });
  const queue = await phone(gate, drawer);
  assert.deepEqual(queue.items, []);
  assert.equal(scansOf(gate).length, 0);
  assert.equal((await drawer.all("items")).length, 1);
});

test("the newest fifty confirmed ones stay for the screen, and a refusal that came late until it is dismissed", async () => {
  const gate = new Gate(DAY, [{ code: "R1.A", id: "A", personas: 500 }]);
  const drawer = new Drawer();
  const queue = await phone(gate, drawer);
  gate.way = () => "request";
  queue.manifest.find = async () => null;
  await after(queue.scan({ qrCode: "R1.X", increment: 1 }), 100);
  gate.way = () => "on";
  await after(null, 5_000);
  await queue.scan({ qrCode: "R1.X", increment: 1 });
  for (let scan = 0; scan < 60; scan += 1) await queue.scan({ qrCode: "R1.A", increment: 1 });
  assert.equal(queue.items.length, 51);
  assert.equal(queue.items[0].state, "refused");
  assert.equal((await drawer.all("items")).length, 51);
  queue.dismiss(queue.items[0].id);
  assert.equal(queue.items.length, 50);
});

test("two phones behind a way that loses anything: what the doors were told adds up", async () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const choose = random(seed);
    const pick = (list) => list[Math.floor(choose() * list.length)];
    const gate = new Gate(DAY, [{ code: "R1.A", id: "A", personas: 12 }, { code: "R1.B", id: "B", personas: 8 }]);
    const drawers = [new Drawer(), new Drawer()];
    const doors = [await phone(gate, drawers[0]), await phone(gate, drawers[1])];
    let way = "on";
    gate.way = () => (way === "mixed" ? pick(["on", "request", "answer"]) : way);
    const admitted = new Map(); // scanId -> people whom somebody let in
    const unknown = new Set();
    for (let step = 0; step < 30; step += 1) {
      const which = Math.floor(choose() * 2);
      const chosen = choose();
      if (chosen < 0.25) way = pick(["on", "request", "answer", "mixed"]);
      else if (chosen < 0.3) {
        doors[which].stop(); // killed
        doors[which] = await phone(gate, drawers[which]);
      } else {
        const increment = 1 + Math.floor(choose() * 2);
        const outcome = await after(doors[which].scan({ qrCode: pick(["R1.A", "R1.B"]), increment }), 500);
        if (outcome.kind === "answered" || outcome.verdict?.code === "ok") admitted.set(outcome.id, increment);
        if (outcome.kind === "waiting") unknown.add(outcome.id);
      }
      await after(null, Math.floor(choose() * 4) * 500);
    }
    way = "on";
    tell("online");
    await after(null, 30_000);
    const items = new Map(doors.flatMap(({ items }) => items).map((item) => [item.id, item]));
    assert.ok([...items.values()].every(({ state }) => state !== "waiting"), `seed ${seed}`);
    for (const [id] of admitted) assert.ok(gate.entries.has(id) !== gate.conflicts.has(id), `seed ${seed}: ${id} once`);
    for (const id of gate.entries.keys()) {
      const isSeen = admitted.has(id) || unknown.has(id) || items.get(id)?.state === "conflict";
      assert.ok(isSeen, `seed ${seed}: ${id} was counted and nobody knows`);
    }
    for (const [id] of gate.conflicts) assert.equal(items.get(id).state, "conflict", `seed ${seed}`);
    doors.forEach((door) => door.stop());
  }
});

test("looking at a code asks the server, and else the list; nothing of it waits", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  gate.way = () => "request";
  const looks = [];
  for (const code of ["R1.A", "R1.X"]) looks.push(await queue.look(code));
  assert.deepEqual(looks.map(({ kind, verdict }) => [kind, verdict?.code, verdict?.libres]), [["offline", "ok", 6], ["offline", "invalid_code", undefined]]);
  gate.way = () => "on";
  assert.equal((await queue.look("R1.A")).kind, "answered");
  assert.deepEqual(queue.items, []);
});

test("a conflict that a host has resolved needs nobody's eyes any more", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  const { id } = await queue.scan({ qrCode: "R1.B", increment: 2 });
  for (const scanId of ["x", "y"]) gate.entries.set(scanId, { qrCode: "R1.B", increment: 1 });
  navigator.onLine = true;
  tell("online");
  await after(null, 2_000);
  assert.deepEqual(states(queue), ["conflict"]);
  const state = { reservas: new Map() };
  queue.heard({ type: "conflict-changed", conflicto: { scanId: id } }, state);
  assert.equal(queue.items.length, 1);
  queue.heard({ type: "conflict-changed", conflicto: { scanId: id, resuelto: { resolucion: "descartar" } } }, state);
  assert.deepEqual(queue.items, []);
});

test("opened again without a server it tells who is inside, its own entries included, and whom it awaits by name", async () => {
  const gate = new Gate(DAY, parties());
  const drawer = new Drawer();
  const before = await phone(gate, drawer);
  before.heard(null, { stats: { dentro: 7 }, reservas: new Map() }); // five of them without a reservation
  await after(null, 2_000);
  goOffline();
  gate.way = () => "request";
  await before.scan({ qrCode: "R1.A", increment: 2 });
  assert.equal(before.inside({ dentro: 7 }), 9);
  before.stop();
  const again = await phone(gate, drawer);
  assert.equal(again.inside(null), 9);
  assert.deepEqual(visible({ reservas: again.parties }, "ana a", "").map(({ id, asistenciaActual }) => [id, asistenciaActual]), [["A", 2]]);
  mock.timers.tick(24 * 3_600_000); // another night
  assert.deepEqual([again.inside(null), again.parties.size], [null, 0]);
});

test("who is let in whole without a connection are those missing, this phone's own entries counted", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  gate.way = () => "request";
  const a = { id: "A", codigoQR: "R1.A", cliente: { nombre: "Ana A" }, numeroPersonas: 6, asistenciaActual: 0, registroEntradas: [] };
  const desk = { queue, lists: 1, answered() {}, rules: new Rules({ roles: [], estados: [], eventos: [], forzables: {} }), state: { reservas: new Map([["A", a]]) } };
  let shown;
  const checkIn = new CheckIn(desk, (face) => (shown = face));
  await checkIn.scan("R1.A", "one");
  assert.deepEqual([shown.verdict, shown.inside, shown.left], ["offline", 1, 5]);
  mock.timers.tick(4_000); // else it would be the same scan
  await checkIn.scan("R1.A", "all");
  assert.deepEqual([shown.verdict, shown.inside, shown.left], ["offline", 6, 0]);
  checkIn.open(a);
  assert.deepEqual([shown.inside, shown.left], [6, 0]);
});

test("an entry that waits can be taken back: it counts no more here, and the server hears of both in their order", async () => {
  const gate = new Gate(DAY, parties());
  const queue = await phone(gate);
  goOffline();
  gate.way = () => "request";
  const outcome = await queue.scan({ qrCode: "R1.A", increment: 2 });
  assert.equal(queue.inside({ dentro: 0 }), 2);
  const { entry, reservaId } = face(outcome, new Rules({ roles: [], estados: [], eventos: [], forzables: {} }));
  assert.deepEqual([entry, reservaId], [{ scanId: outcome.id, cantidad: 2 }, "A"]);
  const path = `/api/reservas/A/asistencia/${entry.scanId}/anular`;
  await queue.send({ method: "POST", path, body: { scanId: "u", motivo: "x" }, label: "Anular", undoes: entry.scanId });
  assert.deepEqual([queue.inside({ dentro: 0 }), queue.own("A")], [0, 0]);
  assert.equal((await queue.consult("R1.A", 6)).code, "ok");
  gate.way = () => "on";
  navigator.onLine = true;
  tell("online");
  await after(null, 20_000);
  const asked = gate.asked.map(([each]) => each).filter((each) => !each.includes("manifest"));
  assert.deepEqual(asked, ["/api/reservas/qr-scan/batch", path]);
});
