// What of the audit trail is wanted: days, who, what, a text, or the history of one reservation.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

const TYPING_MS = 350;

export class Filters {
  #timer;

  // `about` is { sobre, nombre } or null; changed() is told when something else is wanted.
  constructor(about, changed) {
    this.about = about;
    const day = (label, testid) => el("input", { type: "date", "aria-label": label, "data-testid": testid });
    this.from = day(t.registro.from, "registro-from");
    this.to = day(t.registro.to, "registro-to");
    this.who = el("select", { "data-testid": "registro-who" }, new Option(t.registro.anybody, ""));
    this.what = el("select", { "data-testid": "registro-what" }, new Option(t.registro.anything, ""));
    this.text = el("input", { type: "search", maxlength: "100", autocomplete: "off", "data-testid": "registro-search" });
    this.history = el("p", { class: "registro-about", "data-testid": "registro-about" });
    this.node = el("form", { class: "registro-filters", role: "search", "aria-label": t.registro.filters, onsubmit: (event) => event.preventDefault() },
      this.history,
      el("label", {}, t.registro.from, this.from), el("label", {}, t.registro.to, this.to),
      el("label", {}, t.registro.who, this.who), el("label", {}, t.registro.what, this.what),
      el("label", { class: "registro-text" }, t.registro.search, this.text));
    this.node.addEventListener("input", (event) => this.#later(event.target === this.text ? TYPING_MS : 0, changed));
    this.#showHistory(changed);
  }

  #later(pause, changed) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(changed, pause);
  }

  #showHistory(changed) {
    this.history.hidden = !this.about;
    if (!this.about) return;
    const { nombre } = this.about;
    this.history.replaceChildren(el("strong", {}, nombre ? t.registro.about(nombre) : t.registro.aboutNothing),
      el("button", { type: "button", "data-testid": "registro-whole", onclick: () => {
        this.about = null;
        this.#showHistory(changed);
        changed();
      } }, t.registro.whole));
  }

  // What the server's first page offers to choose from.
  offer({ quienes, clases }) {
    fill(this.who, t.registro.anybody, quienes.filter(Boolean).map((name) => new Option(name, name)));
    fill(this.what, t.registro.anything, clases.map(({ valor, etiqueta }) => new Option(etiqueta, valor)));
  }

  get query() {
    const given = { desde: this.from.value, hasta: this.to.value, quien: this.who.value, que: this.what.value, texto: this.text.value.trim(), sobre: this.about?.sobre };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

function fill(select, all, options) {
  const { value } = select;
  select.replaceChildren(new Option(all, ""), ...options);
  select.value = value;
}
