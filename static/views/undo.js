// Takes an entry back, with a reason; the entry log keeps both.

import { askSurely } from "../api.js";
import { dialog, el } from "../dom.js";
import { newKey } from "../format.js";

const REASONS = ["Número equivocado", "Persona equivocada", "No entró nadie"];

export function undoEntry(desk, reserva, entry, done) {
  const scanId = newKey(); // one per opening: a double tap or a retry takes back once
  const reason = el("input", { maxlength: "300", required: true, list: "undo-reasons", "aria-label": "Motivo", "data-testid": "undo-reason" });
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog("Anular entrada", el("form", { class: "stack", onsubmit: send },
    el("h2", {}, `Anular +${entry.cantidad} de ${reserva.cliente.nombre}`),
    el("label", {}, "Motivo", reason),
    el("datalist", { id: "undo-reasons" }, ...REASONS.map((each) => new Option(each))),
    problem, el("button", { class: "primary", "data-testid": "undo-confirm" }, "Anular entrada")));
  reason.focus();

  async function send(event) {
    event.preventDefault();
    event.submitter.disabled = true;
    const { lists } = desk;
    try {
      const path = `/api/reservas/${reserva.id}/asistencia/${encodeURIComponent(entry.scanId)}/anular`;
      const answer = await askSurely("POST", path, { query: desk.query, body: { scanId, motivo: reason.value } },
        () => { problem.textContent = "Sin confirmar: se sigue intentando…"; });
      box.close();
      done(answer.reserva, lists);
    } catch (error) {
      if (error.status === 401) return desk.leave();
      problem.textContent = error.message;
      event.submitter.disabled = false;
    }
  }
}
