// The waiting list as pure functions: list or event in, what the screen shows out.

import { parseId } from "../../store.js";

const MINUTE_MS = 60_000;
const WAITS = new Set(["esperando", "llamado"]);

// parties: id -> party; turns: id -> when it can sit (ISO), or null; seq: what both are true for.
export function empty() {
  return { parties: new Map(), turns: new Map(), epoch: null, seq: -1 };
}

export function withList(line, { espera, turnos, lastEventId }) {
  const read = parseId(lastEventId);
  if (read.epoch === line.epoch && read.seq < line.seq) return line; // an event was quicker
  return { parties: new Map(espera.map((each) => [each.id, each])), turns: instants(turnos), ...read };
}

export function withEvent(line, { type, seq, espera, turnos }) {
  if (type !== "waitlist-changed" || seq <= line.seq) return line;
  return { ...withParty(line, espera), turns: instants(turnos), seq };
}

// The answer to one's own request, which may come before or after its event.
export function withParty(line, party) {
  if (line.parties.get(party.id)?.version >= party.version) return line;
  return { ...line, parties: new Map(line.parties).set(party.id, party) };
}

function instants(turnos) {
  return new Map(turnos.map(({ id, mesaA }) => [id, mesaA]));
}

export function waiting(line) {
  return [...line.parties.values()].filter(({ estado }) => WAITS.has(estado)).sort(byArrival);
}

export function ended(line) {
  return [...line.parties.values()].filter(({ estado }) => !WAITS.has(estado)).sort((a, b) => (a.fin < b.fin ? 1 : -1));
}

function byArrival(a, b) {
  return a.fechaCreacion + a.id < b.fechaCreacion + b.id ? -1 : 1;
}

// Whole minutes; `over` are those by which it waits longer than it was told.
export function times(party, now) {
  const since = minutes(now - Date.parse(party.fechaCreacion));
  const over = party.prometido === null ? 0 : Math.max(0, since - party.prometido);
  return { since, over, called: party.estado === "llamado" ? minutes(now - Date.parse(party.llamado)) : null };
}

// null: nobody can say; 0: now.
export function until(line, party, now) {
  const at = line.turns.get(party.id);
  return at ? Math.max(0, Math.ceil((Date.parse(at) - now) / MINUTE_MS)) : null;
}

function minutes(ms) {
  return Math.max(0, Math.floor(ms / MINUTE_MS));
}
