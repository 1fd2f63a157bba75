// A phone becomes a device of the door: an owner shows a code, whose address opens this.

import { ask } from "../api.js";
import { dialog, el } from "../dom.js";
import { t } from "../words/index.js";

const ROUTE = /^#\/vincular\/([A-Za-z0-9]+)$/;

// Returns the code that the page was opened with, or null.
export function invitation() {
  return location.hash.match(ROUTE)?.[1] ?? null;
}

export function pairing(main, code, done) {
  const name = el("input", { maxlength: "60", required: true, autocomplete: "off", placeholder: t.device.pairExample, "data-testid": "pair-name" });
  const problem = el("p", { class: "problem", role: "alert", "data-testid": "pair-problem" });
  const button = el("button", { class: "primary", "data-testid": "pair-submit" }, t.device.pair);
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      await ask("POST", "/api/dispositivos/vincular", { body: { codigo: code, nombre: name.value } });
      history.replaceState(null, "", "#/puerta");
      done();
    } catch (error) {
      problem.textContent = error.uncertain ? t.device.pairUnsure(error.message) : error.message;
      button.disabled = false;
    }
  }
  main.replaceChildren(el("form", { class: "card login", onsubmit: submit },
    el("img", { src: "/static/icon.svg", alt: "", width: "56", height: "56" }),
    el("h1", {}, t.device.pairTitle),
    el("p", { class: "muted" }, t.device.pairHint),
    el("label", {}, t.device.pairName, name),
    problem, button));
  name.focus();
}

// Leaving a paired phone ends what it is: only an owner brings it back.
export function unpair(leave) {
  const box = dialog(t.login.leaving, el("form", { class: "stack", onsubmit: (event) => {
    event.preventDefault();
    box.close();
    leave();
  } },
  el("h2", {}, t.device.unpairTitle),
  el("p", {}, t.device.unpairHint),
  el("button", { class: "primary", "data-testid": "unpair-confirm" }, t.device.unpair)));
}
