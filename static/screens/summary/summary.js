// The summary of a night: who came and who did not, and what somebody decided against the rules.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { clock, longDay, shiftDay } from "../../format.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";
import { confirmClose } from "./close.js";
import { decisions, figures, hours, noShows } from "./parts.js";

// Events of a busy minute are shown by one read.
const REREAD_MS = 1_000;
const RETRY_MS = 5_000;

export function summaryScreen(main, desk) {
  const screen = new Summary(main, desk);
  return {
    draw: () => screen.draw(),
    event: () => screen.readLater(REREAD_MS),
    paper: () => screen.paper(),
    stop: () => screen.stop(),
  };
}

class Summary {
  #shown = null; // the answer that is on the screen
  #readAt = null;
  #attempt = 0;
  #timer;

  constructor(main, desk) {
    this.desk = desk;
    const step = (by) => () => desk.goTo(shiftDay(desk.state.day, by));
    this.day = el("input", { type: "date", "aria-label": t.summary.night, "data-testid": "summary-day", onchange: () => this.day.value && desk.goTo(this.day.value) });
    this.title = el("h1", { class: "day-title" });
    this.status = el("p", { class: "night-status", role: "status", "data-testid": "summary-status" });
    this.body = el("div", { class: "summary-body" });
    this.close = desk.can("owner")
      ? el("button", { type: "button", class: "primary", "data-testid": "close-night", onclick: () => this.#confirm() }, t.summary.close)
      : null;
    main.replaceChildren(el("section", { class: "summary", "aria-label": t.summary.title },
      el("div", { class: "tools" },
        el("div", { class: "days" },
          el("button", { type: "button", "aria-label": t.summary.previous, "data-testid": "summary-prev", onclick: step(-1) }, "‹"),
          this.day,
          el("button", { type: "button", "aria-label": t.summary.next, onclick: step(1) }, "›"),
          el("button", { type: "button", onclick: () => desk.today() }, t.summary.today)),
        el("div", { class: "actions" },
          el("button", { type: "button", "data-testid": "summary-print", onclick: () => print() }, t.summary.print), this.close)),
      el("div", { class: "summary-head" }, this.title, this.status),
      this.body));
    this.#read();
  }

  draw() {
    const { day } = this.desk.state;
    this.day.value = day;
    this.title.textContent = longDay(day);
    if (this.close) this.close.disabled = day > this.desk.local.diaNegocio;
    if (this.#shown?.diaNegocio !== day) {
      this.#shown = null;
      this.#show();
      this.#read();
    } else if (this.desk.readAt !== this.#readAt) this.readLater(REREAD_MS); // the list was read again
  }

  readLater(pause) {
    this.#timer ??= setTimeout(() => this.#read(), pause);
  }

  async #read() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const attempt = this.#attempt += 1;
    const { day } = this.desk.state;
    const readAt = this.desk.readAt;
    try {
      const answer = await ask("GET", "/api/noche/resumen", { query: { ...this.desk.query, fecha: day } });
      if (this.stopped || attempt !== this.#attempt) return;
      this.#readAt = readAt;
      this.#take(answer);
    } catch (error) {
      if (this.stopped || attempt !== this.#attempt) return;
      if (error.status === 401) return this.desk.leave(error);
      this.readLater(RETRY_MS);
    }
  }

  #take(answer) {
    if (answer.diaNegocio !== this.desk.state.day) return;
    this.#shown = answer;
    this.#show();
  }

  #show() {
    this.status.textContent = this.#shown ? this.#closedText() : t.summary.loading;
    this.status.classList.toggle("open", Boolean(this.#shown && !this.#shown.cerrada));
    this.body.replaceChildren(...(this.#shown ? this.#parts() : []));
  }

  #parts() {
    return [
      figures(this.#shown),
      el("div", { class: "summary-column" }, hours(this.#shown), ...decisions(this.#shown, this.desk)),
      noShows(this.#shown, this.desk),
    ];
  }

  #closedText() {
    const { cerrada, cifras } = this.#shown;
    const { timezone } = this.desk.local;
    if (!cerrada) return cifras.pendientes ? t.summary.pending(cifras.pendientes) : t.summary.open;
    const day = new Date(cerrada.timestamp).toLocaleDateString("sv", { timeZone: timezone });
    return t.summary.closedBy(longDay(day), clock(cerrada.timestamp, timezone), cerrada.usuario);
  }

  #confirm() {
    if (!this.#shown) return;
    confirmClose(this.desk, this.#shown, (answer) => {
      this.#take(answer);
      toast(t.summary.closed(answer.cerradas), "ok");
    });
  }

  // What is printed instead of the day's list.
  paper() {
    if (!this.#shown) return null;
    const now = clock(new Date().toISOString(), this.desk.local.timezone);
    return el("article", { class: "sheet summary-sheet", "data-testid": "summary-sheet" },
      el("h1", {}, `${this.desk.local.nombre} · ${longDay(this.#shown.diaNegocio)}`),
      el("p", {}, `${this.#closedText()} · ${t.summary.printed(now)}`),
      ...this.#parts());
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.#timer);
  }
}
