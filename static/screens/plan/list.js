// The tables as a list by zone, for narrow screens: the same buttons as on the floor.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

export class TableList {
  #on;
  #drawn = new Map(); // id -> { node, shown }
  #shown = "";

  constructor(on) {
    this.#on = on;
    this.node = el("div", { class: "plan-list", "data-testid": "plan-list" });
  }

  stop() {}

  focus(id) {
    this.#drawn.get(id)?.node.focus();
  }

  // See Canvas.draw.
  draw({ zones, tables }) {
    const order = JSON.stringify([zones, tables.map(({ table }) => [table.id, table.zona])]);
    for (const each of tables) this.#draw(each);
    if (order === this.#shown) return;
    this.#shown = order;
    this.node.replaceChildren(...zones.map(({ id, nombre }) => el("section", { "aria-label": nombre }, el("h2", {}, nombre),
      el("ul", {}, ...tables.filter(({ table }) => table.zona === id).map(({ table }) => el("li", {}, this.#drawn.get(table.id).node))))));
  }

  #draw(each) {
    const { table, state, label, lines, pressed, drop } = each;
    let drawn = this.#drawn.get(table.id);
    if (!drawn) {
      drawn = { node: el("button", { type: "button", class: "plan-row", "data-testid": "table", "data-id": table.id, onclick: () => this.#on.press(table.id) }) };
      this.#drawn.set(table.id, drawn);
    }
    const shown = JSON.stringify(each);
    if (drawn.shown === shown) return;
    drawn.shown = shown;
    Object.assign(drawn.node.dataset, { state, drop: drop ?? "" });
    drawn.node.setAttribute("aria-label", label);
    if (pressed !== undefined) drawn.node.setAttribute("aria-pressed", String(pressed));
    const [first, second = ""] = lines;
    drawn.node.replaceChildren(el("strong", {}, table.nombre), el("span", { class: "who" }, second || t.plan.states[state] || ""), el("span", { class: "line" }, first ?? ""));
  }
}
