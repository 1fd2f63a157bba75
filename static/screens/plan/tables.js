// What each table is at a moment: free, reserved soon, late, seated or to be cleared.

export const SOON_MIN = 60;
export const LATE_MIN = 5;
export const STATES = ["free", "soon", "late", "seated", "clear"];
const MINUTE_MS = 60_000;

// Returns id -> { state, party, minutes, next }. `minutes`: until the party is due (soon), it is late
// (late), left of its stay (seated; negative when it stays on), since the table is to be cleared.
// `next` is the awaited party that follows.
export function tableStates(tables, parties, now) {
  const held = byTable(parties);
  return new Map(tables.map((table) => [table.id, stateOf(table, held.get(table.id) ?? [], now)]));
}

function byTable(parties) {
  const held = new Map();
  for (const party of parties) {
    if (party.phase === "over") continue;
    for (const id of party.tables) held.set(id, [...(held.get(id) ?? []), party]);
  }
  return held;
}

function stateOf(table, parties, now) {
  const inside = parties.filter(({ phase }) => phase === "inside").sort((a, b) => a.since - b.since)[0];
  const [due, later] = parties.filter(({ phase }) => phase === "awaited").sort((a, b) => a.from - b.from);
  if (inside) return { state: "seated", party: inside, minutes: minutes(inside.until - now), next: due };
  if (table.porLimpiar) return { state: "clear", minutes: minutes(now - Date.parse(table.porLimpiar)), next: due };
  if (!due) return { state: "free" };
  const wait = minutes(due.from - now);
  if (-wait >= LATE_MIN) return { state: "late", party: due, minutes: -wait, next: later };
  if (wait <= SOON_MIN) return { state: "soon", party: due, minutes: wait, next: later };
  return { state: "free", next: due };
}

function minutes(ms) {
  return Math.round(ms / MINUTE_MS);
}

// Whom a table already has for some of the time that `party` would need it.
export function heldBy(id, party, parties, now) {
  const wanted = span(party, now);
  return parties.filter((other) => {
    if (other.key === party.key || other.phase === "over" || !other.tables.includes(id)) return false;
    const taken = span(other, now);
    return wanted.from < taken.until && taken.from < wanted.until;
  });
}

// Who sits on keeps the table; who is late needs it from now.
function span({ phase, from, until }, now) {
  if (phase === "inside") return { from: Math.min(from, now), until: Math.max(until, now + MINUTE_MS) };
  const begins = Math.max(from, now);
  return { from: begins, until: Math.max(until, begins + MINUTE_MS) };
}

// How many of a party sit at each of its tables: they fill one after the other.
export function seatedAt(id, { people, tables }, seats) {
  let left = people;
  for (const each of tables) {
    const here = each === tables.at(-1) ? left : Math.min(left, seats(each));
    if (each === id) return here;
    left -= here;
  }
  return 0;
}

// The best places for a party, as [[id]]: the smallest free table that is large enough, else pairs
// that may be joined.
export function suggestions(tables, party, parties, now, most = 5) {
  const free = tables.filter(({ id }) => !heldBy(id, party, parties, now).length);
  const singles = free.filter(({ max }) => max >= party.people).sort((a, b) => a.max - b.max || a.min - b.min).map(({ id }) => [id]);
  const seats = (pair) => pair[0].max + pair[1].max;
  const pairs = free.flatMap((one) => free.filter((other) => one.id < other.id && one.unible.includes(other.id)).map((other) => [one, other]))
    .filter((pair) => seats(pair) >= party.people).sort((a, b) => seats(a) - seats(b)).map((pair) => pair.map(({ id }) => id));
  return [...singles, ...pairs].slice(0, most);
}

// What dropping a party on a table would mean: "none" (it sits there), "place", or "choose" among
// joining the table to its own, moving there, and changing places with who has it.
export function outcome(table, party, parties, tables, now) {
  if (party.tables.includes(table.id)) return { kind: "none" };
  const others = heldBy(table.id, party, parties, now);
  const joins = !others.length && party.tables.length > 0 && tables.some(({ id, unible }) => party.tables.includes(id) && unible.includes(table.id));
  const swaps = others.find((other) => other.kind === "reserva" && party.kind === "reserva" && party.tables.length > 0);
  if (!others.length && !joins) return { kind: "place" };
  return { kind: "choose", others, joins, swap: others.length === 1 ? swaps : undefined };
}
