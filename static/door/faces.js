// The face of each verdict: its tone, its word, and what the screen shows beside it. Pure.

import { said, t } from "../words/index.js";

// The word and the icon have the verdict's own name. What is not here is a refusal like any other.
const TONES = {
  ok: "ok",
  look: "ask",
  checking: "wait",
  already_complete: "warn",
  party_full: "warn",
  other_night: "warn",
  no_show: "warn",
  finished: "warn",
  offline: "warn",
  waiting: "warn",
  conflict: "warn",
  too_early: "bad",
  expired: "bad",
  cancelled: "bad",
  invalid_code: "bad",
  revoked_code: "bad",
};
const REFUSED = "error";

export const VERDICTS = Object.keys(TONES);


function plain(verdict, facts = {}) {
  const name = TONES[verdict] ? verdict : REFUSED;
  return { verdict: name, tone: TONES[name] ?? "bad", word: t.door.verdicts[name], text: "", left: 0, overrule: null, details: [], ...facts };
}

function ofReserva(reserva) {
  if (!reserva) return {};
  const { asistenciaActual: inside, numeroPersonas: planned } = reserva;
  return {
    reservaId: reserva.id, name: reserva.cliente.nombre, inside, planned, left: Math.max(0, planned - inside),
    table: reserva.mesa, hour: reserva.hora, day: reserva.diaNegocio,
    benefits: reserva.beneficiosReserva, details: reserva.detalles,
  };
}

export const checking = (reserva) => plain("checking", { ...ofReserva(reserva), left: 0 });

// A party found by hand or looked up: nothing is registered yet.
export const found = (reserva) => plain("look", ofReserva(reserva));

// The server could not be asked about the code; `reserva` as this screen knows it, `verdict` as
// tonight's list does.
export const unasked = (reserva, verdict) => plain("offline", {
  left: 1, ...ofReserva(reserva), ...(verdict ? ofList(verdict, reserva) : {}), text: t.door.unasked,
});

// What came of an outcome of the queue; `reserva`: as this screen knows the party.
export function face(outcome, rules, reserva) {
  switch (outcome.kind) {
    case "answered": return ofAnswer(outcome.answer);
    case "refused": return ofRefusal(outcome.error, rules, reserva);
    case "offline": return ofPhone(outcome.verdict, rules, reserva, outcome.entry);
    default: return plain("waiting", { ...ofReserva(reserva), left: 0, text: t.door.waits });
  }
}

// What an item of the queue that was shown as waiting has become.
export function settled({ state, answer }, rules, reserva) {
  if (state === "confirmed") return ofAnswer(answer);
  if (state === "conflict") return plain("conflict", { ...ofReserva(answer?.reserva ?? reserva), left: 0, text: t.door.differs });
  return ofRefusal({ code: answer?.error, message: answer && said(answer), body: answer ?? {} }, rules, reserva);
}

function ofAnswer(answer) {
  const { reserva, increment, veredicto = "ok", repeated } = answer;
  const added = increment ?? 0;
  const entry = added ? reserva?.registroEntradas.at(-1) : undefined;
  return plain(veredicto, { ...ofReserva(reserva), added, repeated, entry, text: said(answer) ?? "" });
}

function ofRefusal({ code, message, body }, rules, reserva) {
  const verdict = body.veredicto ?? code;
  const facts = ofReserva(body.reserva ?? reserva);
  return plain(verdict, {
    ...facts, text: message ?? "", left: verdict === "party_full" ? (body.libres ?? facts.left) : 0,
    overrule: body.forzable === undefined ? rules.overruledBy(verdict) : body.forzable,
  });
}

function ofList({ reservaId, nombre, personas, dentro, mesa, hora }, reserva) {
  if (!reservaId) return ofReserva(reserva);
  return {
    ...ofReserva(reserva), reservaId, name: reserva?.cliente.nombre ?? nombre, planned: personas, inside: dentro, left: Math.max(0, personas - dentro),
    table: mesa ?? reserva?.mesa, hour: hora ?? reserva?.hora,
  };
}

// Given by tonight's list on the phone; what it let in is inside, but nobody else knows.
function ofPhone(verdict, rules, reserva, entry) {
  const known = ofList(verdict, reserva);
  if (verdict.code === "ok") return plain("offline", { ...known, entry: verdict.reservaId && entry, word: t.door.okOffline, text: t.door.byPhone });
  return plain(verdict.code, {
    ...known, text: verdict.code === "invalid_code" ? t.door.notListed : t.door.byList,
    left: verdict.code === "party_full" ? verdict.libres : 0, overrule: rules.overruledBy(verdict.code),
  });
}
