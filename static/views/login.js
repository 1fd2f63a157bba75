// Asks who is there.

import { ask } from "../api.js";
import { el } from "../dom.js";
import { t } from "../words/index.js";
import { languagePicker } from "./language.js";

// The password was right, and yet the next request comes without a session.
function cookieLost() {
  if (location.protocol === "https:") return t.login.cookieLost;
  return t.login.cookieNeedsTls(location.host);
}

// `reason` says why somebody has to log in again.
export function login(main, done, reason = "") {
  const problem = el("p", { class: "problem", role: "alert", "data-testid": "login-problem" }, reason);
  const email = el("input", { type: "email", name: "email", autocomplete: "username", required: true, "data-testid": "login-email" });
  const password = el("input", { type: "password", name: "password", autocomplete: "current-password", required: true, "data-testid": "login-password" });
  const button = el("button", { class: "primary", "data-testid": "login-submit" }, t.login.submit);
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
    el("h1", {}, t.login.title),
    el("p", { class: "muted" }, t.login.motto),
    el("label", {}, t.login.email, email),
    el("label", {}, t.login.password, password),
    problem, button, languagePicker()));
  email.focus();
}
