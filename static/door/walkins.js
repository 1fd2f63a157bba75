// Counts people without a reservation, and keeps tonight's for the list of entries.

import { ask } from "../api.js";
import { el } from "../dom.js";
import { newKey } from "../format.js";
import { toast } from "../views/toasts.js";
import { undoWalkIn } from "../views/undo.js";
import { t } from "../words/index.js";
import { stepper } from "./stepper.js";

const MOST = 2_000;
const AT_FIRST = 1;

export class WalkIns {
  #desk;
  #changed;
  #tonight = new Map();
  #read = -1; // the list, counted, whose walk-ins are known
  #people = stepper(t.door.walkIns, AT_FIRST, MOST, "walkin-people");
  #button = el("button", { class: "go", "data-testid": "walkin-submit" }, t.parts.register);
  #last = el("p", { class: "inline", role: "status", hidden: true });

  constructor(desk, changed) {
    this.#desk = desk;
    this.#changed = changed;
    this.node = el("form", { class: "walkin", onsubmit: (event) => (event.preventDefault(), this.#register()) }, this.#people.node, this.#button, this.#last);
  }

  get tonight() {
    return this.#tonight.values();
  }

  // Whenever the list was read anew, changes of walk-ins may have been missed as well.
  async refresh() {
    const { lists } = this.#desk;
    if (lists === this.#read) return;
    this.#read = lists;
    try {
      this.#tonight = new Map((await this.#readAll()).map((each) => [each.id, each]));
      this.#changed();
    } catch {
      this.#read = -1; // the next drawing asks again
    }
  }

  hear({ type, action, sinReserva }) {
    if (type !== "walkin-changed") return;
    if (action !== "deleted") return this.put(sinReserva);
    this.#tonight.delete(sinReserva.id);
    this.#changed();
  }

  put(sinReserva) {
    if (sinReserva.diaNegocio !== this.#desk.local.diaNegocio) return;
    this.#tonight.set(sinReserva.id, sinReserva);
    this.#changed();
  }

  async #readAll() {
    const query = { ...this.#desk.query, fecha: this.#desk.local.diaNegocio };
    const found = [];
    for (let cursor; ;) {
      const page = await ask("GET", "/api/sin-reserva", { query: { ...query, cursor } });
      found.push(...page.sinReserva);
      if (!page.cursor) return found;
      cursor = page.cursor;
    }
  }

  // What was registered, and its way back under the same thumb.
  #confirm(sinReserva) {
    this.put(sinReserva);
    const takeBack = () => undoWalkIn(this.#desk, sinReserva, (answer) => {
      this.#last.hidden = true;
      this.put(answer.sinReserva);
    });
    this.#last.hidden = false;
    this.#last.replaceChildren(el("span", { class: "who" }, t.door.walkInDone(sinReserva.numeroPersonas, sinReserva.hora)),
      el("button", { type: "button", class: "plain", "data-testid": "walkin-undo", onclick: takeBack }, t.parts.undo));
  }

  async #register() {
    const people = this.#people.value;
    this.#button.disabled = true;
    const outcome = await this.#desk.queue.send({
      method: "POST", path: "/api/sin-reserva", body: { numeroPersonas: people, notas: "" },
      headers: { "Idempotency-Key": newKey() }, label: t.walkin.counted(people),
    });
    this.#button.disabled = false;
    if (outcome.error?.status === 401) return this.#desk.leave(outcome.error);
    if (outcome.kind === "refused") return toast(outcome.error.message, "bad");
    this.#people.reset();
    if (outcome.kind === "answered") this.#confirm(outcome.answer.sinReserva);
    else toast(t.door.walkInWaits(people), "warn");
  }
}
