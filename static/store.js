// The one state of the page as pure functions: state + list or event -> state.

export function empty(day) {
  return { day, reservas: new Map(), stats: null, epoch: null, seq: 0 };
}

export function parseId(id) {
  const cut = id.lastIndexOf("-");
  return { epoch: id.slice(0, cut), seq: Number(id.slice(cut + 1)) };
}

export function lastEventId(state) {
  return state.epoch === null ? undefined : `${state.epoch}-${state.seq}`;
}

export function withList(state, answer) {
  return {
    ...state,
    ...parseId(answer.lastEventId),
    reservas: new Map(answer.reservas.map((reserva) => [reserva.id, reserva])),
    stats: answer.stats ?? state.stats,
  };
}

// "old": seen already; "next": the one that follows; "gap": the list must be read again.
export function place(state, id) {
  const { epoch, seq } = parseId(id);
  if (epoch !== state.epoch) return "gap";
  if (seq <= state.seq) return "old";
  return seq === state.seq + 1 ? "next" : "gap";
}

export function withEvent(state, event) {
  const reservas = new Map(state.reservas);
  if (event.reserva) {
    const shown = event.reserva.diaNegocio === state.day && event.type !== "reservation-deleted";
    if (shown) reservas.set(event.reservaId, event.reserva);
    else reservas.delete(event.reservaId);
  }
  return { ...state, seq: event.seq, reservas, stats: event.stats ?? state.stats };
}

// The answer to one's own request; an event may have brought something newer already.
export function withReserva(state, reserva) {
  const known = state.reservas.get(reserva.id);
  if (reserva.diaNegocio !== state.day || (known && known.version >= reserva.version)) return state;
  return { ...state, reservas: new Map(state.reservas).set(reserva.id, reserva) };
}

export function visible(state, text, estado) {
  const wanted = fold(text);
  return [...state.reservas.values()]
    .filter((r) => !estado || r.estado === estado)
    .filter((r) => !wanted || fold(`${r.cliente.nombre} ${r.cliente.telefono ?? ""} ${r.mesa} ${r.promotor?.nombre ?? ""}`).includes(wanted))
    .sort((a, b) => (a.fecha + a.hora + a.id < b.fecha + b.hora + b.id ? -1 : 1));
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
