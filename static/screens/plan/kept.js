// An unsaved plan outlives a log-in, a reload and a look at another screen, in its tab.

import { isDirty } from "./draft.js";

const name = (businessId) => `reservas-plano-${businessId}`;

export function keep(businessId, draft) {
  try {
    if (draft && isDirty(draft)) sessionStorage.setItem(name(businessId), JSON.stringify({ ...draft, steps: [] }));
    else sessionStorage.removeItem(name(businessId));
  } catch {
    // A browser that keeps nothing.
  }
}

export function kept(businessId) {
  try {
    return JSON.parse(sessionStorage.getItem(name(businessId)));
  } catch {
    return null;
  }
}
