// The face of each verdict: its tone, its word, and what the screen shows beside it. Pure.

// Tone and word; the icon has the verdict's own name. What is not here is a refusal like any other.
const FACES = {
  ok: ["ok", "Adelante"],
  look: ["ask", "¿Cuántos entran?"],
  checking: ["wait", "Comprobando…"],
  already_complete: ["warn", "Ya entraron"],
  party_full: ["warn", "No caben todos"],
  other_night: ["warn", "Es otra noche"],
  no_show: ["warn", "Figura «No llegó»"],
  finished: ["warn", "Visita terminada"],
  offline: ["warn", "Sin conexión"],
  waiting: ["warn", "Sin confirmar"],
  conflict: ["warn", "En conflicto"],
  too_early: ["bad", "Todavía no"],
  expired: ["bad", "Ya pasó"],
  cancelled: ["bad", "Cancelada"],
  invalid_code: ["bad", "Código no válido"],
  revoked_code: ["bad", "Código anulado"],
};
const REFUSED = ["bad", "No pasa"];

export const VERDICTS = Object.keys(FACES);

const BY_PHONE = "Según la lista de esta noche; queda por confirmar.";
const NOT_LISTED = "Sin conexión: no está en la lista de esta noche.";
const WAITS = "El servidor no responde. Queda en espera y se envía solo; todavía no está registrado.";
const DIFFERS = "El servidor lo ve de otra forma: lo resuelve el anfitrión.";

function plain(verdict, facts = {}) {
  const [tone, word] = FACES[verdict] ?? REFUSED;
  return { verdict: FACES[verdict] ? verdict : "error", tone, word, text: "", left: 0, overrule: null, details: [], ...facts };
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
  left: 1, ...ofReserva(reserva), ...(verdict ? ofList(verdict, reserva) : {}), text: "No se pudo consultar. Lo que entre queda por confirmar.",
});

// What came of an outcome of the queue; `reserva`: as this screen knows the party.
export function face(outcome, rules, reserva) {
  switch (outcome.kind) {
    case "answered": return ofAnswer(outcome.answer);
    case "refused": return ofRefusal(outcome.error, rules, reserva);
    case "offline": return ofPhone(outcome.verdict, rules, reserva, outcome.entry);
    default: return plain("waiting", { ...ofReserva(reserva), left: 0, text: WAITS });
  }
}

// What an item of the queue that was shown as waiting has become.
export function settled({ state, answer }, rules, reserva) {
  if (state === "confirmed") return ofAnswer(answer);
  if (state === "conflict") return plain("conflict", { ...ofReserva(answer?.reserva ?? reserva), left: 0, text: DIFFERS });
  return ofRefusal({ code: answer?.error, message: answer?.message, body: answer ?? {} }, rules, reserva);
}

function ofAnswer(answer) {
  const { reserva, increment, veredicto = "ok", repeated } = answer;
  const added = increment ?? 0;
  const entry = added ? reserva?.registroEntradas.at(-1) : undefined;
  return plain(veredicto, { ...ofReserva(reserva), added, repeated, entry, text: answer.message ?? "" });
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
  if (verdict.code === "ok") return plain("offline", { ...known, entry: verdict.reservaId && entry, word: "Adelante, sin conexión", text: BY_PHONE });
  return plain(verdict.code, {
    ...known, text: verdict.code === "invalid_code" ? NOT_LISTED : "Sin conexión: según la lista de esta noche.",
    left: verdict.code === "party_full" ? verdict.libres : 0, overrule: rules.overruledBy(verdict.code),
  });
}
