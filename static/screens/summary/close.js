// Asks an owner whether the night is to be closed, and closes it.

import { ask } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { longDay } from "../../format.js";
import { t } from "../../words/index.js";

export function confirmClose(desk, { diaNegocio, cifras }, closed) {
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog(t.summary.close, el("form", { class: "stack", onsubmit: send },
    el("h2", {}, t.summary.close),
    el("p", {}, el("strong", { class: "day-name" }, longDay(diaNegocio))),
    el("p", {}, t.summary.closeAsk(cifras.pendientes)), problem,
    el("div", { class: "moves" },
      el("button", { class: "primary", "data-testid": "close-night-confirm" }, t.summary.closeConfirm),
      el("button", { type: "button", onclick: () => box.close() }, t.summary.cancel))));

  async function send(event) {
    event.preventDefault();
    event.submitter.disabled = true;
    try {
      const answer = await ask("POST", "/api/noche/cerrar", { query: desk.query, body: { fecha: diaNegocio } });
      box.close();
      closed(answer);
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      event.submitter.disabled = false;
    }
  }
}
