// The door's pure parts: the face of each verdict, repeats, the newest entries, what is remembered.

import assert from "node:assert/strict";
import { test } from "node:test";

import { checking, face, found, settled, unasked, VERDICTS } from "../../static/door/faces.js";
import { lately } from "../../static/door/lately.js";
import { Repeats } from "../../static/door/repeats.js";
import { Settings } from "../../static/door/settings.js";
import { Rules } from "../../static/rules.js";

const RULES = new Rules({ roles: ["door", "host", "owner"], estados: [], forzables: { party_full: "door", no_show: "host" } });
const entry = (scanId, cantidad, minute, more = {}) => ({ scanId, cantidad, timestamp: `2026-11-25T01:${minute}:00.000Z`, usuario: "Puerta 1", metodo: "QR", ...more });
const PARTY = {
  id: "p", cliente: { nombre: "Ana Pérez" }, numeroPersonas: 6, asistenciaActual: 2, mesa: "12", hora: "20:00", diaNegocio: "2026-11-24",
  beneficiosReserva: "Botella", detalles: ["Alergia: maní"], registroEntradas: [entry("a", 2, "05")],
};
const refused = (veredicto, more = {}) => face({ kind: "refused", error: { code: veredicto, message: "Porque sí.", body: { veredicto, ...more } } }, RULES);

test("a success shows who, how many came and how many are missing, and can be taken back", () => {
  const shown = face({ kind: "answered", answer: { success: true, veredicto: "ok", increment: 2, reserva: PARTY, message: "Bien." } }, RULES);
  assert.equal(shown.tone, "ok");
  assert.deepEqual([shown.name, shown.added, shown.inside, shown.planned, shown.left], ["Ana Pérez", 2, 2, 6, 4]);
  assert.deepEqual([shown.table, shown.benefits, shown.details], ["12", "Botella", ["Alergia: maní"]]);
  assert.equal(shown.entry.scanId, "a");
});

test("tones: green only lets in, amber may be talked about, red is no", () => {
  const tones = Object.fromEntries(["already_complete", "party_full", "other_night", "no_show", "finished", "too_early", "expired",
    "cancelled", "invalid_code", "revoked_code"].map((code) => [code, refused(code).tone]));
  const amber = ["already_complete", "party_full", "other_night", "no_show", "finished"];
  for (const [code, tone] of Object.entries(tones)) assert.equal(tone, amber.includes(code) ? "warn" : "bad", code);
});

test("each verdict has a word of its own, and an unknown one is a refusal", () => {
  const words = VERDICTS.map((code) => (code === "checking" ? checking(PARTY) : refused(code)).word);
  assert.equal(new Set(words).size, words.length);
  assert.deepEqual([refused("busy").tone, refused("busy").verdict, refused("busy").text], ["bad", "error", "Porque sí."]);
});

test("who may overrule is what the answer says, else the rules", () => {
  assert.equal(refused("party_full", { libres: 2, reserva: PARTY }).overrule, "door");
  assert.equal(refused("party_full", { libres: 2, reserva: PARTY }).left, 2);
  assert.equal(refused("no_show").overrule, "host");
  assert.equal(refused("no_show", { forzable: null }).overrule, null);
  assert.equal(refused("cancelled").overrule, null);
});

test("nothing is green before the server has it", () => {
  const phone = { code: "ok", reservaId: "p", nombre: "Ana P.", personas: 6, dentro: 1, mesa: "12" };
  const offline = face({ kind: "offline", verdict: phone }, RULES);
  assert.deepEqual([offline.verdict, offline.tone, offline.left], ["offline", "warn", 5]);
  assert.match(offline.text, /queda por confirmar/);
  const waiting = face({ kind: "waiting" }, RULES, PARTY);
  assert.deepEqual([waiting.verdict, waiting.tone, waiting.left, waiting.name], ["waiting", "warn", 0, "Ana Pérez"]);
  assert.equal(face({ kind: "offline", verdict: { ...phone, code: "cancelled" } }, RULES).tone, "bad");
  assert.deepEqual([unasked().tone, unasked().left, unasked(PARTY).left], ["warn", 1, 4]);
  assert.equal(found(PARTY).tone, "ask");
});

test("what waited turns into what became of it", () => {
  const answer = { veredicto: "ok", increment: 2, reserva: PARTY };
  assert.equal(settled({ state: "confirmed", answer }, RULES).tone, "ok");
  assert.equal(settled({ state: "conflict", answer: {} }, RULES, PARTY).verdict, "conflict");
  assert.equal(settled({ state: "refused", answer: { error: "cancelled", message: "No." } }, RULES).verdict, "cancelled");
});

test("a code is the same scan until nobody saw it for 3 s", () => {
  const repeats = new Repeats();
  assert.equal(repeats.see("A", 0), false);
  repeats.keep("A", "green");
  assert.equal(repeats.see("B", 500), false);
  assert.equal(repeats.see("A", 2_999), true);
  assert.equal(repeats.see("A", 5_900), true);
  assert.equal(repeats.kept("A"), "green");
  assert.equal(repeats.kept("B"), null);
  assert.equal(repeats.see("A", 8_900), false);
  for (let number = 0; number < 100; number += 1) repeats.see(String(number), 9_000);
  assert.equal(repeats.kept("A"), null);
});

test("the newest entries are of all parties and walk-ins, and say what was taken back", () => {
  const undone = { ...PARTY, id: "q", registroEntradas: [entry("b", 3, "10"), entry("c", -3, "11", { anula: "b" })] };
  const walkIn = { id: "w", numeroPersonas: 4, usuario: "Puerta 2", fechaCreacion: "2026-11-25T01:07:00.000Z", hora: "20:07" };
  const all = lately([PARTY, undone], [walkIn, { ...walkIn, id: "v", fechaCreacion: "2026-11-25T01:01:00.000Z", anulada: { motivo: "x" } }], 20);
  assert.deepEqual(all.map(({ cantidad, undone: gone }) => [cantidad, gone]), [[3, true], [4, false], [2, false], [4, true]]);
  assert.equal(lately([PARTY, undone], [walkIn], 2).length, 2);
});

test("a device remembers its settings, and does without a storage", () => {
  const kept = new Map();
  const storage = () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) });
  new Settings(storage).set("mode", "all");
  assert.equal(new Settings(storage).get("mode"), "all");
  assert.equal(new Settings(storage).get("sound"), true);
  const none = new Settings(() => { throw new Error("denied"); });
  none.set("sound", false);
  assert.equal(none.get("sound"), false);
});
