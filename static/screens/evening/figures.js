// The people of the night in four numbers.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

const NAMES = ["covers", "inside", "due", "capacity"];

export class Figures {
  #values = Object.fromEntries(NAMES.map((name) => [name, el("dd", { "data-testid": `figure-${name}` }, "–")]));
  node = el("dl", { class: "evening-figures", "aria-label": t.evening.figures },
    ...NAMES.map((name) => el("div", {}, el("dt", {}, t.evening.figure[name]), this.#values[name])));

  draw({ covers, inside, due }, capacity) {
    const shown = { covers, inside, due, capacity: capacity ?? t.evening.noLimit };
    for (const name of NAMES) {
      const text = String(shown[name]);
      if (this.#values[name].textContent !== text) this.#values[name].textContent = text;
    }
    this.#values.inside.classList.toggle("over", capacity !== null && inside > capacity);
  }
}
