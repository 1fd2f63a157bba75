// The one state of the page as pure functions: state + list, event or own answer -> state.

// Gone for good as far as is known: only an event may bring it back to the day.
const ABSENT = Infinity;
// Fewer digits are of a table, not of a telephone.
const NUMBER_LEAST = 4;

// gone: id -> the version in which a reservation left the day, so that an answer that was
// overtaken by its deletion does not bring it back. It counts only while the row is not shown.
export function empty(day) {
  return { day, reservas: new Map(), gone: new Map(), stats: null, epoch: null, seq: 0 };
}

export function withDay(state, day) {
  return { ...state, day, reservas: new Map() };
}

export function parseId(id) {
  const cut = id.lastIndexOf("-");
  return { epoch: id.slice(0, cut), seq: Number(id.slice(cut + 1)) };
}

export function lastEventId(state) {
  return state.epoch === null ? undefined : `${state.epoch}-${state.seq}`;
}

// A list may have been read just before one's own change: the newer row stays. Versions of
// another epoch say nothing, since a restored database counts them again.
export function withList(state, answer) {
  const position = parseId(answer.lastEventId);
  const sameEpoch = position.epoch === state.epoch;
  const known = sameEpoch ? state.reservas : new Map();
  const newer = (row) => (known.get(row.id)?.version > row.version ? known.get(row.id) : row);
  const reservas = new Map(answer.reservas.map((row) => [row.id, newer(row)]));
  const gone = new Map(sameEpoch ? state.gone : []);
  for (const id of known.keys()) if (!reservas.has(id)) gone.set(id, ABSENT);
  return { ...state, ...position, reservas, gone, stats: answer.stats ?? state.stats };
}

// "old": seen already; "next": the one that follows; "gap": the list must be read again.
export function classify(state, id) {
  const { epoch, seq } = parseId(id);
  if (epoch !== state.epoch) return "gap";
  if (seq <= state.seq) return "old";
  return seq === state.seq + 1 ? "next" : "gap";
}

// Only for the event that classify calls "next".
export function withEvent(state, event) {
  const after = { ...state, seq: event.seq, stats: event.stats ?? state.stats };
  if (!event.reserva) return after;
  if (event.type === "reservation-deleted") return without(after, event.reservaId, ABSENT);
  const known = newest(state, event.reservaId);
  // One's own answer was quicker and showed something newer, whose event is still to come.
  if (known !== ABSENT && known > event.reserva.version) return after;
  return placed(after, event.reserva);
}

// The answer to one's own request; an event may have brought something newer already.
export function withReserva(state, reserva) {
  return newest(state, reserva.id) >= reserva.version ? state : placed(state, reserva);
}

// The answer to one's own deletion.
export function withoutReserva(state, reserva) {
  return without(state, reserva.id, ABSENT);
}

function withRow(state, row) {
  return { ...state, reservas: new Map(state.reservas).set(row.id, row) };
}

function newest(state, id) {
  return state.reservas.get(id)?.version ?? state.gone.get(id) ?? 0;
}

function placed(state, reserva) {
  if (reserva.diaNegocio !== state.day) return without(state, reserva.id, reserva.version);
  return withRow(state, reserva);
}

function without(state, id, version) {
  const reservas = new Map(state.reservas);
  reservas.delete(id);
  return { ...state, reservas, gone: new Map(state.gone).set(id, version) };
}

export function visible(state, text, estado) {
  const wanted = fold(text);
  const number = digits(text);
  return [...state.reservas.values()]
    .filter((r) => !estado || r.estado === estado)
    .filter((r) => !wanted || fold(`${r.cliente.nombre} ${r.cliente.telefono ?? ""} ${r.mesa} ${r.promotor?.nombre ?? ""}`).includes(wanted)
      || (number.length >= NUMBER_LEAST && digits(r.cliente.telefono ?? "").includes(number)))
    .sort((a, b) => (a.fecha + a.hora + a.id < b.fecha + b.hora + b.id ? -1 : 1));
}

// However a telephone number is spaced.
export function digits(text) {
  return text.replace(/\D/g, "");
}

export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
