// Says how fresh the screen is, and nothing better than the truth.

import { clock } from "../format.js";
import { t } from "../words/index.js";

// An open stream over a list that lacks changes is not live.
export function showChip(connection, stale, readAt, pollMs, timeZone) {
  const state = connection === "live" && stale ? "stale" : connection;
  const chip = document.getElementById("chip");
  chip.dataset.state = state;
  const at = readAt && state !== "live" && state !== "connecting"
    ? ` · ${clock(readAt.toISOString(), timeZone)}` : "";
  const text = t.connection[state];
  chip.textContent = (typeof text === "function" ? text(pollMs / 1000) : text) + at;
}
