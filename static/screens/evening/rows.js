// The groups of the evening on the screen: a row per party, patched in place.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { GROUPS } from "./groups.js";
import { patch } from "./patch.js";
import { Row } from "./row.js";

export class Rows {
  #rows = new Map(); // reservation id -> Row
  #lists = {};
  #counts = {};
  #sections = {};
  #line = el("p", { class: "now-line", "data-testid": "now-line", hidden: true });
  #none = el("p", { class: "muted none", hidden: true });

  // act(action, row): a button of a row, or the row itself ("open").
  constructor(act) {
    const sections = GROUPS.map((group) => {
      this.#lists[group] = el("ul", { class: "list" });
      this.#counts[group] = el("span", { class: "group-count", "data-testid": `count-${group}` });
      this.#sections[group] = el("section", { class: "group", id: `group-${group}`, "data-group": group, "data-testid": `group-${group}`, "aria-label": t.evening.groups[group], tabindex: "-1" },
        el("h2", {}, t.evening.groups[group], " ", this.#counts[group]), this.#lists[group]);
      return this.#sections[group];
    });
    sections.splice(1, 0, this.#line); // what is late lies before now, what is due after it
    this.node = el("div", { class: "groups", "data-testid": "list", onclick: (event) => this.#click(event, act), onkeydown: (event) => this.#key(event) }, ...sections, this.#none);
  }

  // now: minutes into the night, `clock` its words or null when another night is shown. Moves
  // rows for `sliceMs` at the most, and returns whether all are in place.
  draw(groups, { rules, now, clock, none, sliceMs }) {
    let count = 0;
    let deadline;
    const parts = [];
    for (const group of GROUPS) {
      const nodes = groups[group].map((reserva) => {
        const row = this.#row(reserva.id);
        row.fill(reserva, rules, now);
        return row.node;
      });
      count += nodes.length;
      deadline ??= performance.now() + sliceMs;
      parts.push(patch(this.#lists[group], nodes, deadline));
      this.#say(group, groups[group]);
    }
    parts.forEach(({ refocus }) => refocus());
    this.#line.hidden = clock === null;
    say(this.#line, t.evening.now(clock ?? ""));
    this.#none.hidden = count > 0;
    say(this.#none, none);
    return parts.every(({ done }) => done);
  }

  // Rows of parties that are known no more.
  forget(known) {
    for (const id of this.#rows.keys()) if (!known.has(id)) this.#rows.delete(id);
  }

  find(id) {
    return this.#rows.get(id);
  }

  // The row that has the focus.
  get chosen() {
    return this.#rows.get(document.activeElement?.closest("li[data-id]")?.dataset.id) ?? null;
  }

  // Puts the focus on the next row that is shown, or on the first one.
  go(by) {
    const all = [...this.node.querySelectorAll("li[data-id]")];
    const at = all.indexOf(this.chosen?.node);
    const wanted = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    wanted?.querySelector(".row-open").focus({ preventScroll: true });
    wanted?.scrollIntoView({ block: "nearest" });
  }

  #row(id) {
    let row = this.#rows.get(id);
    if (!row) this.#rows.set(id, row = new Row(id));
    return row;
  }

  #say(group, shown) {
    const people = shown.reduce((sum, { numeroPersonas }) => sum + numeroPersonas, 0);
    say(this.#counts[group], t.evening.counted(shown.length, people));
    this.#sections[group].hidden = group === "late" && !shown.length;
  }

  #click({ target }, act) {
    const node = target.closest("li[data-id]");
    if (!node || target.closest(".row-tools")) return;
    act(target.closest("[data-act]")?.dataset.act ?? "open", this.#rows.get(node.dataset.id));
  }

  #key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.target.closest("input, textarea, select") || !this.chosen) return;
    event.preventDefault();
    this.go(by);
  }
}

// What says the same already is not laid out again.
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
