// What the server's answers say in English, from their codes and facts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { server } from "../../static/words/en/server.js";
import { said } from "../../static/words/index.js";

const reserva = { cliente: { nombre: "Ana" }, asistenciaActual: 4, numeroPersonas: 6, diaNegocio: "2026-11-28", registroEntradas: [] };

test("in Spanish the server speaks for itself", () => {
  assert.equal(said({ error: "party_full", message: "No caben." }), "No caben.");
  assert.equal(said({ message: "Ana: 4 de 6 personas dentro." }), "Ana: 4 de 6 personas dentro.");
});

test("each sentence stands without any fact", () => {
  for (const [code, sentence] of Object.entries(server)) {
    if (code !== "ok") assert.match(sentence({}), /^[A-Z].*\.$/, code);
  }
});

test("facts are said where the answer has them", () => {
  assert.equal(server.ok({ reserva }), "Ana: 4 of 6 inside.");
  assert.equal(server.party_full({ reserva, libres: 2 }), "2 of 6 places left: not enough for all.");
  assert.equal(server.cancelled({ reserva }), "Ana’s reservation is cancelled.");
  const ultimaEntrada = { hora: "21:03", usuario: "Door 1" };
  assert.equal(server.already_complete({ reserva, ultimaEntrada }), "In since 21:03, by Door 1 (4 of 6).");
  assert.match(server.other_night({ reserva }), /28/);
  assert.equal(server.invalid_field({ field: "cliente.nombre" }), "Check the name.");
  assert.match(server.unauthenticated({ motivo: "phone_ended" }), /unpaired/);
});
