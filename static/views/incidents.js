// Tells a host what went wrong at the door tonight: refused scans, and conflicts to be resolved.

import { ask } from "../api.js";
import { reasons } from "../door/reasons.js";
import { dialog, el } from "../dom.js";
import { clock } from "../format.js";
import { t } from "../words/index.js";

const REFUSALS = "/api/puerta/rechazos";
const CONFLICTS = "/api/puerta/conflictos";
// Each with the word of its button, and the usual reasons.
const RESOLUTIONS = {
  admitir: [t.incidents.admit, [t.incidents.admitReason]],
  descartar: [t.incidents.discard, [t.incidents.discardReason, t.incidents.discardCounted]],
};

export class Incidents {
  #desk;
  #badge = document.getElementById("incidents");
  #refusals = [];
  #conflicts = [];
  #read = -1; // the list, counted, whose incidents are known
  #box = null;

  constructor(desk) {
    this.#desk = desk;
    this.#badge.onclick = () => this.#open();
    this.#draw();
  }

  // Whenever the list was read anew, events may have been missed.
  async refresh() {
    const { lists, query } = this.#desk;
    if (lists === this.#read || !this.#desk.can("host")) return;
    this.#read = lists;
    try {
      const [refused, open] = await Promise.all([REFUSALS, CONFLICTS].map((path) => ask("GET", path, { query })));
      this.#refusals = refused.rechazos;
      this.#conflicts = open.conflictos;
      this.#draw();
    } catch {
      this.#read = -1; // the next drawing asks again
    }
  }

  hear(event) {
    if (event.type === "scan-refused") this.#refusals = [event, ...this.#refusals];
    else if (event.type === "conflict-changed") this.#keep(event);
    else return;
    this.#draw();
  }

  stop() {
    this.#badge.hidden = true;
  }

  #keep({ action, conflicto }) {
    this.#conflicts = this.#conflicts.filter(({ id }) => id !== conflicto.id);
    if (action === "created") this.#conflicts.unshift(conflicto);
  }

  #draw() {
    const counted = [[this.#conflicts, t.incidents.countConflicts], [this.#refusals, t.incidents.countRefusals]]
      .flatMap(([items, count]) => (items.length ? [count(items.length)] : []));
    this.#badge.hidden = counted.length === 0 || !this.#desk.can("host") || this.#desk.stopped === true;
    this.#badge.textContent = counted.join(" · ");
    this.#badge.dataset.short = `! ${this.#conflicts.length || this.#refusals.length}`; // on a phone
    this.#badge.classList.toggle("urgent", this.#conflicts.length > 0);
    if (this.#box?.open) this.#fill();
  }

  #open() {
    this.#box = dialog(t.incidents.box, el("div", { class: "stack", "data-testid": "incidents-list" }));
    this.#fill();
  }

  #fill() {
    const list = (items, line, none) => (items.length ? el("ul", { class: "latest" }, ...items.map(line)) : el("p", { class: "muted" }, none));
    this.#box.querySelector("[data-testid=incidents-list]").replaceChildren(
      el("h2", {}, t.incidents.conflicts), list(this.#conflicts, (each) => this.#conflict(each), t.incidents.noConflicts),
      el("h2", {}, t.incidents.refusals), list(this.#refusals, (each) => this.#refusal(each), t.incidents.noRefusals));
  }

  #refusal({ veredicto, usuario, clienteNombre, timestamp }) {
    return el("li", { "data-testid": "refusal" }, el("span", { class: "who" }, el("strong", {}, clienteNombre ?? t.incidents.unknownCode),
      el("span", { class: "muted" }, `${clock(timestamp, this.#desk.local.timezone)} · ${usuario} · ${t.incidents.why[veredicto] ?? veredicto}`)));
  }

  #conflict({ id, clienteNombre, increment, usuario, veredicto, scannedAt, timestamp }) {
    const problem = el("p", { class: "problem", role: "alert" });
    const at = clock(scannedAt ?? timestamp, this.#desk.local.timezone);
    const choose = ([value, [label, quick]]) => el("button", { type: "button", "data-testid": `resolve-${value}`, onclick: () =>
      choices.replaceChildren(reasons("resolve", quick, label, (motivo) => this.#resolve(id, value, motivo, problem), true)) }, label);
    const choices = el("div", { class: "quick" }, ...Object.entries(RESOLUTIONS).map(choose));
    return el("li", { class: "conflict", "data-testid": "conflict" }, el("span", { class: "who" }, el("strong", {}, `${clienteNombre}: +${increment}`),
      el("span", { class: "muted" }, `${at} · ${t.incidents.letInOffline(usuario)} · ${t.incidents.why[veredicto] ?? veredicto}`)),
    choices, problem);
  }

  async #resolve(id, resolucion, motivo, problem) {
    try {
      await ask("POST", `${CONFLICTS}/${encodeURIComponent(id)}`, { query: this.#desk.query, body: { resolucion, motivo } });
      this.#keep({ action: "resolved", conflicto: { id } });
      this.#draw();
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      problem.textContent = error.message;
    }
  }
}
