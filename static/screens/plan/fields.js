// The properties of one table, as fields: a change is told when it is complete.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { LARGEST, SHAPES, SMALLEST, TURN, centre, sized, turned } from "./geometry.js";

const SEATS_MOST = 500;
const JOINS_MOST = 8;
const NEAR_MOST = 10; // tables that are offered for joining

export class Fields {
  #on;
  #table = null;
  #inputs = {};
  #shape = el("select", { "data-testid": "table-shape", onchange: () => this.#reshape() }, ...Object.keys(SHAPES).map((forma) => new Option(t.plan.shapes[forma], forma)));
  #zone = el("select", { "data-testid": "table-zone", onchange: () => this.#change({ zona: this.#zone.value }) });
  #joins = el("div", { class: "plan-joins" });
  #shown = { zones: "", joins: "" };

  // changed(table), joined(id, joinable), duplicate(), remove()
  constructor(on) {
    this.#on = on;
    const number = (name, least, most, label, set, step = 1) => {
      this.#inputs[name] = el("input", { type: "number", inputmode: "numeric", min: String(least), max: String(most), step: String(step), required: true, "data-testid": `table-${name}`,
        onchange: ({ target }) => { const value = Math.trunc(target.valueAsNumber); if (value >= least && value <= most) set(value); this.draw(); } });
      return el("label", {}, label, this.#inputs[name]);
    };
    this.#inputs.nombre = el("input", { maxlength: "40", required: true, autocomplete: "off", "data-testid": "table-nombre", onchange: ({ target }) => this.#change({ nombre: target.value.trim() }) });
    this.node = el("section", { class: "plan-fields card", "aria-label": t.plan.properties, "data-testid": "plan-fields" },
      el("div", { class: "plan-grid" },
        el("label", {}, t.plan.name, this.#inputs.nombre), el("label", {}, t.plan.zone, this.#zone),
        number("min", 1, SEATS_MOST, t.plan.min, (min) => this.#change({ min, max: Math.max(min, this.#table.max) })),
        number("max", 1, SEATS_MOST, t.plan.max, (max) => this.#change({ max, min: Math.min(max, this.#table.min) })),
        el("label", {}, t.plan.shape, this.#shape),
        number("giro", 0, 359, t.plan.turn, (giro) => this.#change(turned(this.#table, giro)), TURN),
        number("w", SMALLEST, LARGEST, t.plan.width, (w) => this.#change(sized(this.#table, w, this.#table.forma === "cuadrada" ? w : this.#table.h))),
        number("h", SMALLEST, LARGEST, t.plan.depth, (h) => this.#change(sized(this.#table, this.#table.forma === "cuadrada" ? h : this.#table.w, h)))),
      el("fieldset", {}, el("legend", {}, t.plan.joinable), this.#joins),
      el("div", { class: "plan-verbs" },
        el("button", { type: "button", "data-testid": "table-duplicate", onclick: () => on.duplicate() }, t.plan.duplicate),
        el("button", { type: "button", class: "danger", "data-testid": "table-remove", onclick: () => on.remove() }, t.plan.remove)));
  }

  #change(changes) {
    this.#on.changed({ ...this.#table, ...changes });
  }

  #reshape() {
    const forma = this.#shape.value;
    const { w, h } = SHAPES[forma];
    this.#change({ ...sized(this.#table, w, h), forma });
  }

  // The inputs stay: whoever goes from one to the next keeps the focus.
  draw(table = this.#table, plan = this.plan) {
    this.plan = plan;
    this.#table = table;
    this.node.hidden = !table;
    if (!table) return;
    this.#drawZones(plan.zonas);
    this.#drawJoins(table, plan);
    this.#zone.value = table.zona;
    this.#shape.value = table.forma;
    for (const [name, input] of Object.entries(this.#inputs)) if (input.value !== String(table[name])) input.value = String(table[name]);
  }

  focus() {
    this.#inputs.nombre.focus();
    this.#inputs.nombre.select();
  }

  #drawZones(zones) {
    const shown = JSON.stringify(zones);
    if (shown === this.#shown.zones) return;
    this.#shown.zones = shown;
    this.#zone.replaceChildren(...zones.map(({ id, nombre }) => new Option(nombre, id)));
  }

  #drawJoins(table, { mesas }) {
    const from = centre(table);
    const away = (other) => Math.hypot(centre(other).x - from.x, centre(other).y - from.y);
    const near = mesas.filter(({ id, zona }) => id !== table.id && (zona === table.zona || table.unible.includes(id)))
      .sort((a, b) => table.unible.includes(b.id) - table.unible.includes(a.id) || away(a) - away(b)).slice(0, NEAR_MOST)
      .sort((a, b) => a.nombre.localeCompare(b.nombre, undefined, { numeric: true }));
    const shown = JSON.stringify([table.id, table.unible, near.map(({ id, nombre }) => [id, nombre])]);
    if (shown === this.#shown.joins) return;
    this.#shown.joins = shown;
    const focused = this.#joins.contains(document.activeElement) ? document.activeElement.value : null;
    const full = table.unible.length >= JOINS_MOST;
    this.#joins.replaceChildren(...near.map(({ id, nombre }) => el("label", { class: "plan-join" },
      el("input", { type: "checkbox", value: id, checked: table.unible.includes(id), disabled: full && !table.unible.includes(id), "data-testid": "table-join", onchange: ({ target }) => this.#on.joined(id, target.checked) }), el("span", {}, nombre))));
    if (focused) [...this.#joins.querySelectorAll("input")].find(({ value }) => value === focused)?.focus();
  }
}
