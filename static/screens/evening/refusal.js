// A refusal of a table or an hour: why, what there is instead, and doing it by choice with a reason.

import { reasons } from "../../door/reasons.js";
import { el } from "../../dom.js";
import { t } from "../../words/index.js";

const FORCIBLE = new Set(["table_taken", "full"]);

export class Refusal {
  #desk;
  #problem = el("p", { class: "problem", role: "alert", "data-testid": "problem" });
  #more = el("div", { class: "refusal-more" });

  constructor(desk) {
    this.#desk = desk;
    this.node = el("div", { class: "refusal" }, this.#problem, this.#more);
  }

  clear() {
    this.#problem.textContent = "";
    this.#more.replaceChildren();
  }

  say(text) {
    this.clear();
    this.#problem.textContent = text;
  }

  // choose(alternative): an hour, or ids of tables; force({ forzar, motivo }).
  show(error, { choose, force }) {
    this.say(error.message);
    const { alternativas = [] } = error.body;
    const chips = alternativas.map((each) => el("button", { type: "button", class: "choice", "data-testid": "alternative", onclick: () => choose(each) }, this.#name(each)));
    if (chips.length) this.#more.append(el("div", { class: "choices" }, el("span", { class: "muted" }, t.evening.instead), ...chips));
    if (FORCIBLE.has(error.code)) {
      const form = reasons("force", t.evening.forceReasons, t.evening.force, (motivo) => force({ forzar: true, motivo }), true);
      this.#more.append(el("details", { class: "force" }, el("summary", { "data-testid": "force" }, t.evening.force), form));
    }
  }

  #name(alternative) {
    if (typeof alternative === "string") return alternative;
    return alternative.map((id) => this.#desk.plan?.name(id) ?? id).join(" + ");
  }
}
