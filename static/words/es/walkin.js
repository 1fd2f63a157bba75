// People without a reservation.

export const walkin = {
  box: "Sin reserva",
  title: "Entrada sin reserva",
  counted: (people) => `Sin reserva: +${people}`,
};
