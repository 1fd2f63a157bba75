// The entry log of a reservation, of which lists and events carry only the newest lines.

// What is known from before, then what is new; both oldest first.
export function joined(known, newest) {
  const seen = new Set(known.map((entry) => entry.scanId));
  return [...known, ...newest.filter((entry) => !seen.has(entry.scanId))];
}

// `total` is absent where the server sends all of them.
export function caption(shown, total = shown) {
  if (shown < total) return `${shown} de ${total} entradas`;
  if (shown === 0) return "Nadie ha entrado todavía.";
  return shown === 1 ? "1 entrada" : `${shown} entradas`;
}

export function signed(cantidad) {
  return cantidad < 0 ? `−${-cantidad}` : `+${cantidad}`;
}
