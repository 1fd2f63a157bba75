// The sheet that tells the keys.

import { dialog, el } from "../../dom.js";
import { t } from "../../words/index.js";
import { SHORTCUTS } from "./shortcuts.js";

export function help() {
  dialog(t.evening.keys, el("div", { class: "stack", "data-testid": "help" },
    el("h2", {}, t.evening.keys),
    el("dl", { class: "keys" }, ...SHORTCUTS.flatMap(([key, action]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, t.evening.actions[action])])),
    el("p", { class: "muted" }, t.evening.keysNote)));
}
