// The night on paper.

export const sheet = {
  guest: "Name",
  people: "Covers",
  printedAt: (time) => `Printed at ${time}`,
  reservations: (count) => (count === 1 ? "1 reservation" : `${count} reservations`),
  covers: (count) => `${count} covers`,
  inside: (count) => `${count} already in`,
  cancelled: (count) => `${count} cancelled left out`,
};
