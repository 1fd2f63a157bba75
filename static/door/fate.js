// What an answer means for a scan that waits: pure, since here people are counted or lost.

import { t } from "../words/index.js";

// The request arrived and was not counted, but not for good: it is sent again.
const LATER = new Set([401, 408, 429]);
// What the server says of it is not what is told.
const COUNTED = "counted_after_all";

// Returns what the item becomes, or null while nothing is known. `item.offline`: the phone let them
// in by itself; `asOffline`: the request said so. `item.verdict`: what it told the door, if it did.
export function fate(item, asOffline, status, body) {
  if (status === 0 || status >= 500 || LATER.has(status)) return null;
  if (status < 300 && wasTurnedAway(item)) return { state: "conflict", answer: { ...body, error: COUNTED, message: t.door.countedAfterAll } };
  if (status < 300) return { state: "confirmed", answer: body };
  if (body.error === "conflict") return { state: "conflict", answer: body };
  // It was sent before the phone let them in: the server has to hear of that as well.
  if (item.offline && !asOffline) return null;
  return { state: "refused", answer: body };
}

// The server counted who the phone turned away: somebody has to look, and take them out again.
export function wasTurnedAway({ offline, verdict }) {
  return Boolean(verdict) && !offline;
}

// People that this phone let in on a reservation, and that no server has counted yet.
export function ownAdmissions(items, reservaId) {
  return sum(letIn(items).filter(({ verdict }) => verdict.reservaId === reservaId));
}

// The same on all reservations.
export function uncounted(items) {
  return sum(letIn(items));
}

// But for whom it took back.
function letIn(items) {
  const waiting = items.filter(({ state }) => state === "waiting");
  const undone = new Set(waiting.map(({ undoes }) => undoes));
  return waiting.filter(({ id, offline }) => offline && !undone.has(id));
}

function sum(items) {
  return items.reduce((people, { increment }) => people + increment, 0);
}

// What leaves the screen: refusals that the door has seen when they were made, and confirmed ones,
// of which the newest `most` stay, and none for longer than `age`. The rest waits for somebody.
export function outdated(items, now, most, age) {
  const confirmed = items.filter(({ state }) => state === "confirmed");
  const newest = new Set(confirmed.slice(-most));
  const isOld = (item) => !newest.has(item) || now - Date.parse(item.at) > age;
  return items.filter((item) => (item.state === "confirmed" ? isOld(item) : item.state === "refused" && item.isSeen));
}
