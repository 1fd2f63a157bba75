// Sends a change of a party on the list, as it was seen: a colleague's change is not overwritten.

import { askSurely } from "../../api.js";

export async function send(desk, party, body, onWait) {
  const path = `/api/espera/${encodeURIComponent(party.id)}`;
  const request = askSurely("PATCH", path, { query: desk.query, body, headers: { "If-Match": String(party.version) } }, onWait);
  return (await desk.changes.during(request)).espera;
}
