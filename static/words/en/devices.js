// The phones and readers of a venue.

export const devices = {
  box: "Phones",
  title: "Phones and scanners",
  invite: "Pair a phone",
  paired: (name) => `“${name}” is paired.`,
  remove: "Remove",
  removeSure: "Yes, remove",
  seen: (when) => `last seen ${when}`,
  unused: "not used yet",
  codeOf: (url) => `Pairing code: ${url}`,
  howTo: "Scan it with the phone’s camera. It works once.",
  expired: "The code has expired; ask for another one.",
  left: (time) => `Valid for ${time}`,
  onlyHere: "This address opens on this computer only: open Reservas by its address on the network and ask for another code.",
  needsTls: "Without https the phone cannot use its camera: ask whoever runs the server for “reservas tls”.",
};
