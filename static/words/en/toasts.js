// What is told in passing of others' changes.

export const toasts = {
  created: (name, people, hour) => `New reservation: ${name}, party of ${people} at ${hour}`,
  updated: (name) => `${name}: reservation changed`,
  deleted: (name) => `${name}: reservation deleted`,
  undone: (name, people, reason) => `${name}: check-in of ${people} undone (${reason})`,
  walkIn: (people) => `Walk-in: +${people}`,
  walkInGone: (people) => `Walk-in of ${people} removed`,
  waits: (name, people) => `Waiting: ${name}, party of ${people}`,
  refused: (name, who) => `Refused: ${name ?? "unknown code"} (${who})`,
  conflict: (name) => `Conflict at the door: ${name}`,
  resolved: (name) => `Conflict resolved: ${name}`,
  other: "Something changed",
};
