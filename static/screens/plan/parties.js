// The parties of a night as the plan sees them, whether booked, walked in or waiting in the line.
//
// A party: { key, kind, id, name, people, arrived, tables: [id], from, until, since, phase, row };
// from and until are ms of its stay, since when it sits there or waits, phase one of
// "awaited" (due), "inside", "waiting" (in the line) and "over".

import { instant } from "./moment.js";

export const STAY_MIN = 120; // of a party that says nothing else
const AWAITED = new Set(["En Progreso", "Activa"]);
const MINUTE_MS = 60_000;

// `moved`: key -> the tables of one's own change that is still on its way.
export function partiesOf({ reservas, walkIns = [], waiting = [], timeZone, now, moved = new Map() }) {
  return [
    ...reservas.map((row) => fromReserva(row, timeZone)),
    ...walkIns.map((row) => fromWalkIn(row, timeZone)),
    ...waiting.map((row) => fromWaiting(row, now)),
  ].map((party) => (moved.has(party.key) ? { ...party, tables: moved.get(party.key) } : party));
}

function fromReserva(row, timeZone) {
  const from = instant(row.fecha, row.hora, timeZone);
  const came = row.asistenciaActual > 0;
  const phase = !AWAITED.has(row.estado) ? "over" : came ? "inside" : "awaited";
  const first = row.registroEntradas?.[0];
  return {
    key: `r:${row.id}`, kind: "reserva", id: row.id, name: row.cliente.nombre, people: row.numeroPersonas,
    arrived: row.asistenciaActual, tables: row.mesas ?? [], phase, row,
    ...stay(from, row.duracion), since: phase === "inside" && first ? Date.parse(first.timestamp) : from,
  };
}

function fromWalkIn(row, timeZone) {
  const from = instant(row.fecha, row.hora, timeZone);
  return {
    key: `w:${row.id}`, kind: "sinReserva", id: row.id, name: row.notas, people: row.numeroPersonas,
    arrived: row.numeroPersonas, tables: row.mesas ?? [], phase: row.salida || row.anulada ? "over" : "inside", row,
    ...stay(from, row.duracion), since: from,
  };
}

function fromWaiting(row, now) {
  return {
    key: `e:${row.id}`, kind: "espera", id: row.id, name: row.nombre, people: row.numeroPersonas,
    arrived: 0, tables: [], phase: ["esperando", "llamado"].includes(row.estado) ? "waiting" : "over", row,
    ...stay(now), since: Date.parse(row.fechaCreacion),
  };
}

function stay(from, minutes = STAY_MIN) {
  return { from, until: from + minutes * MINUTE_MS };
}

// Who needs a table now, who will, and who has one: each sorted by the hour.
export function groups(parties) {
  const of = (wanted) => parties.filter(wanted).sort((a, b) => a.since - b.since || (a.key < b.key ? -1 : 1));
  const placed = ({ tables }) => tables.length > 0;
  return {
    now: of((each) => each.phase === "waiting" || (each.phase === "inside" && each.kind === "reserva" && !placed(each))),
    due: of((each) => each.phase === "awaited" && !placed(each)),
    placed: of((each) => each.phase === "awaited" && placed(each)),
  };
}
