// Taking back what was registered.

export const undo = {
  box: "Undo check-in",
  reasons: { number: "Wrong number", person: "Wrong guest", nobody: "Nobody came in" },
  entryOf: (people, name) => `Undo +${people} for ${name}`,
  walkInOf: (people) => `Undo walk-in of ${people}`,
  waits: (title) => `${title}: offline, waiting to be sent.`,
};
