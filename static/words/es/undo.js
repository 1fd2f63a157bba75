// Taking back what was registered.

export const undo = {
  box: "Anular entrada",
  reasons: { number: "Número equivocado", person: "Persona equivocada", nobody: "No entró nadie" },
  entryOf: (people, name) => `Anular +${people} de ${name}`,
  walkInOf: (people) => `Anular ${people} sin reserva`,
  waits: (title) => `${title}: sin conexión, queda en espera.`,
};
