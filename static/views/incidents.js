// Tells a host what went wrong at the door tonight: refused scans, and conflicts to be resolved.

import { ask } from "../api.js";
import { reasons } from "../door/reasons.js";
import { dialog, el, place } from "../dom.js";
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
  #heard = null; // while they are asked for
  #box = null;
  #shown = null; // the lists in the box

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
    const heard = this.#heard = [];
    try {
      const [refused, open] = await Promise.all([REFUSALS, CONFLICTS].map((path) => ask("GET", path, { query })));
      if (heard !== this.#heard) return; // asked for anew
      this.#refusals = refused.rechazos;
      this.#conflicts = open.conflictos;
      for (const event of heard) this.#take(event); // the answer may be older
      this.#heard = null;
      this.#draw();
    } catch {
      this.#read = -1; // the next drawing asks again
    }
  }

  hear(event) {
    if (event.type !== "scan-refused" && event.type !== "conflict-changed") return;
    this.#heard?.push(event);
    this.#take(event);
    this.#draw();
  }

  stop() {
    this.#badge.hidden = true;
  }

  #take(event) {
    if (event.type === "conflict-changed") this.#keep(event);
    else this.#refusals = [event, ...this.#refusals.filter(({ scanId }) => scanId !== event.scanId)];
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
    this.#shown = [el("ul", { class: "latest" }), el("ul", { class: "latest" })];
    const [conflicts, refusals] = this.#shown;
    this.#box = dialog(t.incidents.box, el("div", { class: "stack", "data-testid": "incidents-list" },
      el("h2", {}, t.incidents.conflicts), conflicts, el("h2", {}, t.incidents.refusals), refusals));
    this.#fill();
  }

  #fill() {
    const [conflicts, refusals] = this.#shown;
    put(conflicts, this.#conflicts, "id", (each) => this.#conflict(each), t.incidents.noConflicts);
    put(refusals, this.#refusals, "scanId", (each) => this.#refusal(each), t.incidents.noRefusals);
  }

  #refusal({ scanId, veredicto, usuario, clienteNombre, timestamp }) {
    return el("li", { "data-testid": "refusal", "data-key": scanId }, el("span", { class: "who" }, el("strong", {}, clienteNombre ?? t.incidents.unknownCode),
      el("span", { class: "muted" }, `${clock(timestamp, this.#desk.local.timezone)} · ${usuario} · ${t.incidents.why[veredicto] ?? veredicto}`)));
  }

  #conflict({ id, clienteNombre, increment, usuario, veredicto, scannedAt, timestamp }) {
    const problem = el("p", { class: "problem", role: "alert" });
    const at = clock(scannedAt ?? timestamp, this.#desk.local.timezone);
    const choose = ([value, [label, quick]]) => el("button", { type: "button", "data-testid": `resolve-${value}`, onclick: () =>
      choices.replaceChildren(reasons("resolve", quick, label, (motivo) => this.#resolve(id, value, motivo, problem), true)) }, label);
    const choices = el("div", { class: "quick" }, ...Object.entries(RESOLUTIONS).map(choose));
    return el("li", { class: "conflict", "data-testid": "conflict", "data-key": id }, el("span", { class: "who" }, el("strong", {}, `${clienteNombre}: +${increment}`),
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

// A line that is there stays: a host may be typing a reason in it.
function put(list, items, key, line, none) {
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const lines = items.map((each) => before.get(String(each[key])) ?? line(each));
  if (!lines.length) lines.push(before.get(undefined) ?? el("li", { class: "muted" }, none));
  place(list, lines);
}
