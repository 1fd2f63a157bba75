// One reservation.

export const detail = {
  title: "Reserva",
  save: "Guardar cambios",
  name: "Nombre",
  discard: "Descartar",
  theirs: (value) => `Otra persona puso: ${value}`,
  takeTheirs: "Usar lo suyo",
  keepMine: "Dejar lo mío",
  changedMeanwhile: "Otra persona cambió la reserva mientras tanto: mira lo marcado y guarda otra vez.",
  gone: "Otra persona eliminó esta reserva.",
  qr: "Código QR de la reserva",
  download: "Descargar QR",
  enter: "Entran",
  people: "Personas que entran",
  register: "Registrar entrada",
  remove: "Eliminar",
  allEntries: "Ver todas",
  undo: "Anular",
  undoEntry: (people) => `Anular la entrada de ${people}`,
  undoing: (reason) => ` · anulación: ${reason}`,
};
