// Who came in of one reservation: the newest entries, all of them when asked, each to be taken back.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { caption, joined, signed } from "../../entries.js";
import { clock } from "../../format.js";
import { undoEntry } from "../../views/undo.js";
import { t } from "../../words/index.js";

export class EntriesBox {
  #desk;
  #reserva = null;
  #entries = []; // as many as are known
  #attempt;
  #heading = el("div", { class: "entries-head" });
  #all = el("button", { type: "button", "data-testid": "entries-all", onclick: () => this.#readAll() }, t.detail.allEntries);
  #log = el("ol", { class: "entries" });
  node = el("section", {}, this.#heading, this.#log);

  // attempt(act) runs what may fail, and tells.
  constructor(desk, attempt) {
    this.#desk = desk;
    this.#attempt = attempt;
  }

  show(reserva) {
    this.#reserva = reserva;
    this.#draw(reserva.registroEntradas);
  }

  #draw(newest) {
    const { timezone } = this.#desk.local;
    this.#entries = joined(this.#entries, newest);
    const total = Math.max(this.#reserva.totalEntradas ?? 0, this.#entries.length);
    this.#heading.replaceChildren(el("h3", { "data-testid": "entries-count" }, caption(this.#entries.length, total)),
      ...(this.#entries.length < total ? [this.#all] : []));
    const undone = new Set(this.#entries.map((entry) => entry.anula));
    this.#log.replaceChildren(...this.#entries.map((entry) => el("li", { class: undone.has(entry.scanId) ? "undone" : null },
      el("strong", {}, signed(entry.cantidad)), ` ${clock(entry.enteredAt ?? entry.timestamp, timezone)} · ${entry.usuario}`,
      entry.anula ? t.detail.undoing(entry.motivo) : ` · ${entry.metodo}${entry.motivo ? `: ${entry.motivo}` : ""}`,
      entry.anula || undone.has(entry.scanId) ? null : this.#undoButton(entry))));
  }

  #undoButton(entry) {
    const undo = () => undoEntry(this.#desk, this.#reserva, entry, (fresh, lists) => this.#desk.answered(fresh, lists));
    return el("button", { type: "button", class: "quiet", "data-testid": "undo", "aria-label": t.detail.undoEntry(entry.cantidad), onclick: undo }, t.detail.undo);
  }

  // Lists and events carry the newest entries only; the reservation by itself has all.
  #readAll() {
    this.#attempt(async () => {
      const answer = await ask("GET", `/api/reservas/${encodeURIComponent(this.#reserva.id)}`, { query: this.#desk.query });
      const before = this.#entries;
      this.#entries = [];
      this.#draw(joined(answer.reserva.registroEntradas, before));
    });
  }
}
