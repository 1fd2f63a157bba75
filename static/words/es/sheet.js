// The night on paper.

export const sheet = {
  guest: "Nombre",
  people: "Pers.",
  printedAt: (time) => `Impreso a las ${time}`,
  reservations: (count) => (count === 1 ? "1 reserva" : `${count} reservas`),
  covers: (count) => `${count} personas`,
  inside: (count) => `${count} ya entraron`,
  cancelled: (count) => `sin ${count} ${count === 1 ? "cancelada" : "canceladas"}`,
};
