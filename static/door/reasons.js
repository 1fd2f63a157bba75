// Asks for a reason: quick ones on buttons, which send at once, or one that is typed.

import { el } from "../dom.js";
import { t } from "../words/index.js";

// done(reason, submitter); `kind` names the field for tests.
export function reasons(kind, quick, action, done, required = false) {
  const input = el("input", { maxlength: "300", required, "aria-label": t.parts.reason, placeholder: required ? t.parts.reason : t.parts.reasonIfAny, "data-testid": `${kind}-reason` });
  const chip = (text) => el("button", { type: "button", "data-testid": `${kind}-quick`, onclick: (event) => done(text, event.currentTarget) }, text);
  return el("form", { class: "reasons", onsubmit: (event) => {
    event.preventDefault();
    done(input.value.trim(), event.submitter);
  } },
  el("div", { class: "quick" }, ...quick.map(chip)),
  el("div", { class: "inline" }, input, el("button", { class: "primary", "data-testid": `${kind}-confirm` }, action)));
}
