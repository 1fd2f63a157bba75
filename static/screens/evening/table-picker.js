// Chooses the tables of a party: those that fit first, several of them joined by tapping each; free
// text where the venue has no plan.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { Availability } from "./availability.js";

export class TablePicker {
  #desk;
  #asked;
  #chose;
  #availability;
  #ids = [];
  #isById = false;
  #fitting = []; // [[id]], the best first
  #text = el("input", { maxlength: "60", "aria-label": t.evening.table, placeholder: t.evening.table, autocomplete: "off", "data-testid": "field-mesa" });

  // asked() returns { fecha, hora, personas, excepto? }; chose(value): ids, or a text.
  constructor(desk, { asked, chose }) {
    Object.assign(this, { node: el("div", { class: "tables-pick" }) });
    this.#desk = desk;
    this.#asked = asked;
    this.#chose = chose;
    this.#availability = new Availability(desk);
    this.#text.addEventListener("input", () => chose(this.#text.value));
    this.#draw();
  }

  get byId() {
    return Boolean(this.#desk.plan);
  }

  // What a request says about it.
  get body() {
    return this.byId ? { mesas: this.#ids } : { mesa: this.#text.value.trim() };
  }

  // As a row shows it.
  get shown() {
    return this.byId ? { mesas: this.#ids, mesa: this.#named(this.#ids) } : this.body;
  }

  set(value) {
    if (Array.isArray(value)) this.#ids = value;
    else if (this.#text.value !== value) this.#text.value = value;
    this.#draw();
  }

  // `answer` of /api/disponibilidad where somebody has it already.
  async look(answer) {
    if (!this.byId) return;
    const { hora, ...question } = this.#asked();
    const found = answer === undefined ? await this.#availability.find(question) : answer;
    if (found === undefined) return;
    this.#fitting = found?.horas.find((each) => each.hora === hora)?.mesas ?? [];
    this.#draw();
  }

  // The plan may come after the picker, which then is by its tables; tells whether it did.
  meetPlan() {
    if (this.#isById === this.byId) return false;
    this.#draw();
    this.look();
    return true;
  }

  #draw() {
    this.#isById = this.byId;
    if (!this.byId) return this.node.replaceChildren(this.#text);
    const { plan } = this.#desk;
    const fitting = this.#fitting.map((ids) => this.#chip(this.#named(ids), same(ids, this.#ids), () => this.#choose(same(ids, this.#ids) ? [] : ids), "table-fits"));
    const each = (mesa) => this.#chip(mesa.nombre, this.#ids.includes(mesa.id), () => this.#toggle(mesa.id), "table-any");
    const zones = plan.zonas.map((zona) => el("div", { class: "choices" }, el("span", { class: "muted" }, zona.nombre), ...plan.mesas.filter((mesa) => mesa.zona === zona.id).map(each)));
    const isOpen = this.node.querySelector("details")?.open ?? false;
    return this.node.replaceChildren(
      el("div", { class: "choices", "data-testid": "tables-fitting" }, ...(fitting.length ? fitting : [el("span", { class: "muted" }, this.#ids.length ? this.#named(this.#ids) : t.evening.noTableYet)])),
      el("details", { open: isOpen }, el("summary", { "data-testid": "tables-all" }, t.evening.allTables), ...zones));
  }

  #chip(text, isChosen, act, testid) {
    return el("button", { type: "button", class: "choice", "aria-pressed": String(isChosen), "data-testid": testid, onclick: act }, text);
  }

  #toggle(id) {
    this.#choose(this.#ids.includes(id) ? this.#ids.filter((each) => each !== id) : [...this.#ids, id]);
  }

  #choose(ids) {
    this.#ids = ids;
    this.#draw();
    this.#chose(ids);
  }

  #named(ids) {
    return ids.map((id) => this.#desk.plan.name(id)).join(" + ");
  }
}

const same = (one, other) => one.length === other.length && one.every((id) => other.includes(id));
