// The keys of the evening: one letter each, never R, with which codes begin.

export const SHORTCUTS = [
  ["n", "book"], ["s", "walkIn"], ["/", "search"], ["h", "tonight"],
  ["j", "next"], ["k", "previous"], ["o", "open"], ["l", "arrive"],
  ["+", "later"], ["-", "earlier"], ["m", "tools"], ["?", "help"],
];
const ACTIONS = new Map(SHORTCUTS);

// The action of a key, or null; what needs a chosen row says so.
export function actionOf(key) {
  return ACTIONS.get(key.toLowerCase()) ?? null;
}

const OF_A_ROW = new Set(["open", "arrive", "later", "earlier", "tools"]);
export const needsRow = (action) => OF_A_ROW.has(action);
