// Books a reservation, quick enough for a guest on the phone: who, how many, when, where.

import { askSurely } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { newKey } from "../../format.js";
import { t } from "../../words/index.js";
import { Availability } from "./availability.js";
import { keepDraft } from "./drafts.js";
import { lines } from "./edits.js";
import { GuestSearch, history } from "./guest-search.js";
import { HourPicker } from "./hour-picker.js";
import { dateOf, laterHour, nextQuarter, wallClock } from "./night.js";
import { nightWords } from "./night-words.js";
import { looksLikePhone, sameNight, samePhone } from "./phones.js";
import { Refusal } from "./refusal.js";
import { sizes } from "./sizes.js";
import { TablePicker } from "./table-picker.js";

const DEFAULT_HOUR = "20:00";
const PLAIN = [
  ["email", { type: "email", maxlength: "254" }, "cliente.email"],
  ["promotor", { maxlength: "120" }, "promotor.nombre"],
  ["razonVisita", { maxlength: "300" }, "razonVisita"],
  ["beneficiosReserva", { maxlength: "500" }, "beneficiosReserva"],
  ["detalles", { tag: "textarea", rows: "2" }, "detalles"],
];

export function book(desk, draft = null) {
  return new Booking(desk, draft);
}

class Booking {
  #desk;
  #key; // one per opening: a double tap or a retry books once
  #hasHour = false; // somebody chose it
  #known = null; // the guest that was chosen
  #problems = {};
  #inputs = {};
  #night = el("input", { type: "date", required: true, "aria-label": t.evening.night, "data-testid": "field-fecha", oninput: () => this.#otherNight() });
  #words = el("p", { class: "night-words", role: "status", "data-testid": "night-words" });
  #history = el("p", { class: "guest-history", role: "status", "data-testid": "guest-history", hidden: true });
  #twice = el("p", { class: "twice", role: "alert", "data-testid": "duplicate", hidden: true });
  #hours;
  #size;
  #tables;
  #guests;
  #availability;
  #refusal;
  #button = el("button", { class: "primary", "data-testid": "form-submit" }, t.booking.save);
  #box;

  constructor(desk, draft) {
    this.#desk = desk;
    this.#key = draft?.key ?? newKey();
    this.#availability = new Availability(desk);
    this.#refusal = new Refusal(desk);
    this.#guests = new GuestSearch(desk, { night: () => this.#night.value, chose: (cliente) => this.#choose(cliente), heard: () => this.#warn() });
    this.#hours = new HourPicker(desk.local.corte, () => {
      this.#hasHour = true;
      this.#asked();
    });
    this.#size = sizes("book", 2, () => this.#asked());
    this.#tables = new TablePicker(desk, { asked: () => this.#question(), chose: () => this.#refusal.clear() });
    this.#box = dialog(t.booking.title, this.#form());
    this.#box.classList.add("wide");
    this.#fill(draft);
    this.#box.addEventListener("close", () => this.#guests.close());
    this.#inputs.nombre.focus();
    this.#asked();
  }

  // The desk goes while it is open, by the end of the session for one: what was typed is kept.
  keep() {
    if (!this.#box.open || !this.#box.filled) return;
    const values = Object.fromEntries(Object.entries(this.#inputs).map(([name, { value }]) => [name, value]));
    keepDraft(this.#desk.local.businessId, { kind: "booking", key: this.#key, values, known: this.#known, night: this.#night.value, hora: this.#hours.value, people: this.#size.value, table: this.#tables.body });
  }

  // The plan may come after the form.
  refresh() {
    this.#tables.meetPlan();
  }

  #form() {
    const field = (name, attributes, path) => {
      const { tag = "input", ...rest } = attributes;
      this.#inputs[name] = el(tag, { ...rest, name, id: `f-${name}`, autocomplete: "off", "data-testid": `field-${name}`, "aria-describedby": `p-${name}` });
      this.#problems[path] = el("span", { class: "problem", id: `p-${name}` });
      return el("div", { class: `field ${name}` }, el("label", { for: `f-${name}` }, t.booking.fields[name]), this.#inputs[name], this.#problems[path]);
    };
    const group = (label, ...nodes) => el("div", { class: "field" }, el("span", { class: "label" }, label), ...nodes);
    const who = el("div", { class: "fields two" },
      field("nombre", { required: true, maxlength: "120" }, "cliente.nombre"), field("telefono", { type: "tel", maxlength: "40" }, "cliente.telefono"));
    for (const name of ["nombre", "telefono"]) this.#guests.attach(this.#inputs[name]);
    this.#inputs.nombre.addEventListener("input", () => this.#forget());
    this.#inputs.telefono.addEventListener("input", () => this.#warn());
    this.#problems.fecha = this.#problems.hora = el("span", { class: "problem" });
    this.#problems.numeroPersonas = el("span", { class: "problem" });
    return el("form", { class: "stack booking", "data-testid": "booking", onsubmit: (event) => {
      event.preventDefault();
      this.#save({});
    } },
    el("h2", {}, t.booking.title), this.#words, who, this.#guests.node, this.#history, this.#twice,
    group(t.evening.people, this.#size.node, this.#problems.numeroPersonas),
    group(t.booking.when, el("div", { class: "when" }, this.#night, this.#hours.node), this.#problems.hora),
    group(t.evening.table, this.#tables.node),
    el("details", { class: "more-fields" }, el("summary", { "data-testid": "more-fields" }, t.booking.more),
      el("div", { class: "fields two" }, ...PLAIN.map(([name, attributes, path]) => field(name, attributes, path)))),
    this.#refusal.node, el("div", { class: "save-bar" }, this.#button));
  }

  #fill(draft) {
    this.#night.value = draft?.night ?? this.#desk.state.day;
    this.#hours.show(null);
    this.#hours.value = draft?.hora ?? this.#usualHour();
    if (!draft) return;
    this.#hasHour = true;
    this.#size.value = draft.people;
    for (const [name, value] of Object.entries(draft.values)) this.#inputs[name].value = value;
    this.#tables.set(draft.table.mesas ?? draft.table.mesa);
    if (draft.known) this.#choose(draft.known);
    this.#box.filled = true;
  }

  // Of tonight the next one, once the usual one is over.
  #usualHour() {
    const { local } = this.#desk;
    if (this.#night.value !== local.diaNegocio) return DEFAULT_HOUR;
    return laterHour(nextQuarter(wallClock(new Date(), local.timezone).hora, local.corte), DEFAULT_HOUR, local.corte);
  }

  #otherNight() {
    if (!this.#hasHour) this.#hours.value = this.#usualHour();
    this.#asked();
  }

  #question() {
    return { fecha: this.#night.value, hora: this.#hours.value, personas: this.#size.value };
  }

  // The question changed: says the night, and asks what is free.
  async #asked() {
    const { fecha, hora, personas } = this.#question();
    if (!fecha) return;
    const { text, isOther } = nightWords(fecha, hora, this.#desk.local);
    this.#words.textContent = text;
    this.#words.classList.toggle("other", isOther);
    this.#warn();
    const answer = await this.#availability.find({ fecha, personas });
    if (answer === undefined || !this.#box.open) return;
    this.#hours.show(answer);
    this.#tables.look(answer);
  }

  #choose(cliente) {
    this.#known = cliente;
    this.#inputs.nombre.value = cliente.nombre;
    this.#inputs.telefono.value = cliente.telefono ?? this.#inputs.telefono.value;
    this.#inputs.email.value = cliente.email ?? "";
    this.#history.textContent = [history(cliente), cliente.notas, ...(cliente.ultimosDetalles ?? [])].filter(Boolean).join(" · ");
    this.#history.hidden = false;
    this.#box.filled = true;
    this.#warn();
  }

  // Another name is typed: it is somebody else, and a number there is looked up as one.
  #forget() {
    const { nombre, telefono } = this.#inputs;
    if (this.#known && nombre.value !== this.#known.nombre) {
      this.#known = null;
      this.#history.hidden = true;
      this.#warn();
    }
    const typed = nombre.value.trim();
    // Not while it is taken back letter by letter, for the name to be typed instead.
    if (looksLikePhone(typed) && typed.length > telefono.value.length) telefono.value = typed;
  }

  // The same telephone, the same night: one who calls twice, or a colleague who has booked already.
  #warn() {
    const night = this.#night.value;
    const { state } = this.#desk;
    const telefono = this.#inputs.telefono.value;
    const listed = state.day === night ? sameNight(state.reservas.values(), telefono) : [];
    const people = [this.#known, ...this.#guests.latest.filter((each) => samePhone(each.telefono, telefono))];
    const told = people.flatMap((each) => (each?.reservasHoy ?? []).map((one) => ({ ...one, cliente: each }))).filter(({ diaNegocio }) => diaNegocio === night);
    const [found] = [...listed, ...told];
    this.#twice.hidden = !found;
    this.#twice.textContent = found ? t.booking.twice(found.cliente.nombre, found.hora, found.numeroPersonas) : "";
  }

  #body() {
    const value = (name) => this.#inputs[name].value.trim();
    const { fecha: night, hora, personas } = this.#question();
    return {
      cliente: this.#client(value),
      numeroPersonas: personas,
      fecha: dateOf(night, hora, this.#desk.local.corte),
      hora,
      ...this.#tables.body,
      razonVisita: value("razonVisita"),
      beneficiosReserva: value("beneficiosReserva"),
      promotor: value("promotor") ? { nombre: value("promotor") } : null,
      detalles: lines(value("detalles")),
    };
  }

  // A guest who was chosen is that person; what is typed besides corrects them.
  #client(value) {
    const cliente = { nombre: value("nombre") };
    for (const name of ["telefono", "email"]) if (value(name)) cliente[name] = value(name);
    return this.#known ? { id: this.#known.id, ...cliente } : cliente;
  }

  async #save(forced) {
    this.#button.disabled = true;
    this.#refusal.clear();
    for (const each of Object.values(this.#problems)) each.textContent = "";
    const desk = this.#desk;
    const { lists } = desk;
    const request = askSurely("POST", "/api/reservas", { query: desk.query, body: { ...this.#body(), ...forced }, headers: { "Idempotency-Key": this.#key } },
      () => this.#refusal.say(t.booking.trying));
    try {
      const { reserva } = await desk.changes.during(request);
      desk.answered(reserva, lists);
      this.#box.close();
      desk.open(reserva.id, reserva);
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      this.#refused(error, forced);
    }
    this.#button.disabled = false;
  }

  #refused(error, forced) {
    const problem = error.body.alternativas ? null : this.#problems[error.body.field];
    if (problem) problem.textContent = error.message;
    else this.#refusal.show(error, {
      choose: (instead) => {
        if (typeof instead === "string") [this.#hours.value, this.#hasHour] = [instead, true];
        else this.#tables.set(instead);
        this.#refusal.clear();
        this.#asked();
      },
      force: (more) => this.#save({ ...forced, ...more }),
    });
    problem?.closest("details")?.setAttribute("open", "");
  }
}
