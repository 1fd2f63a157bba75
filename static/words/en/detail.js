// One reservation.

export const detail = {
  title: "Booking",
  save: "Save changes",
  name: "Name",
  discard: "Discard",
  theirs: (value) => `Somebody else put: ${value}`,
  takeTheirs: "Use theirs",
  keepMine: "Keep mine",
  changedMeanwhile: "Somebody else changed the booking meanwhile: look at what is marked, and save again.",
  gone: "Somebody else deleted this booking.",
  qr: "QR code of the booking",
  download: "Download QR",
  enter: "Entering",
  people: "People entering",
  register: "Register entry",
  remove: "Delete",
  allEntries: "Show all",
  undo: "Undo",
  undoEntry: (people) => `Undo the entry of ${people}`,
  undoing: (reason) => ` · undone: ${reason}`,
};
