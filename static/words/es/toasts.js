// What is told in passing of others' changes.

export const toasts = {
  created: (name, people, hour) => `Nueva reserva: ${name}, ${people} a las ${hour}`,
  updated: (name) => `${name}: reserva modificada`,
  deleted: (name) => `${name}: reserva eliminada`,
  undone: (name, people, reason) => `${name}: se anuló una entrada de ${people} (${reason})`,
  walkIn: (people) => `Sin reserva: +${people}`,
  walkInGone: (people) => `Se quitó una entrada sin reserva: ${people}`,
  waits: (name, people) => `En espera: ${name}, ${people}`,
  refused: (name, who) => `No pasó: ${name ?? "código desconocido"} (${who})`,
  conflict: (name) => `Conflicto en la puerta: ${name}`,
  resolved: (name) => `Conflicto resuelto: ${name}`,
  other: "Hubo un cambio",
};
