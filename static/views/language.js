// The choice of a language: this device keeps it, and so does the server for who is logged in.

import { ask } from "../api.js";
import { el } from "../dom.js";
import { t } from "../words/index.js";
import { choose, language, NAMES } from "../words/language.js";

export function languagePicker(isPerson = false) {
  const select = el("select", { "data-testid": "language", onchange: () => change(select.value, isPerson) },
    ...Object.entries(NAMES).map(([value, name]) => el("option", { value, lang: value, selected: value === language }, name)));
  return el("label", { class: "language" }, t.frame.language, select);
}

// Without an answer it holds on this device until the person logs in again.
async function change(name, isPerson) {
  if (isPerson) await ask("PUT", "/api/session/idioma", { body: { idioma: name } }).catch(() => {});
  choose(name);
}
