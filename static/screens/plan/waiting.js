// Those in the waiting line, read again when an event says that it changed.

import { ask } from "../../api.js";

export class WaitingLine {
  #desk;
  #changed;
  #attempt = 0;
  rows = [];

  constructor(desk, changed) {
    this.#desk = desk;
    this.#changed = changed;
  }

  async read() {
    const attempt = (this.#attempt += 1);
    const answer = await ask("GET", "/api/espera", { query: this.#desk.query }).catch(() => null);
    if (attempt !== this.#attempt || !answer) return; // what was known stays
    this.rows = answer.espera;
    this.#changed();
  }

  hear({ type }) {
    if (type === "waitlist-changed") this.read();
  }
}
