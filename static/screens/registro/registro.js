// The audit trail, for owners: who changed what, when and from where, newest first.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { clock } from "../../format.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";
import { language } from "../../words/language.js";
import { Chain } from "./chain.js";
import { Filters } from "./filters.js";
import { rows } from "./rows.js";

// What happens meanwhile is offered, not pushed under somebody's eyes.
const NEWER_MS = 1_000;

export function registroScreen(main, desk) {
  const screen = new Registro(main, desk);
  return { draw: () => {}, event: () => screen.hear(), paper: () => screen.paper(), stop: () => screen.stop() };
}

class Registro {
  #attempt = 0;
  #filas = [];
  #cursor = null;
  #timer;

  constructor(main, desk) {
    this.desk = desk;
    this.filters = new Filters(desk.historyOf ?? null, () => this.#read());
    desk.historyOf = null; // the next visit shows all
    this.chain = new Chain(desk);
    this.file = el("a", { class: "button", download: "", "data-testid": "registro-file" }, t.registro.file);
    this.newer = el("button", { type: "button", class: "primary", hidden: true, "data-testid": "registro-newer", onclick: () => this.#read() }, t.registro.newer);
    this.body = el("div", { class: "registro-body", "data-testid": "registro-body" });
    this.status = el("p", { class: "muted", role: "status", "data-testid": "registro-status" });
    this.more = el("button", { type: "button", hidden: true, "data-testid": "registro-more", onclick: () => this.#read(this.#cursor) }, t.registro.more);
    main.replaceChildren(el("section", { class: "registro", "aria-label": t.registro.title },
      el("div", { class: "registro-head" }, el("h1", {}, t.registro.title),
        el("div", { class: "actions" }, el("button", { type: "button", onclick: () => print() }, t.registro.print), this.file)),
      this.chain.node, this.filters.node, this.newer, this.body, this.status, this.more));
    this.#read();
  }

  hear() {
    this.#timer ??= setTimeout(() => { this.newer.hidden = false; }, NEWER_MS);
  }

  async #read(cursor) {
    const attempt = this.#attempt += 1;
    const query = { ...this.desk.query, ...this.filters.query, idioma: language };
    this.file.href = `/api/registro/archivo.csv?${new URLSearchParams(query)}`;
    this.status.textContent = t.registro.loading;
    this.more.disabled = true;
    try {
      const answer = await ask("GET", "/api/registro", { query: { ...query, cursor: cursor ?? undefined } });
      if (this.stopped || attempt !== this.#attempt) return;
      this.#take(answer, cursor);
    } catch (error) {
      if (this.stopped || attempt !== this.#attempt) return;
      if (error.status === 401) return this.desk.leave(error);
      this.status.textContent = error.message;
    }
    this.more.disabled = false;
  }

  #take(answer, cursor) {
    if (!cursor) {
      this.filters.offer(answer);
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.newer.hidden = true;
    }
    this.#filas = cursor ? [...this.#filas, ...answer.filas] : answer.filas;
    this.#cursor = answer.cursor ?? null;
    this.body.replaceChildren(...rows(this.#filas, this.desk.local.timezone, (id) => this.#open(id)));
    this.more.hidden = !this.#cursor;
    this.status.textContent = this.#filas.length ? "" : this.#cursor ? t.registro.noneSoFar : t.registro.none;
  }

  async #open(id) {
    try {
      const { reserva } = await ask("GET", `/api/reservas/${encodeURIComponent(id)}`, { query: this.desk.query });
      if (!this.stopped) this.desk.open(id, reserva);
    } catch (error) {
      if (error.status === 401) return this.desk.leave(error);
      toast(error.message, "warn");
    }
  }

  // What is printed: the rows that are shown, unfolded.
  paper() {
    const now = clock(new Date().toISOString(), this.desk.local.timezone);
    const parts = rows(this.#filas, this.desk.local.timezone, () => {});
    const sheet = el("article", { class: "sheet registro registro-sheet", "data-testid": "registro-sheet" },
      el("h1", {}, `${this.desk.local.nombre} · ${t.registro.title}`),
      el("p", {}, `${this.chain.said.textContent} · ${this.chain.seal.textContent} · ${t.registro.printed(now)}`), ...parts);
    sheet.querySelectorAll("button, summary").forEach((each) => each.remove());
    sheet.querySelectorAll("details").forEach((each) => each.replaceWith(...each.children));
    return sheet;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.#timer);
    this.filters.stop();
    this.chain.stop();
  }
}
