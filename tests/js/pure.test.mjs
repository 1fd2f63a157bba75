// The small pure modules: days and times, entry logs, and the rules as the server sends them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { caption, joined, signed } from "../../static/entries.js";
import { clock, longDay, newKey, shiftDay } from "../../static/format.js";
import { ofAnswer, ofEvent } from "../../static/mine.js";
import { Rules } from "../../static/rules.js";
import { random } from "./world.mjs";

// A browser far from the venue: noon there is another day in UTC.
process.env.TZ = "Pacific/Kiritimati";

test("days follow one another over months, leap days and changes of the clock", () => {
  assert.equal(shiftDay("2026-12-31", 1), "2027-01-01");
  assert.equal(shiftDay("2028-02-28", 1), "2028-02-29");
  assert.equal(shiftDay("2026-03-08", 1), "2026-03-09");
  assert.equal(shiftDay("2026-11-01", -1), "2026-10-31");
  const choose = random(1);
  for (let run = 0; run < 500; run += 1) {
    const by = Math.floor(choose() * 2000) - 1000;
    assert.equal(shiftDay(shiftDay("2026-11-24", by), -by), "2026-11-24");
  }
});

test("a day is said in words, whatever the zone of the browser", () => {
  assert.equal(longDay("2026-11-24"), "martes, 24 de noviembre");
});

test("an hour is the venue's, and midnight is 00 and not 24", () => {
  assert.equal(clock("2026-11-25T01:05:00.000Z", "America/Guayaquil"), "20:05");
  assert.equal(clock("2026-11-25T05:00:00.000Z", "America/Guayaquil"), "00:00");
});

test("a key is 128 bits in hexadecimal and never the same", () => {
  const keys = Array.from({ length: 200 }, newKey);
  assert.ok(keys.every((key) => /^[0-9a-f]{32}$/.test(key)));
  assert.equal(new Set(keys).size, keys.length);
});

const log = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => ({ scanId: `s${from + index}`, cantidad: 1 }));

test("newest entries join what is known, without a repeat and in order", () => {
  assert.deepEqual(joined([], log(1, 3)), log(1, 3));
  assert.deepEqual(joined(log(1, 5), log(4, 7)), log(1, 7));
  assert.deepEqual(joined(log(1, 5), log(1, 5)), log(1, 5));
  assert.equal(joined(log(1, 20), log(38, 57)).length, 40);
});

test("how many entries are shown is said when there are more", () => {
  assert.equal(caption(20, 57), "20 de 57 entradas");
  assert.equal(caption(57, 57), "57 entradas");
  assert.equal(caption(1), "1 entrada");
  assert.equal(caption(0), "Nadie ha entrado todavía.");
  assert.equal(caption(0, 3), "0 de 3 entradas");
  assert.deepEqual([signed(2), signed(-2)], ["+2", "−2"]);
});

const RULES = new Rules({
  roles: ["door", "host", "owner"],
  estados: [
    { valor: "Activa", etiqueta: "Confirmada", etiquetaConGente: "Adentro",
      pasos: [{ a: "Cancelado", texto: "Cancelar reserva" }], pasosConGente: [{ a: "En Camino", texto: "Terminar visita" }] },
    { valor: "Cancelado", etiqueta: "Cancelada", etiquetaConGente: "Cancelada", pasos: [], pasosConGente: [] },
  ],
  forzables: { party_full: "door", no_show: "host" },
});

test("people inside change a state's name and its moves", () => {
  const party = { estado: "Activa", asistenciaActual: 0 };
  assert.equal(RULES.label(party), "Confirmada");
  assert.deepEqual(RULES.moves(party), [{ to: "Cancelado", text: "Cancelar reserva" }]);
  party.asistenciaActual = 3;
  assert.equal(RULES.label(party), "Adentro");
  assert.deepEqual(RULES.moves(party), [{ to: "En Camino", text: "Terminar visita" }]);
});

test("a state that is new to the page is shown as it is stored, and moves nowhere", () => {
  const party = { estado: "Pospuesta", asistenciaActual: 1 };
  assert.equal(RULES.label(party), "Pospuesta");
  assert.deepEqual(RULES.moves(party), []);
});

test("each role reaches what the ones before it do; an unknown one nothing", () => {
  const reach = (role) => ["door", "host", "owner"].filter((needed) => RULES.reaches(role, needed));
  assert.deepEqual(reach("door"), ["door"]);
  assert.deepEqual(reach("owner"), ["door", "host", "owner"]);
  assert.deepEqual(reach("robot"), []);
  assert.equal(RULES.reaches("robot", "pilot"), false);
});

test("only what the server lists may be overruled, by the role it says and those above", () => {
  const may = (code) => ["door", "host", "owner", "robot"].filter((role) => RULES.mayOverrule(code, role));
  assert.deepEqual(may("party_full"), ["door", "host", "owner"]);
  assert.deepEqual(may("no_show"), ["host", "owner"]);
  assert.deepEqual(may("cancelled"), []);
  assert.deepEqual(may("toString"), []);
});

test("what one's own request made is known by its answer, be it a booking, a walk-in or the waiting list", () => {
  const isMine = (answer, event) => ofAnswer(answer).includes(ofEvent(event));
  const reserva = { id: "r", version: 3 };
  assert.ok(isMine({ reserva }, { type: "reservation-updated", reserva }));
  assert.ok(!isMine({ reserva }, { type: "reservation-updated", reserva: { ...reserva, version: 4 } }));
  assert.ok(isMine({ sinReserva: { id: "w" } }, { type: "walkin-changed", action: "created", sinReserva: { id: "w" } }));
  assert.ok(!isMine({ sinReserva: { id: "w" } }, { type: "walkin-changed", action: "deleted", sinReserva: { id: "w" } }));
  const espera = { id: "e", version: 2, sinReservaId: "s" };
  assert.ok(isMine({ espera }, { type: "waitlist-changed", action: "updated", espera }));
  assert.ok(isMine({ espera }, { type: "walkin-changed", action: "created", sinReserva: { id: "s" } }));
  assert.deepEqual(ofAnswer(undefined), []);
  assert.ok(!isMine({}, { type: "plan-changed" }));
});
