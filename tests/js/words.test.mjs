// Both languages say the same things, and nothing is said elsewhere.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { words as en } from "../../static/words/en/index.js";
import { words as es } from "../../static/words/es/index.js";
import { literals } from "./literals.mjs";

const STATIC = new URL("../../static/", import.meta.url);
// Stored values that clients know, whatever they are called on a screen.
const STATES = new Set(["En Progreso", "Activa", "En Camino", "Reserva Caída", "Cancelado", "se fue"]);

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

// What is shown begins with a capital or has several words; names of fields and routes have neither,
// and names of classes are not all Spanish.
function isSpanish(literal) {
  if (STATES.has(literal)) return false;
  if (/[áéíóúüñ¿¡«»]/i.test(literal)) return true;
  const found = tokens(literal).map((each) => spanish.has(each));
  if (/^\p{Lu}\p{Ll}/u.test(literal.trim())) return found.some(Boolean);
  return /\s/.test(literal.trim()) && found.length > 0 && found.every(Boolean);
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
  assert.deepEqual(found, [], found.map((path) => `${path}: ${spoken(path).join(" | ")}`).join("\n"));
});

test("the scan finds what is shown, and no code", () => {
  const source = 'f("Buscar", `Mesa ${x ? `de ${"Ana"}` : /"Puerta"/.test(y)} libre`); // "Salir"\nask("/api/reservas");';
  assert.deepEqual(literals(source).filter(Boolean).sort(), [" libre", "/api/reservas", "Ana", "Buscar", "Mesa ", "de "]);
  assert.ok(isSpanish("Buscar") && isSpanish("Nueva reserva") && isSpanish("¿Eliminar?"));
  assert.ok(!isSpanish("reservas") && !isSpanish("/api/sin-reserva") && !isSpanish("Reserva Caída") && !isSpanish("card login"));
});
