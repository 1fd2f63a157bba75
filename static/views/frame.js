// What stands around every screen: the words of the page's own markup, and the account's menu.

import { el } from "../dom.js";
import { t } from "../words/index.js";
import { language } from "../words/language.js";
import { languagePicker } from "./language.js";

// An element of the page names its word in `data-word`, or in `data-label` that of its label.
export function showFrame() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t.frame[node.dataset.word];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t.frame[node.dataset.label]);
}

export function showPerson({ nombre, email }) {
  const isPerson = email !== null;
  document.getElementById("person").replaceChildren(el("strong", {}, nombre), languagePicker(isPerson),
    isPerson ? el("button", { type: "button", "data-testid": "my-sessions", onclick: openSessions }, t.sessions.title) : "");
}

async function openSessions() {
  document.getElementById("account-menu").hidePopover?.();
  (await import("./sessions.js")).sessions();
}
