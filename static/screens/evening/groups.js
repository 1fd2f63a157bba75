// The groups of an evening: who is late, due, inside, and done with.

import { minutesInto } from "./night.js";

export const GROUPS = ["late", "due", "inside", "over"];
const OVER = new Set(["En Camino", "Reserva Caída", "Cancelado"]);

const due = new WeakMap(); // a reservation is a new object when it changes

// Minutes since the midnight at which its night begins.
export function dueAt(reserva) {
  let at = due.get(reserva);
  if (at === undefined) due.set(reserva, at = minutesInto(reserva.diaNegocio, reserva.fecha, reserva.hora));
  return at;
}

// `now` in the same minutes.
export function groupOf(reserva, now) {
  if (OVER.has(reserva.estado)) return "over";
  if (reserva.asistenciaActual > 0) return "inside";
  return dueAt(reserva) < now ? "late" : "due";
}

export function lateMinutes(reserva, now) {
  return groupOf(reserva, now) === "late" ? now - dueAt(reserva) : 0;
}

// How many of the party have not come yet.
export function missing(reserva) {
  return Math.max(0, reserva.numeroPersonas - reserva.asistenciaActual);
}

// As many as one entry may have; a larger party comes in by several.
export const MOST_AT_ONCE = 500;

export function atOnce(people) {
  return Math.min(MOST_AT_ONCE, Math.max(1, people));
}

// People: `covers` of the night with walk-ins, `inside` now, `due` still to come. `inside` of a
// night that does not run is what the list says; else the server's, which knows of walk-ins.
export function covers(reservas, now, served = null) {
  let planned = 0;
  let entered = 0;
  let missed = 0;
  for (const reserva of reservas) {
    const isOver = OVER.has(reserva.estado);
    if (!isOver || reserva.asistenciaActual > 0) planned += Math.max(reserva.numeroPersonas, reserva.asistenciaActual);
    if (reserva.estado !== "En Camino") entered += reserva.asistenciaActual;
    if (!isOver) missed += missing(reserva);
  }
  const inside = served ?? entered;
  return { covers: planned + Math.max(0, inside - entered), inside, due: missed };
}
