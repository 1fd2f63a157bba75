// Asks who is there.

import { ask } from "../api.js";
import { el } from "../dom.js";

export function login(main, done) {
  const problem = el("p", { class: "problem", role: "alert", id: "login-problem" });
  const email = el("input", { type: "email", name: "email", autocomplete: "username", required: true, "data-testid": "login-email" });
  const password = el("input", { type: "password", name: "password", autocomplete: "current-password", required: true, "data-testid": "login-password" });
  const button = el("button", { class: "primary", "data-testid": "login-submit" }, "Entrar");
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      done(await ask("POST", "/api/login", { body: { email: email.value, password: password.value } }));
    } catch (error) {
      problem.textContent = error.message;
      button.disabled = false;
      password.select();
    }
  }
  main.replaceChildren(el("form", { class: "card login", onsubmit: submit },
    el("img", { src: "/static/icon.svg", alt: "", width: "56", height: "56" }),
    el("h1", {}, "Reservas"),
    el("p", { class: "muted" }, "La mesa y la puerta de tu local, al instante."),
    el("label", {}, "Correo", email),
    el("label", {}, "Contraseña", password),
    problem, button));
  email.focus();
}
