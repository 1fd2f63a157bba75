// Whether the chain of the audit trail is whole: looked at now, and said as it was found.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";

// A long chain takes seconds.
const PATIENCE_MS = 60_000;

export class Chain {
  constructor(desk) {
    this.desk = desk;
    this.said = el("p", { role: "status", "data-testid": "registro-chain" });
    this.seal = el("p", { class: "registro-seal" });
    this.button = el("button", { type: "button", "data-testid": "registro-check", onclick: () => this.look() }, t.registro.again);
    this.node = el("section", { class: "registro-chain", "aria-label": t.registro.title }, el("div", {}, this.said, this.seal), this.button);
    this.look();
  }

  async look() {
    this.button.disabled = true;
    this.#say("", t.registro.looking, "");
    try {
      const found = await ask("GET", "/api/registro/cadena", { query: this.desk.query, timeoutMs: PATIENCE_MS });
      if (!this.stopped) this.#show(found);
    } catch (error) {
      if (this.stopped) return;
      if (error.status === 401) return this.desk.leave(error);
      this.#say("unknown", t.registro.notLooked, error.message);
    }
    this.button.disabled = false;
  }

  #show({ intacta, primera, ultima, sello, borradas, rota }) {
    const now = clock(new Date().toISOString(), this.desk.local.timezone);
    if (intacta) this.#say("intact", t.registro.intact(primera, ultima, now), [t.registro.seal(sello), borradas ? t.registro.erased(borradas) : ""].filter(Boolean).join(" · "));
    else this.#say("broken", t.registro.broken(rota.fila, t.registro.why[rota.motivo]), "");
  }

  #say(state, text, seal) {
    this.node.dataset.state = state;
    this.said.textContent = text;
    this.seal.textContent = seal;
  }

  stop() {
    this.stopped = true;
  }
}
