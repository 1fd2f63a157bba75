// What is written on a table, and what a screen reader says of it.

import { clock } from "../../format.js";
import { t } from "../../words/index.js";

const hour = (ms, timeZone) => clock(new Date(ms).toISOString(), timeZone);

export function partyName(party) {
  return party.name || t.plan.walkIn;
}

export function names(ids, plan) {
  return ids.map((id) => plan.name(id)).join(" + ");
}

// `found` is the table's state; `fits`: Enter would seat a party that was chosen.
export function spoken(table, found, timeZone, fits) {
  const { party, next, minutes } = found;
  const who = party && [partyName(party), party.people];
  const said = {
    free: () => t.plan.spokenFree,
    soon: () => t.plan.spokenSoon(...who, hour(party.from, timeZone)),
    late: () => t.plan.spokenLate(...who, minutes),
    seated: () => t.plan.spokenSeated(...who, hour(party.since, timeZone), minutes),
    clear: () => t.plan.spokenClear(minutes),
  }[found.state]();
  return [
    `${t.plan.table(table.nombre)}, ${t.plan.seats(table.min, table.max)}: ${said}`,
    next && t.plan.spokenNext(hour(next.from, timeZone), partyName(next)),
    fits && t.plan.spokenFits,
  ].filter(Boolean).join("; ");
}

// The lines under a table's name.
export function lines(table, { state, party, next, minutes }, timeZone) {
  switch (state) {
    case "soon": return [hour(party.from, timeZone), partyName(party)];
    case "late": return [t.plan.late(minutes), partyName(party)];
    case "seated": return [t.plan.left(minutes), partyName(party)];
    case "clear": return [t.plan.clear];
    default: return [next ? `→${hour(next.from, timeZone)}` : `${table.min}–${table.max}`];
  }
}

const LEAST_LETTERS = 6; // an hour

// As much of a text as fits into `room`, both in the size of its letters.
export function shortened(text, room) {
  const letters = Math.max(LEAST_LETTERS, Math.floor(room / 0.56));
  return text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
}
