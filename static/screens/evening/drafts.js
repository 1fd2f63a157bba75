// What was typed into a form when its session ended, or the page was left or read again: there once
// more after the next log-in. It is kept as long as the tab.

const drafts = new Map(); // businessId -> { kind, ... }
const nameOf = (businessId) => `reservas-draft ${businessId}`;

export function keepDraft(businessId, draft) {
  drafts.set(businessId, draft);
  try {
    sessionStorage.setItem(nameOf(businessId), JSON.stringify(draft));
  } catch { /* no room, or none is allowed: it outlives the session and not the page */ }
}

export function takeDraft(businessId) {
  const draft = drafts.get(businessId) ?? stored(businessId);
  drafts.delete(businessId);
  try {
    sessionStorage.removeItem(nameOf(businessId));
  } catch { /* then there was none */ }
  return draft;
}

function stored(businessId) {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(businessId))) ?? undefined;
  } catch {
    return undefined;
  }
}
