// Booking, and the fields of a reservation.

export const booking = {
  title: "New booking",
  save: "Book",
  guests: "Known guests",
  visits: (count) => (count === 1 ? "1 visit" : `${count} visits`),
  noShows: (count) => (count === 1 ? "1 no-show" : `${count} no-shows`),
  last: (day) => `last on ${day}`,
  lastTable: (table) => `table ${table}`,
  when: "When",
  more: "Email, promoter, occasion, benefits, notes",
  fields: {
    nombre: "Name or phone", telefono: "Phone", email: "Email", numeroPersonas: "People", noche: "Night", hora: "Time",
    promotor: "Promoter", razonVisita: "Occasion", beneficiosReserva: "Benefits", detalles: "Notes (one per line)",
  },
  full: { ritmo: "Many arrive at that time already", capacidad: "The house will be full", mesas: "No table is left" },
  fullHour: (hour) => `${hour}, full`,
  tonight: (day) => `For tonight, ${day}.`,
  otherNight: (day) => `For another night: ${day}.`,
  afterMidnight: (hour, day) => `${hour} is on ${day} by the calendar.`,
  twice: (name, hour, people) => `That phone has a booking that night: ${name}, ${hour}, ${people} people.`,
  trying: "The server does not answer; still trying…",
};
