// What is done with a party on its row: the hour, the table, the state, a note.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { dateOf, movedHour } from "./night.js";
import { Refusal } from "./refusal.js";
import { TablePicker } from "./table-picker.js";

const STEP_MIN = 15;

export class RowTools {
  #desk;
  #row = null;
  #still = null;
  #drawn = null;
  #hour = el("strong", { class: "hour" });
  #moves = el("div", { class: "moves" });
  #note = el("input", { maxlength: "200", "aria-label": t.evening.note, placeholder: t.evening.note, autocomplete: "off", "data-testid": "row-note" });
  #refusal;
  #tables;
  #assign = el("button", { type: "button", "data-testid": "row-assign", onclick: () => this.#seat() }, t.evening.assign);

  constructor(desk) {
    this.#desk = desk;
    this.#refusal = new Refusal(desk);
    const step = (by, testid) => el("button", { type: "button", "data-testid": testid, "aria-label": t.evening.moved(by), onclick: () => this.move(by) }, by < 0 ? `−${-by}` : `+${by}`);
    this.node = el("div", { class: "row-tools", "data-testid": "row-tools" },
      el("div", { class: "steps" }, step(-STEP_MIN, "earlier"), this.#hour, step(STEP_MIN, "later")),
      el("div", { class: "seat" }),
      this.#moves,
      el("form", { class: "inline", onsubmit: (event) => this.#addNote(event) }, this.#note, el("button", {}, t.evening.add)),
      this.#refusal.node);
  }

  get row() {
    return this.#row;
  }

  // The party as it was when the tools were opened on it, or null.
  get still() {
    return this.#row && this.#still;
  }

  // Opens on a row, or closes where it is open.
  toggle(row) {
    if (this.#row === row) return this.close();
    this.#row?.node.classList.remove("open");
    this.#row = row;
    this.#still = row.shown;
    this.#drawn = null;
    this.#refusal.clear();
    this.#note.value = "";
    row.node.classList.add("open");
    row.node.append(this.node);
    this.#tables = new TablePicker(this.#desk, { asked: () => this.#asked(), chose: () => this.#tables.byId && this.#seat() });
    this.#tables.set(this.#tables.byId ? row.shown.mesas ?? [] : row.shown.mesa);
    this.node.children[1].replaceChildren(this.#tables.node, this.#tables.byId ? "" : this.#assign);
    this.#tables.look();
    return this.draw();
  }

  close() {
    this.#row?.node.classList.remove("open");
    this.#row = null;
    this.node.remove();
  }

  draw() {
    if (!this.#row) return;
    if (!this.#row.node.isConnected) return this.close();
    const { shown } = this.#row;
    if (this.#drawn === shown) return;
    this.#drawn = shown;
    this.#hour.textContent = shown.hora;
    if (this.#tables.byId) this.#tables.set(shown.mesas ?? []);
    this.#moves.replaceChildren(...this.#desk.rules.moves(shown).map(({ to, text }) =>
      el("button", { type: "button", "data-row-move": to, onclick: () => this.#become(to) }, text)));
  }

  // By so many minutes, of a row that is given or of one's own.
  async move(by, reserva = this.#now) {
    const hora = movedHour(reserva.hora, by, this.#desk.local.corte);
    if (hora === null) return;
    await this.#change(reserva, { hora, fecha: dateOf(reserva.diaNegocio, hora, this.#desk.local.corte) });
    this.#tables?.look();
  }

  get #now() {
    return this.#desk.changes.find(this.#row.shown.id) ?? this.#row.shown;
  }

  #asked() {
    const { diaNegocio, hora, numeroPersonas, id } = this.#row.shown;
    return { fecha: diaNegocio, hora, personas: numeroPersonas, excepto: id };
  }

  #seat() {
    this.#change(this.#now, this.#tables.shown, this.#tables.body);
  }

  #become(estado) {
    const reserva = this.#now;
    if (estado === "Cancelado") return this.#desk.changes.removeSoon(reserva, { estado });
    return this.#change(reserva, { estado });
  }

  #addNote(event) {
    event.preventDefault();
    const text = this.#note.value.trim();
    if (!text) return;
    this.#note.value = "";
    this.#change(this.#now, { detalles: [...this.#now.detalles, text] });
  }

  async #change(reserva, shown, body = shown) {
    this.#refusal.clear();
    const { error } = await this.#desk.changes.patch(reserva, shown, body);
    if (!error || this.#row?.shown.id !== reserva.id || !error.body.alternativas) return;
    this.#refusal.show(error, {
      choose: (instead) => this.#change(this.#now, ...this.#instead(shown, body, instead)),
      force: (forced) => this.#change(this.#now, shown, { ...body, ...forced }),
    });
  }

  #instead(shown, body, instead) {
    if (typeof instead === "string") {
      const when = { hora: instead, fecha: dateOf(this.#now.diaNegocio, instead, this.#desk.local.corte) };
      return [{ ...shown, ...when }, { ...body, ...when }];
    }
    this.#tables.set(instead);
    return [{ ...shown, ...this.#tables.shown }, { ...body, mesas: instead }];
  }
}
