// What lies beside the verdict; on a phone over it, one at a time, opened by a row of buttons.

import { el } from "../dom.js";
import { t } from "../words/index.js";

export class Panels {
  #panels;
  #buttons;

  // Each is { name, title, node, opened() }; the last may be absent.
  constructor(panels) {
    this.#panels = panels.map(({ name, title, node }) =>
      el("section", { class: "panel", "data-panel": name, "aria-label": title }, el("h2", {}, title), node));
    this.#buttons = panels.map(({ name, title, opened }, index) =>
      el("button", { type: "button", "aria-pressed": "false", "data-testid": `dock-${name}`, onclick: () => this.#toggle(index, opened) }, title));
    this.node = el("div", { class: "panels" }, ...this.#panels);
    this.dock = el("nav", { class: "dock", "aria-label": t.door.dock }, ...this.#buttons);
  }

  close() {
    for (const each of this.#panels) each.classList.remove("open");
    for (const each of this.#buttons) each.setAttribute("aria-pressed", "false");
  }

  #toggle(index, opened) {
    const opens = !this.#panels[index].classList.contains("open");
    this.close();
    if (!opens) return;
    this.#panels[index].classList.add("open");
    this.#buttons[index].setAttribute("aria-pressed", "true");
    opened?.();
  }
}
