// One party's row: cloned from a template, its parts filled in place.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { atOnce, lateMinutes, missing } from "./groups.js";

const FLASH_MS = 1_600;
// From here on a late party is one to call.
const VERY_LATE_MIN = 15;

let template = null;

function made() {
  const button = (act, text, label, testid, classes = "") =>
    el("button", { type: "button", class: classes, "data-act": act, "aria-label": label, "data-testid": testid }, text);
  return el("li", { class: "row", "data-testid": "row" },
    el("button", { type: "button", class: "row-open", "data-act": "open", "data-testid": "row-open" },
      el("span", { class: "hour" }),
      el("span", { class: "who" }, el("strong"), el("span", { class: "muted" }))),
    el("span", { class: "late", "data-testid": "late" }),
    el("span", { class: "table" }),
    el("span", { class: "count" }),
    el("span", { class: "badge" }),
    el("span", { class: "arrive" },
      button("less", "−", t.evening.fewer, "arrive-less", "step"),
      button("arrive", "", null, "arrive", "arrive-all"),
      button("more", "+", t.evening.more, "arrive-more", "step")),
    button("tools", "⋯", t.evening.tools, "row-more", "quiet tools-button"));
}

export class Row {
  shown = null; // the reservation as it is drawn
  people = null; // how many are said to have come, where that is not all who are missing
  #parts;
  #late = -1;

  constructor(id) {
    template ??= made();
    this.node = template.cloneNode(true);
    this.node.dataset.id = id;
    const [open, late, table, count, badge, arrive, tools] = this.node.children;
    const [hour, who] = open.children;
    this.#parts = { open, hour, name: who.firstChild, about: who.lastChild, late, table, count, badge, arrive, say: arrive.children[1], tools };
  }

  fill(reserva, rules, now) {
    if (this.shown !== reserva || this.rules !== rules) {
      const isNew = this.shown === null;
      if (this.shown?.asistenciaActual !== reserva.asistenciaActual || this.shown?.numeroPersonas !== reserva.numeroPersonas) this.people = null;
      this.shown = reserva;
      this.rules = rules;
      this.#fill(reserva, rules);
      if (!isNew) this.#flash();
    }
    this.#fillLate(lateMinutes(reserva, now));
  }

  // Of the stepper: how many come in with one tap.
  step(by) {
    this.people = atOnce(this.count + by);
    this.#sayArrival();
  }

  get count() {
    return this.people ?? atOnce(missing(this.shown));
  }

  #fill(reserva, rules) {
    const { asistenciaActual: inside, numeroPersonas: planned } = reserva;
    const { hour, name, about, table, count, badge, arrive } = this.#parts;
    Object.assign(this.node.dataset, { attendance: inside, estado: reserva.estado });
    hour.textContent = reserva.hora;
    name.textContent = reserva.cliente.nombre;
    about.textContent = [...reserva.detalles, reserva.beneficiosReserva, reserva.razonVisita, reserva.promotor?.nombre].filter(Boolean).join(" · ");
    table.textContent = t.evening.at(reserva.mesa);
    table.title = reserva.mesa;
    count.textContent = `${inside}/${planned}`;
    count.classList.toggle("over", inside > planned);
    count.setAttribute("aria-label", t.evening.ofPeople(inside, planned));
    badge.dataset.estado = reserva.estado;
    badge.toggleAttribute("data-inside", inside > 0);
    badge.textContent = rules.label(reserva);
    arrive.hidden = !["En Progreso", "Activa"].includes(reserva.estado) || missing(reserva) === 0;
    this.#sayArrival();
  }

  #sayArrival() {
    const { asistenciaActual: inside, numeroPersonas: planned } = this.shown;
    const left = missing(this.shown);
    const all = inside > 0 ? t.evening.rest(left) : t.evening.all(left);
    this.#parts.say.textContent = this.count === left ? all : t.evening.some(this.count, planned);
  }

  #fillLate(minutes) {
    if (minutes === this.#late) return;
    this.#late = minutes;
    this.#parts.late.textContent = minutes ? t.evening.late(minutes) : "";
    this.#parts.late.classList.toggle("very", minutes >= VERY_LATE_MIN);
  }

  #flash() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.node.animate([{ backgroundColor: "var(--ok-bg)" }, {}], FLASH_MS);
  }
}
