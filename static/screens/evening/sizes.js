// How many people, by tapping one number; typing works as well.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

const TAPPED = 8;
const MOST = 2_000;

export function sizes(testid, value, changed) {
  const input = el("input", { type: "number", inputmode: "numeric", min: "1", max: String(MOST), value: String(value), required: true,
    "aria-label": t.evening.people, "data-testid": testid === "walkin" ? "walkin-people" : "field-numeroPersonas", oninput: () => set(input.valueAsNumber) });
  const chips = Array.from({ length: TAPPED }, (_, index) => el("button", { type: "button", class: "choice", "data-testid": `${testid}-size-${index + 1}`,
    onclick: () => {
      input.value = String(index + 1);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    } }, String(index + 1)));
  const node = el("div", { class: "party-sizes choices", role: "group", "aria-label": t.evening.people }, ...chips, input);

  function mark() {
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(index + 1 === input.valueAsNumber)));
  }

  function set(people) {
    mark();
    if (people >= 1) changed(people);
  }

  mark();
  return {
    node, input,
    get value() { return Math.min(MOST, Math.max(1, Math.trunc(input.valueAsNumber) || 1)); },
    set value(people) {
      input.value = String(people);
      mark();
    },
    focus: () => chips[value - 1].focus(),
  };
}
