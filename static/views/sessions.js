// One's own sessions, and one's own password.

import { ask } from "../api.js";
import { dialog, el } from "../dom.js";
import { t } from "../words/index.js";
import { sessionLine, sureButton } from "./seen.js";

export function sessions() {
  const list = el("ul", { class: "access-lines", "data-testid": "sessions" });
  const told = el("p", { class: "told", role: "status", "data-testid": "sessions-told" });
  const problem = el("p", { class: "problem", role: "alert", "data-testid": "sessions-problem" });
  const others = sureButton(t.sessions.endOthers, t.sessions.endOthersSure, () => act("DELETE", ""), "sessions-end-others");
  others.hidden = true;
  dialog(t.sessions.title, el("div", { class: "stack" },
    el("h2", {}, t.sessions.title), el("p", { class: "muted" }, t.sessions.hint), list, others, told, problem,
    el("details", { class: "access-password" }, el("summary", { "data-testid": "password-open" }, t.sessions.password), passwordForm(told, problem, look))));
  look();

  async function look() {
    try {
      const { sesiones } = await ask("GET", "/api/session/sesiones");
      list.replaceChildren(...sesiones.map((each) => sessionLine(each, ({ id }) => act("DELETE", `/${id}`))));
      others.hidden = sesiones.length < 2;
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  async function act(method, path) {
    problem.textContent = "";
    try {
      const { cerradas } = await ask(method, `/api/session/sesiones${path}`);
      told.textContent = t.sessions.ended(cerradas ?? 1);
    } catch (error) {
      if (error.status !== 404) problem.textContent = error.message;
    }
    await look();
  }
}

function passwordForm(told, problem, changed) {
  const field = (name, autocomplete) => el("input", { type: "password", name, autocomplete, required: true, "data-testid": name });
  const actual = field("password-now", "current-password");
  const wanted = field("password-new", "new-password");
  wanted.minLength = 8;
  return el("form", { class: "stack", onsubmit: async (event) => {
    event.preventDefault();
    event.submitter.disabled = true;
    problem.textContent = "";
    try {
      await ask("PUT", "/api/session/clave", { body: { actual: actual.value, password: wanted.value } });
      told.textContent = t.sessions.passwordChanged;
      event.target.reset();
      await changed();
    } catch (error) {
      problem.textContent = error.message;
    }
    event.submitter.disabled = false;
  } },
  el("label", {}, t.sessions.passwordNow, actual), el("label", {}, t.sessions.passwordNew, wanted),
  el("p", { class: "muted" }, t.sessions.passwordHint),
  el("button", { class: "primary", "data-testid": "password-submit" }, t.sessions.passwordSubmit));
}
