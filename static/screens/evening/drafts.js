// What was typed into a form when its session ended: there again after the next log-in.

const drafts = new Map(); // businessId -> { kind, ... }

export function keepDraft(businessId, draft) {
  drafts.set(businessId, draft);
}

export function takeDraft(businessId) {
  const draft = drafts.get(businessId);
  drafts.delete(businessId);
  return draft;
}
