// The summary of a night.

const parties = (n) => `${n} ${n === 1 ? "reserva" : "reservas"}`;
const people = (n) => `${n} ${n === 1 ? "persona" : "personas"}`;

export const summary = {
  title: "Resumen de la noche",
  previous: "Noche anterior",
  next: "Noche siguiente",
  today: "Hoy",
  night: "Noche",
  print: "Imprimir",
  printed: (time) => `Impreso a las ${time}`,
  loading: "Cargando…",
  closedBy: (day, time, who) => `Cerrada el ${day} a las ${time} · ${who}`,
  open: "La noche no está cerrada.",
  pending: (n) => `La noche no está cerrada: faltan por llegar ${parties(n)}.`,
  close: "Cerrar la noche",
  closeAsk: (n) => (n
    ? `${parties(n)} sin nadie adentro ${n === 1 ? "pasará" : "pasarán"} a «No llegó». Quien tiene gente adentro no cambia. Si alguien llega después, su reserva se puede reactivar.`
    : "Nadie falta por llegar: la noche quedará cerrada."),
  closeConfirm: "Cerrar",
  cancel: "Volver",
  closed: (n) => (n ? `Noche cerrada: ${parties(n)} a «No llegó»` : "Noche cerrada"),
  covers: "Personas que entraron",
  coversOf: (booked) => `de ${booked} reservadas, más las que vinieron sin reserva`,
  parties: "Reservas que llegaron",
  partiesOf: (n) => `de ${n}`,
  noShows: "No llegaron",
  noShowPeople: people,
  walkIns: "Sin reserva",
  walkInsIn: (n) => `en ${n} ${n === 1 ? "grupo" : "grupos"}`,
  cancelled: "Canceladas",
  refused: "Escaneos rechazados",
  byHour: "Entradas por hora",
  hour: "Hora",
  booked: "Con reserva",
  walked: "Sin reserva",
  total: "Total",
  nobody: "Nadie entró esa noche.",
  forced: "Entradas forzadas",
  overbooked: "Reservas sobre el cupo",
  conflicts: "Conflictos de la puerta",
  none: "Nada.",
  people,
  table: (name) => `mesa ${name}`,
  limits: { ritmo: "más llegadas por cuarto de hora", capacidad: "más que el aforo" },
  verdicts: {
    other_night: "otra noche", too_early: "todavía no", expired: "vencido", cancelled: "cancelada", no_show: "no llegó",
    finished: "visita terminada", already_complete: "ya estaban todos", party_full: "no cabían", revoked_code: "código reemplazado",
  },
  resolutions: { admitir: "se contaron", descartar: "no se contaron", pending: "sin resolver" },
};
