// Which events one's own requests have made: pure, keys of an answer and of an event.

export function ofAnswer({ reserva, sinReserva, espera } = {}) {
  const keys = [];
  if (reserva) keys.push(`${reserva.id}/${reserva.version}`);
  if (sinReserva) keys.push(`${sinReserva.id}/${sinReserva.anulada ? "undone" : "created"}`);
  if (espera) keys.push(`${espera.id}/${espera.version}`);
  // What seating it has made is told by an event of its own.
  if (espera?.sinReservaId) keys.push(`${espera.sinReservaId}/created`);
  if (espera?.reservaId) keys.push(`${espera.reservaId}/1`);
  return keys;
}

export function ofEvent({ action, reserva, sinReserva, espera }) {
  if (sinReserva) return `${sinReserva.id}/${action}`;
  const row = espera ?? reserva;
  return `${row?.id}/${row?.version}`;
}
