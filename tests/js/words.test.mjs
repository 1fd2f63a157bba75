// Both languages say the same things, and nothing is said elsewhere.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../static/words/en/index.js";
import { es } from "../../static/words/es/index.js";
import { literals } from "./literals.mjs";

const STATIC = new URL("../../static/", import.meta.url);
// Stored values that clients know, whatever they are called on a screen.
const STATES = new Set(["En Progreso", "Activa", "En Camino", "Reserva Caída", "Cancelado", "se fue"]);
// Whose words are still to be moved: a module that has none any more leaves this list.
const TO_MOVE = ["views/detail.js", "views/form.js", "views/list.js"];

function shape(words, path = "") {
  return Object.entries(words).flatMap(([name, word]) => {
    const here = `${path}.${name}`;
    if (typeof word === "function") return [`${here}(${word.length})`];
    return typeof word === "object" ? shape(word, here) : [here];
  }).sort();
}

function texts(words) {
  return Object.values(words).flatMap((word) => {
    if (typeof word === "function") return [word("", "", "", "")];
    return typeof word === "object" ? texts(word) : [word];
  });
}

const tokens = (text) => text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
const english = new Set(texts(en).flatMap(tokens));
const spanish = new Set(texts(es).flatMap(tokens).filter((each) => !english.has(each)));

// What is shown begins with a capital or has several words; names of fields and routes have neither.
function isSpanish(literal) {
  if (STATES.has(literal)) return false;
  if (/[áéíóúüñ¿¡«»]/i.test(literal)) return true;
  return /^\p{Lu}\p{Ll}|\s/u.test(literal.trim()) && tokens(literal).some((each) => spanish.has(each));
}

function modules(folder) {
  return readdirSync(new URL(folder, STATIC), { withFileTypes: true }).flatMap((each) => {
    const path = folder + each.name;
    if (each.isDirectory()) return ["words", "vendor"].includes(path) ? [] : modules(`${path}/`);
    return path.endsWith(".js") ? [path] : [];
  });
}

const spoken = (path) => literals(readFileSync(new URL(path, STATIC), "utf8")).filter(isSpanish);

test("each word of one language is there in the other, with as many blanks", () => {
  assert.deepEqual(shape(es), shape(en));
});

test("no word of one language is left as it is in the other by mistake", () => {
  const odd = texts(en).filter((text) => /[áéíóúüñ¿¡«»]/i.test(text));
  assert.deepEqual(odd, []);
});

test("no Spanish stands in a module beside the words", () => {
  const found = modules("").filter((path) => spoken(path).length);
  assert.deepEqual(found, TO_MOVE, found.map((path) => `${path}: ${spoken(path).join(" | ")}`).join("\n"));
});

test("the scan finds what is shown, and no code", () => {
  const source = 'f("Buscar", `Mesa ${x ? `de ${"Ana"}` : /"Puerta"/.test(y)} libre`); // "Salir"\nask("/api/reservas");';
  assert.deepEqual(literals(source).filter(Boolean).sort(), [" libre", "/api/reservas", "Ana", "Buscar", "Mesa ", "de "]);
  assert.ok(isSpanish("Buscar") && isSpanish("Nueva reserva") && isSpanish("¿Eliminar?"));
  assert.ok(!isSpanish("reservas") && !isSpanish("/api/sin-reserva") && !isSpanish("Reserva Caída") && !isSpanish("card login"));
});
