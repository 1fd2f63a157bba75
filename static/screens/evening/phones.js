// Telephone numbers however people write them: 0986 123 456 and +593986123456 are one.

import { digits } from "../../store.js";

const TOLD_APART_BY = 9; // digits at the end; before them are a country and a zero
const LEAST = 7;

export function samePhone(one, other) {
  const [a, b] = [one, other].map((each) => digits(each ?? "").replace(/^0+/, "").slice(-TOLD_APART_BY));
  return a.length >= LEAST && a === b;
}

// What was typed is a number rather than a name.
export function looksLikePhone(text) {
  return /^[+\d][\d\s().-]{3,}$/.test(text.trim());
}

// Those of the list that have this number, but for one's own; gone ones do not count.
export function sameNight(reservas, telefono, but = null) {
  return [...reservas].filter((each) => each.id !== but && each.estado !== "Cancelado" && samePhone(each.cliente.telefono, telefono));
}
