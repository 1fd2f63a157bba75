// The entry log of a reservation, of which lists and events carry only the newest lines.

import { t } from "./words/index.js";

// What is known from before, then what is new; both oldest first.
export function joined(known, newest) {
  const seen = new Set(known.map((entry) => entry.scanId));
  return [...known, ...newest.filter((entry) => !seen.has(entry.scanId))];
}

// `total` is absent where the server sends all of them.
export function caption(shown, total = shown) {
  if (shown < total) return t.parts.someEntries(shown, total);
  if (shown === 0) return t.parts.noneEntered;
  return t.parts.entries(shown);
}

export function signed(cantidad) {
  return cantidad < 0 ? `−${-cantidad}` : `+${cantidad}`;
}
