// A line in the strip under the screen, which takes room of its own, with something to do about it.

import { el } from "../../dom.js";

const SHOWN_MS = 8_000;
const MOST = 3;

// action: { label, act }, one tap; gone() when it left without that. Returns what takes it away.
export function notice(text, { tone = "info", action = null, shownMs = SHOWN_MS, testid = "notice" } = {}) {
  const button = action && el("button", { type: "button", "data-testid": `${testid}-action`, onclick: () => {
    close();
    action.act();
  } }, action.label);
  const node = el("div", { class: `toast ${tone}`, role: tone === "bad" ? "alert" : null, "data-testid": testid }, el("span", {}, text), button);
  const box = document.getElementById("toasts");
  box.append(node);
  if (box.children.length > MOST) (box.querySelector(".toast:not(:has(button))") ?? box.firstChild).remove();
  const timer = setTimeout(close, shownMs);

  function close() {
    clearTimeout(timer);
    node.remove();
  }
  return close;
}
