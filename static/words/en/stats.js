// The figures of the venue.

export const stats = {
  reservasHoy: "Reservations today",
  totalReservas: "Reservations this month",
  totalAsistentes: "Guests this month",
  totalSinReserva: "Walk-ins this month",
};
