// Takes back what was registered: asks for the reason, and sends it once.

import { reasons } from "../door/reasons.js";
import { dialog, el } from "../dom.js";
import { newKey } from "../format.js";
import { toast } from "./toasts.js";

const REASONS = ["Número equivocado", "Persona equivocada", "No entró nadie"];

// path: what is taken back, `undoes` the scan if it was one; done(answer, lists) when it was.
export function takeBack(desk, title, path, done, undoes) {
  const scanId = newKey(); // one per opening: a double tap or a retry takes back once
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog("Anular entrada", el("div", { class: "stack" }, el("h2", {}, title),
    reasons("undo", REASONS, "Anular entrada", send, true), problem));
  box.querySelector("[data-testid=undo-reason]").focus();

  async function send(motivo, button) {
    button.disabled = true;
    const { lists } = desk;
    const outcome = await desk.queue.send({ method: "POST", path: `${path}/anular`, body: { scanId, motivo }, label: title, undoes });
    if (outcome.error?.status === 401) return desk.leave(outcome.error);
    if (outcome.kind === "refused") {
      problem.textContent = outcome.error.message;
      button.disabled = false;
      return;
    }
    box.close();
    if (outcome.kind === "answered") done(outcome.answer, lists);
    else toast(`${title}: sin conexión, queda en espera.`, "warn");
  }
}

export function undoEntry(desk, reserva, entry, done) {
  takeBack(desk, `Anular +${entry.cantidad} de ${reserva.cliente.nombre}`,
    `/api/reservas/${reserva.id}/asistencia/${encodeURIComponent(entry.scanId)}`,
    (answer, lists) => done(answer.reserva, lists), entry.scanId);
}

export function undoWalkIn(desk, { id, numeroPersonas }, done) {
  takeBack(desk, `Anular ${numeroPersonas} sin reserva`, `/api/sin-reserva/${encodeURIComponent(id)}`, done);
}
