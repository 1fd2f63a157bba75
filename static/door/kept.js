// What this phone keeps to open at the door without a server: who works where, and the rules. No
// secrets: the cookie alone opens anything, and who logs out takes all of this along.

import { Shelf } from "./shelf.js";

const SESSION = "reservas-session";
const OWED = "reservas-logout";

export function keepSession(session, businessId) {
  keep(SESSION, { session, businessId });
}

// Returns { session, local } as they were last known, or null.
export function keptSession() {
  const { session, businessId } = kept(SESSION) ?? {};
  const local = session?.locales.find((each) => each.businessId === businessId);
  // What another version kept may lack what this one needs.
  return local && session.configuracion ? { session: { ...session, kept: true }, local } : null;
}

// A log-out that nobody heard is made up for: until then the cookie still opens.
export function oweLogout(isOwed) {
  keep(OWED, isOwed || null);
}

export function owesLogout() {
  return Boolean(kept(OWED));
}

// Takes away what shows anything of the night. Scans that wait stay: people are inside on them.
export async function forget() {
  keep(SESSION, null);
  await new Shelf().clear("manifests");
}

export async function unsent() {
  const items = await new Shelf().all("items");
  return items.filter(({ state }) => state === "waiting").length;
}

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing opens with a connection only.
  }
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
