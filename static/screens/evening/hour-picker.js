// The hours of a night by tapping: what is free for so many people, or every quarter where nobody knows.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { quarters } from "./night.js";

export class HourPicker {
  #cutoff;
  #chose;
  #hours = [];
  #chips = el("div", { class: "choices hours", role: "group", "aria-label": t.evening.hour, "data-testid": "hours" });
  input = el("input", { type: "time", required: true, "aria-label": t.evening.hour, "data-testid": "field-hora", oninput: () => this.#choose(this.input.value) });
  node = el("div", { class: "hours-pick" }, this.#chips, this.input);

  constructor(cutoff, chose) {
    this.#cutoff = cutoff;
    this.#chose = chose;
  }

  get value() {
    return this.input.value;
  }

  set value(hora) {
    this.input.value = hora;
    this.#mark();
    this.#reveal();
  }

  // `answer` of /api/disponibilidad, or null.
  show(answer) {
    const hours = answer?.horas ?? quarters(this.#cutoff).map((hora) => ({ hora, lleno: false }));
    if (JSON.stringify(hours) === JSON.stringify(this.#hours)) return;
    this.#hours = hours;
    this.#chips.replaceChildren(...hours.map(({ hora, lleno, motivo }) => el("button", { type: "button", class: lleno ? "choice full" : "choice", "data-hora": hora, "data-testid": "hour",
      title: lleno ? t.booking.full[motivo] ?? t.booking.full.mesas : null, "aria-label": lleno ? t.booking.fullHour(hora) : null, onclick: () => {
        this.input.value = hora;
        this.#choose(hora);
        this.input.dispatchEvent(new Event("input", { bubbles: true }));
      } }, hora)));
    this.#mark();
    this.#reveal();
  }

  #choose(hora) {
    this.#mark();
    if (hora) this.#chose(hora);
  }

  #mark() {
    for (const chip of this.#chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.hora === this.value));
  }

  // Within its own box: the dialog stays where it is.
  #reveal() {
    const chip = [...this.#chips.children].find((each) => each.dataset.hora >= this.value);
    if (chip) this.#chips.scrollTop = chip.offsetTop - this.#chips.offsetTop - chip.offsetHeight;
  }
}
