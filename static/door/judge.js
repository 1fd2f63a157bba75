// Judges a code by tonight's list when the server cannot be asked: pure.

// In these states a party is refused; each with the server's own word for it.
export const BARRED = { "Cancelado": "cancelled", "Reserva Caída": "no_show", "En Camino": "finished" };

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
