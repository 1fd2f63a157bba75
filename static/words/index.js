// The words of the page in the language that was chosen on this device: `t.screen.name`.
//
// A language is a folder with a file per screen; what holds a number or a name is a function.

import { en } from "./en/index.js";
import { es } from "./es/index.js";

const LANGUAGES = { es, en };
const KEY = "reservas-idioma";

export const language = chosen();
export const t = LANGUAGES[language];

function chosen() {
  const kept = globalThis.localStorage?.getItem(KEY);
  return kept in LANGUAGES ? kept : "es";
}

// All that is shown was drawn with the old words, so the page begins anew.
export function choose(name) {
  if (!(name in LANGUAGES) || name === language) return;
  localStorage.setItem(KEY, name);
  location.reload();
}
