// The fields of a reservation, all of which can be changed; what a colleague changes meanwhile is
// shown beside what one typed, and never overwritten.

import { el } from "../../dom.js";
import { longDay } from "../../format.js";
import { t } from "../../words/index.js";
import { FIELDS, begun, changes, hasConflict, isTyped, met, resumed, settled, typing, valueOf } from "./edits.js";
import { nightWords } from "./night-words.js";
import { Refusal } from "./refusal.js";
import { TablePicker } from "./table-picker.js";

const KINDS = {
  nombre: { required: true, maxlength: "120" }, telefono: { type: "tel", maxlength: "40" }, email: { type: "email", maxlength: "254" },
  numeroPersonas: { type: "number", min: "1", max: "2000", required: true, inputmode: "numeric" },
  noche: { type: "date", required: true }, hora: { type: "time", required: true }, promotor: { maxlength: "120" },
  razonVisita: { maxlength: "300" }, beneficiosReserva: { maxlength: "500" }, detalles: { tag: "textarea", rows: "2" },
};

export class EditForm {
  #desk;
  #edit;
  #filled;
  #changed;
  #inputs = {};
  #theirs = {};
  #picker;
  #refusal;
  #words = el("p", { class: "night-words", role: "status" });
  #save = el("button", { class: "primary", "data-testid": "detail-save" }, t.detail.save);
  #bar = el("div", { class: "save-bar", hidden: true }, this.#save,
    el("button", { type: "button", class: "quiet", "data-testid": "detail-discard", onclick: () => this.#discard() }, t.detail.discard));

  // filled(isTyped) tells whether there is something to lose; changed(reserva): the server said so.
  constructor(desk, reserva, { filled, changed }) {
    this.#desk = desk;
    this.#edit = begun(reserva);
    this.#filled = filled;
    this.#changed = changed;
    this.#refusal = new Refusal(desk);
    this.#picker = new TablePicker(desk, { asked: () => this.#question(), chose: (value) => this.#type("mesa", Array.isArray(value) ? value.join(",") : value) });
    this.node = el("form", { class: "edit-form", onsubmit: (event) => {
      event.preventDefault();
      this.#send({});
    } }, this.#words, el("div", { class: "fields" }, ...FIELDS.map((name) => this.#field(name))), this.#refusal.node, this.#bar);
    this.#draw();
    this.#picker.look();
  }

  // What is typed and not saved; null when nothing is.
  get draft() {
    return isTyped(this.#edit) ? this.#edit : null;
  }

  restore({ seen, typed, theirs }, reserva) {
    this.#edit = resumed({ seen, typed, theirs }, reserva);
    this.#draw();
  }

  meetPlan() {
    if (this.#picker.meetPlan()) this.#draw();
  }

  show(reserva) {
    if (reserva === this.#edit.seen) return;
    this.#edit = met(this.#edit, reserva);
    this.#draw();
  }

  #field(name) {
    this.#theirs[name] = el("div", { class: "theirs", role: "status", hidden: true, "data-testid": `theirs-${name}` });
    if (name === "mesa") return el("div", { class: "field mesa" }, el("span", { class: "label" }, t.evening.table), this.#picker.node, this.#theirs[name]);
    const { tag = "input", ...attributes } = KINDS[name];
    this.#inputs[name] = el(tag, { ...attributes, id: `d-${name}`, autocomplete: "off", "data-testid": `detail-${name}`, oninput: (event) => this.#type(name, event.target.value) });
    return el("div", { class: `field ${name}` }, el("label", { for: `d-${name}` }, name === "nombre" ? t.detail.name : t.booking.fields[name]), this.#inputs[name], this.#theirs[name]);
  }

  #type(name, value) {
    this.#edit = typing(this.#edit, name, value);
    this.#refusal.clear();
    this.#draw();
    if (["noche", "hora", "numeroPersonas"].includes(name)) this.#picker.look();
  }

  #discard() {
    this.#edit = begun(this.#edit.seen);
    this.#refusal.clear();
    this.#draw();
  }

  #draw() {
    for (const [name, input] of Object.entries(this.#inputs)) {
      const value = valueOf(this.#edit, name);
      if (input.value !== value && (input !== document.activeElement || !(name in this.#edit.typed))) input.value = value;
      input.classList.toggle("typed", name in this.#edit.typed);
    }
    const mesa = valueOf(this.#edit, "mesa");
    this.#picker.set(this.#picker.byId ? mesa.split(",").filter((id) => this.#desk.plan.byId(id)) : mesa);
    for (const name of FIELDS) this.#drawTheirs(name);
    const { text, isOther } = nightWords(valueOf(this.#edit, "noche"), valueOf(this.#edit, "hora"), this.#desk.local);
    this.#words.textContent = text;
    this.#words.classList.toggle("other", isOther);
    this.#bar.hidden = !isTyped(this.#edit);
    this.#save.disabled = hasConflict(this.#edit);
    this.#filled(isTyped(this.#edit));
  }

  #drawTheirs(name) {
    const box = this.#theirs[name];
    const isThere = name in this.#edit.theirs;
    box.hidden = !isThere;
    if (!isThere) return box.replaceChildren();
    const settle = (mine) => () => {
      this.#edit = settled(this.#edit, name, mine);
      this.#draw();
    };
    return box.replaceChildren(el("span", {}, t.detail.theirs(this.#said(name, this.#edit.theirs[name]))),
      el("button", { type: "button", "data-testid": `take-${name}`, onclick: settle(false) }, t.detail.takeTheirs),
      el("button", { type: "button", "data-testid": `keep-${name}`, onclick: settle(true) }, t.detail.keepMine));
  }

  #said(name, value) {
    if (name === "noche") return longDay(value);
    if (name === "mesa" && this.#picker.byId) return value.split(",").filter(Boolean).map((id) => this.#desk.plan.name(id)).join(" + ") || "–";
    return value || "–";
  }

  #question() {
    return { fecha: valueOf(this.#edit, "noche"), hora: valueOf(this.#edit, "hora"), personas: Number(valueOf(this.#edit, "numeroPersonas")) || 1, excepto: this.#edit.seen.id };
  }

  async #send(forced) {
    if (hasConflict(this.#edit)) return;
    this.#refusal.clear();
    this.#save.disabled = true;
    const body = changes(this.#edit, this.#desk.local.corte, this.#picker.byId);
    // Nothing is shown before its answer here: the form itself is what was typed.
    const { reserva, error } = await this.#desk.changes.patch(this.#edit.seen, {}, { ...body, ...forced }, { silent: true });
    this.#save.disabled = false;
    if (reserva) this.#edit = begun(reserva);
    else if (error.status !== 401) this.#refused(error, forced);
    this.#draw();
    if (reserva ?? error.body.reserva) this.#changed(reserva ?? error.body.reserva);
  }

  #refused(error, forced) {
    if (error.code === "version_conflict") return this.#refusal.say(t.detail.changedMeanwhile);
    return this.#refusal.show(error, {
      choose: (instead) => (typeof instead === "string" ? this.#type("hora", instead) : this.#type("mesa", instead.join(","))),
      force: (more) => this.#send({ ...forced, ...more }),
    });
  }
}
