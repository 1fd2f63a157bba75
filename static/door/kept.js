// What this phone keeps to open at the door without a server: who works where, and the rules. No
// secrets: the cookie alone opens anything, and who logs out takes all of this along.

import { Shelf } from "./shelf.js";

const KEY = "reservas-session";

export function keepSession(session, businessId) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ session, businessId }));
  } catch {
    // A browser that keeps nothing opens with a connection only.
  }
}

// Returns { session, local } as they were last known, or null.
export function keptSession() {
  try {
    const { session, businessId } = JSON.parse(localStorage.getItem(KEY));
    const local = session.locales.find((each) => each.businessId === businessId);
    return local ? { session: { ...session, kept: true }, local } : null;
  } catch {
    return null;
  }
}

// Takes away what shows anything of the night. Scans that wait stay: people are inside on them.
export async function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
  await new Shelf().clear("manifests");
}

export async function unsent() {
  const items = await new Shelf().all("items");
  return items.filter(({ state }) => state === "waiting").length;
}
