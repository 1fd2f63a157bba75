// The summary of a night.

const parties = (n) => `${n} ${n === 1 ? "booking" : "bookings"}`;
const people = (n) => `${n} ${n === 1 ? "person" : "people"}`;

export const summary = {
  title: "The night in brief",
  previous: "Previous night",
  next: "Next night",
  today: "Today",
  night: "Night",
  print: "Print",
  printed: (time) => `Printed at ${time}`,
  loading: "Loading…",
  closedBy: (day, time, who) => `Closed on ${day} at ${time} · ${who}`,
  open: "The night is not closed.",
  pending: (n) => `The night is not closed: ${parties(n)} still due.`,
  close: "Close the night",
  closeAsk: (n) => (n
    ? `${parties(n)} with nobody inside will become no-shows. Parties that are inside stay as they are. Whoever comes later can be reinstated.`
    : "Nobody is still due: the night will be closed."),
  closeConfirm: "Close",
  cancel: "Back",
  closed: (n) => (n ? `Night closed: ${parties(n)} made no-shows` : "Night closed"),
  covers: "People who came in",
  coversOf: (booked) => `of ${booked} booked, plus walk-ins`,
  parties: "Bookings that came",
  partiesOf: (n) => `of ${n}`,
  noShows: "No-shows",
  noShowPeople: people,
  walkIns: "Walk-ins",
  walkInsIn: (n) => `in ${n} ${n === 1 ? "party" : "parties"}`,
  cancelled: "Cancelled",
  refused: "Refused scans",
  byHour: "Arrivals by hour",
  hour: "Hour",
  booked: "Booked",
  walked: "Walk-ins",
  total: "Total",
  nobody: "Nobody came in that night.",
  forced: "Forced entries",
  overbooked: "Booked over the limit",
  conflicts: "Conflicts at the door",
  none: "None.",
  people,
  table: (name) => `table ${name}`,
  limits: { ritmo: "too many in a quarter of an hour", capacidad: "over capacity" },
  verdicts: {
    other_night: "another night", too_early: "too early", expired: "expired", cancelled: "cancelled", no_show: "no-show",
    finished: "visit finished", already_complete: "all were inside", party_full: "did not fit", revoked_code: "code replaced",
  },
  resolutions: { admitir: "counted", descartar: "not counted", pending: "not decided" },
};
