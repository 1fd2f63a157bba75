// Booking, and the fields of a reservation.

export const booking = {
  title: "Nueva reserva",
  save: "Reservar",
  guests: "Clientes conocidos",
  visits: (count) => (count === 1 ? "1 visita" : `${count} visitas`),
  noShows: (count) => (count === 1 ? "no llegó 1 vez" : `no llegó ${count} veces`),
  last: (day) => `última, ${day}`,
  lastTable: (table) => `mesa ${table}`,
  when: "Cuándo",
  more: "Correo, promotor, motivo, beneficios, notas",
  fields: {
    nombre: "Nombre o teléfono", telefono: "Teléfono", email: "Correo", numeroPersonas: "Personas", noche: "Noche", hora: "Hora",
    promotor: "Promotor", razonVisita: "Motivo de la visita", beneficiosReserva: "Beneficios", detalles: "Notas (una por línea)",
  },
  full: { ritmo: "Ya llegan muchos a esa hora", capacidad: "El local estará lleno", mesas: "No queda mesa" },
  fullHour: (hour) => `${hour}, completo`,
  tonight: (day) => `Para esta noche, ${day}.`,
  otherNight: (day) => `Para otra noche: ${day}.`,
  afterMidnight: (hour, day) => `Las ${hour} son ya del ${day}.`,
  twice: (name, hour, people) => `Ya hay una reserva con ese teléfono esa noche: ${name}, ${hour}, ${people} pers.`,
  trying: "El servidor no responde; se sigue intentando…",
};
