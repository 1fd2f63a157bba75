// Judges a code by tonight's list when the server cannot be asked: pure.

// In these states a party is refused; each with the server's own word for it.
export const BARRED = { "Cancelado": "cancelled", "Reserva Caída": "no_show", "En Camino": "finished" };

// The business day that runs at `now`: until the cut-off it is still the evening before.
export function businessDay(now, { timezone, corte }) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).formatToParts(now);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const date = new Date(`${part.year}-${part.month}-${part.day}T12:00:00Z`);
  if (`${part.hour}:${part.minute}` < corte) date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

// `party` is of the list, undefined when the code is not in it; `own` were let in by this phone and
// the server does not know yet. `dentro` counts who is inside after this verdict.
export function judge(party, increment, { force = false, own = 0 } = {}) {
  const refusal = refused(party, increment, own);
  const code = refusal === null || force ? "ok" : refusal;
  if (!party) return { code, dentro: code === "ok" ? increment + own : own };
  const { id, nombre, personas, mesa, hora } = party;
  const before = party.dentro + own;
  return {
    code, reservaId: id, nombre, personas, mesa, hora,
    dentro: code === "ok" ? before + increment : before,
    libres: Math.max(0, personas - before),
  };
}

function refused(party, increment, own) {
  if (!party) return "invalid_code";
  if (BARRED[party.estado]) return BARRED[party.estado];
  const free = party.personas - party.dentro - own;
  if (free <= 0) return "already_complete";
  return increment > free ? "party_full" : null;
}
