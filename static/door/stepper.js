// A number of people between two large buttons; typing works as well.

import { el } from "../dom.js";
import { t } from "../words/index.js";

export function stepper(label, value, most, testid) {
  const input = el("input", { type: "number", inputmode: "numeric", min: "1", max: String(most), value: String(value), "aria-label": label, "data-testid": testid });
  const step = (by) => () => {
    input.value = String(Math.min(most, Math.max(1, (input.valueAsNumber || 0) + by)));
    input.dispatchEvent(new Event("input"));
  };
  const button = (text, name, by) => el("button", { type: "button", "aria-label": name, "data-testid": `${testid}-${by < 0 ? "less" : "more"}`, onclick: step(by) }, text);
  const node = el("div", { class: "stepper" }, button("−", t.parts.less, -1), input, button("+", t.parts.more, 1));
  return {
    node, input,
    get value() { return Math.min(most, Math.max(1, Math.trunc(input.valueAsNumber) || 1)); },
    reset() { input.value = String(value); input.dispatchEvent(new Event("input")); },
  };
}
