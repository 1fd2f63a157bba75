// The evening's pure parts: nights, groups, filters, order, own changes laid over, edits, keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as edits from "../../static/screens/evening/edits.js";
import { SameFinger } from "../../static/views/same-finger.js";
import { NOTHING, arranged, choices } from "../../static/screens/evening/filters.js";
import { atOnce, covers, dueAt, groupOf, lateMinutes } from "../../static/screens/evening/groups.js";
import { dateOf, hourOf, laterHour, minutesInto, movedHour, nextQuarter, quarters, wallClock } from "../../static/screens/evening/night.js";
import { Pending } from "../../static/screens/evening/pending.js";
import { sameNight, samePhone } from "../../static/screens/evening/phones.js";
import { SHORTCUTS, actionOf, needsRow } from "../../static/screens/evening/shortcuts.js";

const NIGHT = "2026-11-28";
const CUTOFF = "04:00";
const at = (hora) => minutesInto(NIGHT, dateOf(NIGHT, hora, CUTOFF), hora);

let made = 0;
function party(changes = {}) {
  const hora = changes.hora ?? "20:00";
  return {
    id: `r${(made += 1)}`, version: 1, diaNegocio: NIGHT, fecha: dateOf(NIGHT, hora, CUTOFF), hora, estado: "En Progreso", asistenciaActual: 0,
    numeroPersonas: 4, mesa: "", mesas: [], promotor: null, razonVisita: "", beneficiosReserva: "", detalles: [],
    cliente: { id: "c", nombre: "Ana Pérez", telefono: "+593 986 123 456" }, ...changes,
  };
}

test("an hour before the cut-off is of tonight, on the next calendar day", () => {
  assert.equal(dateOf(NIGHT, "01:00", CUTOFF), "2026-11-29");
  assert.equal(dateOf(NIGHT, "03:59", CUTOFF), "2026-11-29");
  assert.equal(dateOf(NIGHT, "04:00", CUTOFF), NIGHT);
  assert.equal(dateOf("2026-12-31", "00:30", CUTOFF), "2027-01-01");
});

test("an hour is moved within its night only, past midnight and back", () => {
  assert.equal(movedHour("23:50", 15, CUTOFF), "00:05");
  assert.equal(movedHour("00:05", -15, CUTOFF), "23:50");
  assert.equal(movedHour("03:50", 15, CUTOFF), null);
  assert.equal(movedHour("04:10", -15, CUTOFF), null);
});

test("the quarters of a night run from noon over midnight to the cut-off", () => {
  const found = quarters(CUTOFF);
  assert.deepEqual([found[0], found.at(-1), found.length], ["12:00", "03:45", 64]);
  assert.equal(found[found.indexOf("23:45") + 1], "00:00");
  assert.deepEqual(quarters("12:00").length, 96);
  assert.deepEqual([nextQuarter("20:01", CUTOFF), nextQuarter("20:15", CUTOFF), nextQuarter("23:50", CUTOFF), nextQuarter("03:50", CUTOFF)], ["20:15", "20:15", "00:00", "03:45"]);
});

test("the venue's clock is read in its zone, wherever the browser is", () => {
  const now = new Date("2026-11-29T05:07:00Z");
  assert.deepEqual(wallClock(now, "America/Guayaquil"), { fecha: "2026-11-29", hora: "00:07" });
  assert.equal(hourOf(-15), "23:45");
});

test("who is past their hour is late by minutes, after midnight as well", () => {
  const party01 = party({ hora: "01:00" });
  assert.equal(groupOf(party01, at("00:59")), "due");
  assert.equal(groupOf(party01, at("01:00")), "due");
  assert.equal(lateMinutes(party01, at("01:20")), 20);
  assert.ok(dueAt(party({ hora: "23:00" })) < dueAt(party01));
});

test("each party is in the one group that it belongs to", () => {
  const now = at("21:00");
  assert.equal(groupOf(party({ asistenciaActual: 1, estado: "Activa" }), now), "inside");
  assert.equal(groupOf(party({ hora: "22:00", estado: "Activa" }), now), "due");
  assert.equal(groupOf(party({ estado: "Activa" }), now), "late");
  for (const estado of ["En Camino", "Reserva Caída", "Cancelado"]) assert.equal(groupOf(party({ estado, asistenciaActual: 0 }), now), "over");
  assert.equal(lateMinutes(party({ asistenciaActual: 1 }), now), 0);
});

test("a row offers no more people at once than one entry takes", () => {
  assert.deepEqual([0, 1, 400, 1999].map(atOnce), [1, 1, 400, 500]);
});

test("covers count who is planned or came, the walk-ins that the server knows, and who is missing", () => {
  const parties = [party(), party({ asistenciaActual: 3, estado: "Activa" }), party({ asistenciaActual: 5, estado: "En Camino" }),
    party({ estado: "Cancelado" }), party({ estado: "Reserva Caída" })];
  assert.deepEqual(covers(parties), { covers: 13, inside: 3, due: 5 });
  assert.deepEqual(covers(parties, 0, 10), { covers: 20, inside: 10, due: 5 });
});

test("a search takes names in any order and without accents, and numbers however they are written", () => {
  const ana = party();
  const bea = party({ cliente: { nombre: "Béa Núñez Ana", telefono: "0999 000 111" }, mesa: "Terraza 4", promotor: { nombre: "Vale" } });
  const found = (text) => Object.values(arranged([ana, bea], { ...NOTHING, text }, 0)).flat();
  assert.deepEqual(found("perez ana"), [ana]);
  assert.deepEqual(found("nunez bea"), [bea]);
  assert.deepEqual(found("0986123456"), [ana]);
  assert.deepEqual(found("0986 123"), [ana]);
  assert.deepEqual(found("terraza"), [bea]);
  assert.deepEqual(found("nadie"), []);
});

test("filters add up, and offer what the night has", () => {
  const parties = [party({ promotor: { nombre: "Vale" } }), party({ hora: "21:15", estado: "Activa" }), party({ hora: "21:00" })];
  const zoneOf = (reserva) => (reserva === parties[0] ? "Terraza" : "");
  const found = (changes) => Object.values(arranged(parties, { ...NOTHING, ...changes }, 0, zoneOf)).flat();
  assert.deepEqual(found({ promotor: "Vale" }), [parties[0]]);
  assert.deepEqual(found({ zona: "Terraza" }), [parties[0]]);
  assert.deepEqual(found({ hora: "21", estado: "Activa" }), [parties[1]]);
  assert.deepEqual(choices(parties, zoneOf), { promotor: ["Vale"], hora: ["20", "21"], zona: ["Terraza"] });
});

test("the order is the hour's in the night, or first that of what was chosen", () => {
  const parties = [party({ hora: "00:30" }), party({ hora: "22:00", promotor: { nombre: "Zoe" } }), party({ hora: "23:00", promotor: { nombre: "Abel" } })];
  const order = (sort) => arranged(parties, { ...NOTHING, sort }, 0).due.map(({ hora }) => hora);
  assert.deepEqual(order("hora"), ["22:00", "23:00", "00:30"]);
  assert.deepEqual(order("promotor"), ["23:00", "22:00", "00:30"]);
});

test("a change lies over what the server says until its answer, then leaves nothing", () => {
  const pending = new Pending();
  const row = party();
  assert.equal(pending.over(row), row);
  const later = pending.add(row.id, (now) => ({ ...now, hora: "20:15" }));
  const note = pending.add(row.id, (now) => ({ ...now, detalles: ["x"] }));
  assert.deepEqual([pending.over(row).hora, pending.over(row).detalles], ["20:15", ["x"]]);
  assert.equal(pending.over(row), pending.over(row));
  const theirs = { ...row, version: 2, mesa: "4" };
  assert.deepEqual([pending.over(theirs).hora, pending.over(theirs).mesa], ["20:15", "4"]);
  pending.drop(row.id, later);
  assert.equal(pending.over(row).hora, "20:00");
  pending.drop(row.id, note);
  assert.equal(pending.over(row), row);
});

test("what will be gone is not listed while it can still be undone", () => {
  const pending = new Pending();
  const rows = [party(), party()];
  const token = pending.add(rows[0].id, () => null);
  assert.deepEqual(pending.all(rows), [rows[1]]);
  pending.drop(rows[0].id, token);
  assert.deepEqual(pending.all(rows), rows);
});

test("what was typed alone is sent, the night and hour as the calendar's day", () => {
  let edit = edits.begun(party());
  assert.deepEqual(edits.changes(edit, CUTOFF, false), {});
  edit = edits.typing(edit, "hora", "01:00");
  edit = edits.typing(edit, "telefono", "0999");
  edit = edits.typing(edit, "detalles", " torta \n\n vela ");
  assert.deepEqual(edits.changes(edit, CUTOFF, false), { cliente: { telefono: "0999" }, fecha: "2026-11-29", hora: "01:00", detalles: ["torta", "vela"] });
  assert.deepEqual(edits.typing(edit, "hora", "20:00").typed.hora, undefined);
  assert.deepEqual(edits.changes(edits.typing(edits.begun(party()), "mesa", "a,b"), CUTOFF, true), { mesas: ["a", "b"] });
});

test("a colleague's change is taken where nothing was typed, and told where something was", () => {
  const row = party();
  const edit = edits.typing(edits.begun(row), "hora", "21:00");
  const other = edits.met(edit, { ...row, version: 2, mesa: "4" });
  assert.deepEqual([edits.valueOf(other, "mesa"), edits.hasConflict(other), other.seen.version], ["4", false, 2]);
  const same = edits.met(other, { ...row, version: 3, hora: "22:00" });
  assert.deepEqual(same.theirs, { hora: "22:00" });
  assert.equal(edits.valueOf(same, "hora"), "21:00");
  const mine = edits.settled(same, "hora", true);
  assert.deepEqual([edits.hasConflict(mine), edits.changes(mine, CUTOFF, false).hora], [false, "21:00"]);
  const theirs = edits.settled(same, "hora", false);
  assert.deepEqual([edits.isTyped(theirs), edits.valueOf(theirs, "hora")], [false, "22:00"]);
});

test("a form that the end of a session closed still tells what a colleague had changed", () => {
  const row = party();
  const edit = edits.met(edits.typing(edits.begun(row), "razonVisita", "Cumple"), { ...row, version: 2, razonVisita: "Boda" });
  const again = edits.resumed(JSON.parse(JSON.stringify(edit)), { ...row, version: 2, razonVisita: "Boda" });
  assert.deepEqual([again.theirs, edits.valueOf(again, "razonVisita")], [{ razonVisita: "Boda" }, "Cumple"]);
});

test("past midnight is later than the evening before it", () => {
  assert.equal(laterHour("01:45", "20:00", CUTOFF), "01:45");
  assert.equal(laterHour("00:00", "20:00", CUTOFF), "00:00");
  assert.equal(laterHour("13:15", "20:00", CUTOFF), "20:00");
});

test("a party that a finger is at stays in its place until the finger is done", () => {
  const rows = [party({ hora: "20:00" }), party({ hora: "20:15" })];
  const moved = { ...rows[0], hora: "20:30", asistenciaActual: 2 };
  const order = (still) => Object.entries(arranged([moved, rows[1]], NOTHING, 0, () => "", still)).flatMap(([group, found]) => found.map(({ hora }) => `${group} ${hora}`));
  assert.deepEqual(order(rows[0]), ["due 20:30", "due 20:15"]);
  assert.deepEqual(order(null), ["due 20:15", "inside 20:30"]);
});

test("what both of them wrote alike is no conflict and nothing to save", () => {
  const row = party();
  const edit = edits.met(edits.typing(edits.begun(row), "mesa", "7"), { ...row, version: 2, mesa: "7" });
  assert.deepEqual([edits.isTyped(edit), edits.hasConflict(edit)], [false, false]);
});

test("one telephone in any writing is one, and a short or absent one is none", () => {
  assert.ok(samePhone("0986 123-456", "+593986123456"));
  assert.ok(samePhone("00593 986 123 456", "0986123456"));
  assert.ok(!samePhone("0986123456", "0986123457"));
  assert.ok(!samePhone("12", "12"));
  assert.ok(!samePhone(null, null));
  const rows = [party(), party({ estado: "Cancelado" })];
  assert.deepEqual(sameNight(rows, "0986123456"), [rows[0]]);
  assert.deepEqual(sameNight(rows, "0986123456", rows[0].id), []);
});

test("no key is R, with which codes begin, and each has one action", () => {
  const keys = SHORTCUTS.map(([key]) => key);
  assert.ok(!keys.includes("r"));
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(actionOf("N"), "book");
  assert.equal(actionOf("r"), null);
  assert.ok(needsRow("arrive") && !needsRow("book"));
});

test("the second tap of a finger is not for the party that moved to where the first one was", () => {
  const finger = new SameFinger();
  const tap = (at, id, x = 100, y = 100) => finger.strays({ at, id, x, y });
  assert.equal(tap(0, "ana"), false);
  assert.equal(tap(200, "bea"), true);
  assert.equal(tap(400, "eva"), true); // nor the third
  assert.equal(tap(450, "ana"), false); // still there: +15 twice
  assert.equal(tap(1000, "bea"), false); // read, and meant
  assert.equal(tap(1100, "eva", 100, 180), false); // elsewhere
});

test("a form that is open when the page is read again is there once more, once", async () => {
  const kept = new Map();
  globalThis.sessionStorage = { setItem: (name, text) => kept.set(name, text), getItem: (name) => kept.get(name) ?? null, removeItem: (name) => kept.delete(name) };
  const before = await import("../../static/screens/evening/drafts.js?before");
  before.keepDraft("1", { kind: "booking", values: { nombre: "Ana" } });
  const after = await import("../../static/screens/evening/drafts.js?after");
  assert.deepEqual(after.takeDraft("1"), { kind: "booking", values: { nombre: "Ana" } });
  assert.equal(after.takeDraft("1"), undefined);
  delete globalThis.sessionStorage;
  after.keepDraft("1", { kind: "detail" }); // where a browser allows no storage
  assert.deepEqual(after.takeDraft("1"), { kind: "detail" });
});
