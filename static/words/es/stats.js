// The figures of the venue.

export const stats = {
  reservasHoy: "Reservas hoy",
  totalReservas: "Reservas del mes",
  totalAsistentes: "Asistentes del mes",
  totalSinReserva: "Sin reserva del mes",
};
