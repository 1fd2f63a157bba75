// A phone becomes a device of the door: an owner shows a code, whose address opens this.

import { ask } from "../api.js";
import { dialog, el } from "../dom.js";

const ROUTE = /^#\/vincular\/([A-Za-z0-9]+)$/;

// Returns the code that the page was opened with, or null.
export function invitation() {
  return location.hash.match(ROUTE)?.[1] ?? null;
}

export function pairing(main, code, done) {
  const name = el("input", { maxlength: "60", required: true, autocomplete: "off", placeholder: "Puerta 1", "data-testid": "pair-name" });
  const problem = el("p", { class: "problem", role: "alert", "data-testid": "pair-problem" });
  const button = el("button", { class: "primary", "data-testid": "pair-submit" }, "Vincular");
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      await ask("POST", "/api/dispositivos/vincular", { body: { codigo: code, nombre: name.value } });
      history.replaceState(null, "", "#/puerta");
      done();
    } catch (error) {
      problem.textContent = error.uncertain ? `${error.message} Si no entra, pide un código nuevo.` : error.message;
      button.disabled = false;
    }
  }
  main.replaceChildren(el("form", { class: "card login", onsubmit: submit },
    el("img", { src: "/static/icon.svg", alt: "", width: "56", height: "56" }),
    el("h1", {}, "Vincular este teléfono"),
    el("p", { class: "muted" }, "Servirá para la puerta, sin contraseña. Si alguien tiene la sesión abierta en él, se cierra."),
    el("label", {}, "Nombre de este teléfono", name),
    problem, button));
  name.focus();
}

// Leaving a paired phone ends what it is: only an owner brings it back.
export function unpair(leave) {
  const box = dialog("Salir", el("form", { class: "stack", onsubmit: (event) => {
    event.preventDefault();
    box.close();
    leave();
  } },
  el("h2", {}, "¿Desvincular este teléfono?"),
  el("p", {}, "Para volver a usarlo en la puerta, alguien tiene que vincularlo otra vez."),
  el("button", { class: "primary", "data-testid": "unpair-confirm" }, "Desvincular y salir")));
}
