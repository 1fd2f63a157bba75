// The newest entries of the night, with and without a reservation; pure.

import { t } from "../words/index.js";

// Each is { at, cantidad, name, usuario, metodo, undone, entry and reserva, or sinReserva }.
export function lately(reservas, walkIns, most) {
  const entries = [...reservas].flatMap((reserva) => {
    const undone = new Set(reserva.registroEntradas.map((entry) => entry.anula));
    return reserva.registroEntradas.filter((entry) => !entry.anula).map((entry) => ({
      at: entry.enteredAt ?? entry.timestamp, cantidad: entry.cantidad, name: reserva.cliente.nombre, usuario: entry.usuario,
      undone: undone.has(entry.scanId), entry, reserva,
    }));
  });
  const others = [...walkIns].map((each) => ({
    at: each.fechaCreacion, cantidad: each.numeroPersonas, name: t.door.walkIn, usuario: each.usuario,
    undone: Boolean(each.anulada), sinReserva: each,
  }));
  return [...entries, ...others].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, most);
}
