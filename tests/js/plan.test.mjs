// The floor plan's pure parts: shapes, what a table is at a moment, and editing.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as draft from "../../static/screens/plan/draft.js";
import * as geometry from "../../static/screens/plan/geometry.js";
import { instant } from "../../static/screens/plan/moment.js";
import { groups, partiesOf } from "../../static/screens/plan/parties.js";
import { PlanState } from "../../static/screens/plan/plan-state.js";
import { lines, shortened, spoken } from "../../static/screens/plan/say.js";
import { Seating } from "../../static/screens/plan/seating.js";
import { heldBy, outcome, seatedAt, suggestions, tableStates } from "../../static/screens/plan/tables.js";
import { random } from "./world.mjs";

process.env.TZ = "Pacific/Kiritimati";

const ZONE = "America/Guayaquil";
const MINUTE = 60_000;
const NOW = Date.parse("2026-11-25T01:00:00Z"); // 20:00 at the venue

const table = (id, more = {}) => ({ id, nombre: id.toUpperCase(), zona: "z", min: 2, max: 4, forma: "rectangular", x: 0, y: 0, w: 100, h: 60, giro: 0, unible: [], porLimpiar: null, ...more });
const booked = (id, hora, mesas, more = {}) => ({
  id, version: 1, fecha: "2026-11-24", hora, duracion: 120, estado: "En Progreso", asistenciaActual: 0, numeroPersonas: 2,
  registroEntradas: [], mesas, cliente: { nombre: id }, ...more,
});
const inside = (id, hora, mesas, more = {}) => booked(id, hora, mesas, { estado: "Activa", asistenciaActual: 2, registroEntradas: [{ timestamp: "2026-11-25T00:10:00Z" }], ...more });
const parties = (reservas, more = {}) => partiesOf({ reservas, timeZone: ZONE, now: NOW, ...more });

test("a wall clock is the instant that the server counts, in the hours that autumn repeats and spring skips as well", () => {
  assert.equal(instant("2026-11-24", "20:00", ZONE), NOW);
  const at = (fecha, hora, zone) => new Date(instant(fecha, hora, zone)).toISOString();
  assert.equal(at("2026-11-01", "01:30", "America/New_York"), "2026-11-01T05:30:00.000Z");
  assert.equal(at("2026-03-08", "02:30", "America/New_York"), "2026-03-08T07:30:00.000Z");
  assert.equal(at("2026-10-25", "02:30", "Europe/Madrid"), "2026-10-25T00:30:00.000Z");
  assert.equal(at("2026-03-29", "02:30", "Europe/Madrid"), "2026-03-29T01:30:00.000Z");
  assert.equal(at("2026-03-29", "03:30", "Europe/Madrid"), "2026-03-29T01:30:00.000Z");
});

test("a table is free, reserved soon, late, seated or to be cleared", () => {
  const tables = ["free", "far", "soon", "late", "seated", "over", "clear", "gone"].map((id) => table(id));
  tables[6].porLimpiar = "2026-11-25T00:53:00Z";
  const states = tableStates(tables, parties([
    booked("a", "21:01", ["far"]), booked("b", "21:00", ["soon"]), booked("c", "19:55", ["late"]),
    inside("d", "19:00", ["seated"]), booked("e", "22:00", ["seated"]), inside("f", "17:45", ["over"]), booked("g", "20:10", ["clear"]),
    booked("h", "20:00", ["gone"], { estado: "Cancelado" }), inside("i", "19:00", ["gone"], { estado: "En Camino" }),
  ]), NOW);
  const told = Object.fromEntries([...states].map(([id, { state, minutes, party, next }]) => [id, [state, minutes, party?.id, next?.id]]));
  assert.deepEqual(told, {
    free: ["free", undefined, undefined, undefined], far: ["free", undefined, undefined, "a"], soon: ["soon", 60, "b", undefined],
    late: ["late", 5, "c", undefined], seated: ["seated", 60, "d", "e"], over: ["seated", -15, "f", undefined],
    clear: ["clear", 7, undefined, "g"], gone: ["free", undefined, undefined, undefined],
  });
});

test("a party's own wait for an answer is shown at the table it goes to", () => {
  const found = parties([booked("a", "20:00", ["x"])], { moved: new Map([["r:a", ["y"]]]) });
  const states = tableStates([table("x"), table("y")], found, NOW);
  assert.deepEqual([...states.values()].map(({ state }) => state), ["free", "soon"]);
});

test("walk-ins hold their table until they leave, and those in the line need one", () => {
  const walkIn = { id: "w", notas: "", numeroPersonas: 3, fecha: "2026-11-24", hora: "19:30", duracion: 90, mesas: ["x"] };
  const waiting = { id: "e", nombre: "Eva", numeroPersonas: 2, estado: "esperando", fechaCreacion: "2026-11-25T00:40:00Z" };
  const found = parties([inside("n", "19:00", []), booked("m", "21:00", []), booked("p", "20:30", ["y"])], { walkIns: [walkIn], waiting: [waiting, { ...waiting, id: "s", estado: "sentado" }] });
  assert.deepEqual(tableStates([table("x")], found, NOW).get("x").minutes, 60);
  const keys = Object.fromEntries(Object.entries(groups(found)).map(([name, all]) => [name, all.map(({ key }) => key)]));
  assert.deepEqual(keys, { now: ["r:n", "e:e"], due: ["r:m"], placed: ["r:p"] });
  assert.equal(tableStates([table("x")], parties([], { walkIns: [{ ...walkIn, salida: "2026-11-25T00:50:00Z" }] }), NOW).get("x").state, "free");
});

test("stays that touch do not overlap, and who sits on keeps the table", () => {
  const all = parties([booked("a", "21:00", ["x"]), inside("b", "17:00", ["y"])]);
  const wants = (hora, duracion) => parties([booked("n", hora, [], { duracion })])[0];
  assert.deepEqual(heldBy("x", wants("20:00", 60), all, NOW), []);
  assert.equal(heldBy("x", wants("20:00", 61), all, NOW).length, 1);
  assert.deepEqual(heldBy("x", wants("23:00", 60), all, NOW), []);
  assert.equal(heldBy("y", wants("20:00", 60), all, NOW)[0].id, "b");
});

test("the smallest single table is suggested first, then pairs that may be joined", () => {
  const tables = [table("big", { max: 8 }), table("a", { unible: ["b"] }), table("b", { unible: ["a"] }), table("c", { max: 6 })];
  const suggest = (people) => suggestions(tables, parties([booked("n", "20:00", [], { numeroPersonas: people })])[0], [], NOW);
  assert.deepEqual(suggest(3), [["a"], ["b"], ["c"], ["big"], ["a", "b"]]);
  assert.deepEqual(suggest(8), [["big"], ["a", "b"]]);
  assert.deepEqual(suggest(9), []);
});

test("a drop places, or offers to join, or to change places", () => {
  const tables = [table("a", { unible: ["b"] }), table("b", { unible: ["a"] }), table("c")];
  const all = parties([booked("n", "20:00", ["a"]), booked("o", "20:30", ["c"]), booked("q", "20:00", [])]);
  const [own, other, without] = all;
  const drop = (id, party) => outcome(tables.find((each) => each.id === id), party, all, tables, NOW);
  assert.equal(drop("a", own).kind, "none");
  assert.deepEqual(drop("b", own), { kind: "choose", others: [], joins: true, swap: undefined });
  assert.equal(drop("c", own).swap, other);
  assert.equal(drop("b", without).kind, "place");
  assert.equal(drop("c", without).swap, undefined);
});

test("a turned table is hit where it is seen, a round one not in its corners", () => {
  const lying = table("a", { x: 100, y: 100, w: 200, h: 40 });
  const standing = geometry.turned(lying, 90);
  assert.equal(geometry.tableAt([lying], { x: 105, y: 105 }), lying);
  assert.equal(geometry.tableAt([standing], { x: 105, y: 105 }), null);
  assert.equal(geometry.tableAt([standing], { x: 200, y: 30 }), standing);
  assert.equal(geometry.tableAt([lying], { x: 100, y: 150 }, 20), lying);
  const round = table("r", { forma: "redonda", w: 100, h: 100 });
  assert.equal(geometry.tableAt([round], { x: 5, y: 5 }), null);
  assert.equal(geometry.tableAt([round], { x: 50, y: 2 }), round);
});

test("tables go by the grid, stay on the floor, and turn by fifteen degrees", () => {
  const at = table("a", { x: 30, y: 30 });
  assert.deepEqual(({ x: 40, y: 30 }), (({ x, y }) => ({ x, y }))(geometry.moved(at, 13, -4)));
  assert.equal(geometry.moved(at, -500, 0).x, 0);
  assert.equal(geometry.moved(at, 1e6, 0).x, geometry.FLOOR - at.w);
  assert.equal(geometry.turned(at, -20).giro, 345);
  assert.equal(geometry.turned(at, 358).giro, 0);
  assert.equal(geometry.bearing(at, { x: 500, y: 60 }), 90);
});

test("dragging a corner of a turned table leaves the opposite one where it is", () => {
  const choose = random(3);
  for (let run = 0; run < 200; run += 1) {
    const from = table("a", { x: 3000, y: 3000, giro: Math.floor(choose() * 24) * 15 });
    const after = geometry.resized(from, choose() * 200 - 100, choose() * 200 - 100);
    const [fixed, held] = [geometry.corners(from)[0], geometry.corners(after)[0]];
    assert.ok(Math.hypot(fixed.x - held.x, fixed.y - held.y) < 1.5, JSON.stringify([from, after]));
    assert.ok(after.w >= geometry.SMALLEST && after.h >= geometry.SMALLEST);
    assert.ok([after.x, after.y, after.w, after.h].every(Number.isInteger));
  }
});

test("each table has as many chairs as seats, and none stands in it", () => {
  for (const forma of Object.keys(geometry.SHAPES)) for (let max = 1; max <= 14; max += 1) {
    const shape = table("a", { forma, max, ...geometry.SHAPES[forma], x: 0, y: 0 });
    const set = geometry.chairs(shape);
    assert.equal(set.length, max);
    const { x, y } = geometry.centre(shape);
    for (const chair of set) assert.ok(geometry.distance(shape, { x: chair.x + x, y: chair.y + y }) > 5, `${forma} ${max}`);
  }
});

test("an arrow key goes to the nearest table to its side", () => {
  const tables = [table("a"), table("b", { x: 200 }), table("c", { x: 400, y: 20 }), table("d", { y: 200 })];
  const goes = (from, key) => geometry.neighbour(tables, tables.find(({ id }) => id === from), key)?.id;
  assert.deepEqual([goes("a", "ArrowRight"), goes("b", "ArrowRight"), goes("a", "ArrowDown"), goes("a", "ArrowLeft")], ["b", "c", "d", undefined]);
});

test("a new table finds a place where none stands", () => {
  const tables = [];
  for (let made = 0; made < 30; made += 1) {
    const size = geometry.SHAPES[["redonda", "barra"][made % 2]];
    const next = table(String(made), { ...size, ...geometry.freeSpot(tables, tables, size) });
    for (const other of tables) assert.equal(geometry.tableAt([other], geometry.centre(next)), null);
    tables.push(next);
  }
});

const plan = (mesas, more = {}) => ({ version: 1, zonas: [{ id: "z", nombre: "Salón" }], mesas, ...more });

test("steps are taken back one by one, and the moves of one drag together", () => {
  const first = draft.begin(plan([table("a")]));
  const moved = (from, x, joined) => draft.withPlan(from, draft.withTable(from.plan, { ...from.plan.mesas[0], x }), joined);
  let edited = moved(first, 10);
  edited = moved(edited, 20, true);
  edited = moved(edited, 70);
  assert.ok(draft.isDirty(edited));
  assert.equal(draft.undone(edited).plan.mesas[0].x, 20);
  assert.equal(draft.isDirty(draft.undone(draft.undone(edited))), false);
  assert.equal(draft.undone(first), first);
});

test("joining is of both tables, and a table that goes leaves none joined to it", () => {
  let joined = draft.withJoin(plan([table("a"), table("b")]), "a", "b", true);
  assert.deepEqual(joined.mesas.map(({ unible }) => unible), [["b"], ["a"]]);
  assert.deepEqual(draft.withoutTable(joined, "b").mesas[0].unible, []);
  joined = draft.withJoin(joined, "b", "a", false);
  assert.deepEqual(joined.mesas.map(({ unible }) => unible), [[], []]);
});

test("names go on from the last one of the zone", () => {
  assert.equal(draft.nextName([table("t9")], "z"), "T10");
  assert.equal(draft.nextName([table("t9"), table("t10", { zona: "y" })], "z"), "T11");
  assert.equal(draft.nextName([], "z"), "1");
});

test("what a colleague saved stays, and one's own change of other tables is brought in", () => {
  const base = plan([table("a"), table("b"), table("c"), table("d")]);
  let own = draft.begin(base);
  own = draft.withPlan(own, draft.withTable(own.plan, { ...base.mesas[0], x: 50 }));
  own = draft.withPlan(own, draft.withTable(own.plan, { ...base.mesas[1], x: 50 }));
  own = draft.withPlan(own, draft.withoutTable(own.plan, "d"));
  own = draft.withPlan(own, draft.withTable(own.plan, table("new")));
  const theirs = { ...plan([table("a"), table("b", { x: 90 }), table("d")]), version: 2 };
  const { draft: after, changed, lost } = draft.merged(own, theirs);
  assert.equal(after.base.version, 2);
  assert.deepEqual(after.plan.mesas.map(({ id, x }) => [id, x]), [["a", 50], ["b", 90], ["new", 0]]);
  assert.deepEqual(changed.map(({ name, change }) => [name, change]), [["C", "removed"], ["B", "changed"]]);
  assert.deepEqual(lost, ["B"]);
});

test("a table whose zone a colleague took away goes to one that is there", () => {
  const base = plan([], { zonas: [{ id: "z", nombre: "Salón" }, { id: "t", nombre: "Terraza" }] });
  const own = draft.withPlan(draft.begin(base), draft.withTable(base, table("a", { zona: "t" })));
  const { draft: after } = draft.merged(own, { ...plan([]), version: 2 });
  assert.equal(after.plan.mesas[0].zona, "z");
});

test("only what the server takes is sent", () => {
  const body = draft.sent(plan([table("a", { porLimpiar: "2026-11-25T00:53:00Z" })]));
  assert.deepEqual(Object.keys(body), ["zonas", "mesas"]);
  assert.equal("porLimpiar" in body.mesas[0], false);
});

test("a party fills its joined tables one after the other", () => {
  const party = { people: 7, tables: ["a", "b", "c"] };
  assert.deepEqual(["a", "b", "c", "d"].map((id) => seatedAt(id, party, () => 3)), [3, 3, 1, 0]);
  assert.equal(seatedAt("a", { people: 9, tables: ["a"] }, () => 4), 9);
});

test("a table says all that is written on it, and more", () => {
  const found = tableStates([table("x")], parties([inside("Ana", "19:00", ["x"]), booked("Eva", "22:30", ["x"])]), NOW).get("x");
  assert.equal(spoken(table("x"), found, ZONE), "Mesa X, 2 a 4 personas: ocupada por Ana, 2 personas, desde las 19:10, quedan 60 minutos; después Eva a las 22:30");
  assert.deepEqual(lines(table("x"), found, ZONE), ["60′", "Ana"]);
  assert.equal(shortened("22:30", 1), "22:30");
  assert.equal(shortened("Valentina Bravo", 8), "Valentina Bra…");
});

// A server that answers when it is told to.
function server() {
  const asked = [];
  globalThis.location = { origin: "http://x" };
  globalThis.dispatchEvent = () => {};
  globalThis.fetch = (url) => new Promise((answer) => {
    asked.push({ path: url.pathname, answer: (body) => answer({ ok: true, status: 200, headers: new Map(), json: async () => ({ success: true, ...body }) }) });
  });
  return asked;
}

const settled = () => new Promise((done) => setImmediate(done));

test("the plan is read again for a change that came while it was read, and one table is told by its event", async () => {
  const asked = server();
  let drawn = 0;
  const desk = { query: {}, local: { diaNegocio: "2026-11-24" }, can: () => true };
  const state = new PlanState(desk, () => { drawn += 1; });
  const mesas = [table("10"), table("9")];
  const answer = (version) => {
    const [plan, walkIns] = asked.splice(0, 2);
    plan.answer({ version, zonas: [{ id: "z", nombre: "Salón" }], mesas });
    walkIns.answer({ sinReserva: [{ id: "w", mesas: ["9"], diaNegocio: "2026-11-24" }, { id: "v", mesas: [] }, { id: "u", mesas: ["9"], salida: "x" }] });
  };
  state.read();
  assert.equal(state.plan, null);
  state.hear({ type: "plan-changed", version: 2, mesa: null });
  assert.equal(asked.length, 2);
  answer(1);
  await settled();
  assert.equal(asked.length, 2, "it reads once more");
  answer(2);
  await settled();
  assert.equal(asked.length, 0);
  assert.deepEqual([state.plan.version, state.plan.mesas.map(({ id }) => id), state.plan.name("9")], [2, ["9", "10"], "9"]);
  assert.deepEqual(state.walkIns.map(({ id }) => id), ["w"]);
  const before = drawn;
  state.hear({ type: "plan-changed", version: 2, mesa: table("9", { porLimpiar: "2026-11-25T00:53:00Z" }) });
  assert.equal(state.plan.byId("9").porLimpiar, "2026-11-25T00:53:00Z");
  state.hear({ type: "walkin-changed", action: "updated", sinReserva: { id: "w", mesas: ["9"], salida: "2026-11-25T00:53:00Z", diaNegocio: "2026-11-24" } });
  assert.deepEqual(state.walkIns, []);
  assert.deepEqual([asked.length, drawn], [0, before + 2]);
});

test("a party that was told to move goes to a free table, be it too small, and is shown there", async () => {
  const mesas = [table("a", { max: 4, unible: ["b"] }), table("b", { max: 4, unible: ["a"] }), table("c", { max: 2 })];
  const found = parties([booked("Ana", "20:00", ["c"], { numeroPersonas: 6 })]);
  const done = [];
  const host = {
    view: { plan: { mesas, byId: (id) => mesas.find((each) => each.id === id), name: (id) => id }, parties: found, states: tableStates(mesas, found, NOW), timeZone: ZONE, now: NOW },
    select: (id) => done.push(["select", id]), say: (text) => done.push(["say", text]), tell: (problem) => problem && done.push(["tell", problem]), draw() {}, rereadLine() {},
  };
  const actions = { place: async (party, ids) => done.push(["place", party.id, ids]) };
  const seating = new Seating({ leave() {} }, actions, host);
  seating.put(found[0], mesas[0], true);
  await settled();
  assert.deepEqual(done, [["place", "Ana", ["a"]], ["say", "Ana: a"], ["select", "a"]]);
  done.length = 0;
  seating.put(found[0], mesas[2]);
  seating.join(found[0], mesas[0]);
  seating.swapAt(found[0], mesas[1]);
  assert.deepEqual(done, [["select", "c"], ["tell", "Esas mesas no se juntan."], ["tell", "Ahí no hay una reserva con la cual cambiar."]]);
  done.length = 0;
  actions.place = async () => { throw Object.assign(new Error("changed"), { code: "version_conflict", body: {} }); };
  seating.place(found[0], ["b"]);
  await settled();
  assert.deepEqual(done, [["tell", "Otra persona cambió a Ana. Mira cómo quedó y vuelve a intentarlo."]]);
});
