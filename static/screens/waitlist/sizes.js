// The size of a party by one tap; larger ones are typed.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

const TAPPED = [1, 2, 3, 4, 5, 6, 7, 8];
const MOST = 2_000;

export function sizes(first) {
  const name = `size-${Math.random().toString(36).slice(2)}`; // two on a page do not share a choice
  const typed = el("input", { type: "number", min: "1", max: String(MOST), inputmode: "numeric", "aria-label": t.waitlist.other, placeholder: "9+", "data-testid": "size-typed",
    oninput: () => { if (typed.value) choose(null); else choose(first); } });
  const radios = TAPPED.map((size) => el("input", { type: "radio", name, value: String(size), checked: size === first, onchange: () => { typed.value = ""; } }));
  const choose = (size) => radios.forEach((each) => { each.checked = Number(each.value) === size; });
  const node = el("fieldset", { class: "sizes" }, el("legend", {}, t.waitlist.people),
    ...radios.map((radio) => el("label", { class: "size", "data-testid": `size-${radio.value}` }, radio, el("span", {}, radio.value))), typed);
  return {
    node,
    get value() {
      return typed.value ? typed.valueAsNumber : Number(radios.find((each) => each.checked)?.value ?? first);
    },
    set value(size) {
      choose(size);
      typed.value = TAPPED.includes(size) ? "" : String(size);
    },
    reset() {
      this.value = first;
    },
  };
}
