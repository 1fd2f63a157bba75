// Asks which of several ways to go; one of them may be to go against a refusal, with a reason.

import { dialog, el } from "../../dom.js";
import { t } from "../../words/index.js";

// options: [{ label, act }]; force(motivo), where it is allowed.
export function choose({ title, text, options, force }) {
  const reason = el("input", { required: true, maxlength: "200", autocomplete: "off", "data-testid": "force-reason" });
  const go = (act) => () => {
    box.close();
    act();
  };
  const forced = force && el("form", { class: "stack forced", onsubmit: (event) => {
    event.preventDefault();
    const motivo = reason.value.trim();
    if (motivo) go(() => force(motivo))();
  } }, el("label", {}, t.plan.reason, reason), el("p", { class: "muted" }, t.plan.reasonHint), el("button", { class: "danger", "data-testid": "force" }, t.plan.force));
  const box = dialog(title, el("div", { class: "stack plan-choices", "data-testid": "choices" },
    el("h2", {}, title), text ? el("p", {}, text) : null,
    el("div", { class: "stack" }, ...options.map(({ label, act }, index) => el("button", { type: "button", class: index ? null : "primary", "data-testid": "choice", onclick: go(act) }, label))),
    forced));
  box.querySelector("[data-testid=choice], [data-testid=force-reason]")?.focus();
}
