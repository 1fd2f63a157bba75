// Asks who is there.

import { ask } from "../api.js";
import { el } from "../dom.js";

// The password was right, and yet the next request comes without a session.
function cookieLost() {
  if (location.protocol === "https:") return "El navegador no guardó la sesión: permite las cookies de esta página.";
  return `El navegador no guardó la sesión: el servidor está configurado para https. Abre https://${location.host} o quita RESERVAS_SECURE_COOKIES.`;
}

// `reason` says why somebody has to log in again.
export function login(main, done, reason = "") {
  const problem = el("p", { class: "problem", role: "alert", "data-testid": "login-problem" }, reason);
  const email = el("input", { type: "email", name: "email", autocomplete: "username", required: true, "data-testid": "login-email" });
  const password = el("input", { type: "password", name: "password", autocomplete: "current-password", required: true, "data-testid": "login-password" });
  const button = el("button", { class: "primary", "data-testid": "login-submit" }, "Entrar");
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      await ask("POST", "/api/login", { body: { email: email.value, password: password.value } });
      done(await session());
    } catch (error) {
      problem.textContent = error.message;
      button.disabled = false;
      password.select();
    }
  }
  async function session() {
    try {
      return await ask("GET", "/api/session");
    } catch (error) {
      throw error.status === 401 ? new Error(cookieLost()) : error;
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
