// Takes back what was registered: asks for the reason, and sends it once.

import { reasons } from "../door/reasons.js";
import { dialog, el } from "../dom.js";
import { newKey } from "../format.js";
import { t } from "../words/index.js";
import { toast } from "./toasts.js";

const REASONS = Object.values(t.undo.reasons);

// path: what is taken back, `undoes` the scan if it was one; done(answer, lists) when it was.
export function takeBack(desk, title, path, done, undoes) {
  const scanId = newKey(); // one per opening: a double tap or a retry takes back once
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog(t.undo.box, el("div", { class: "stack" }, el("h2", {}, title),
    reasons("undo", REASONS, t.undo.box, send, true), problem));
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
    else toast(t.undo.waits(title), "warn");
  }
}

export function undoEntry(desk, reserva, entry, done) {
  takeBack(desk, t.undo.entryOf(entry.cantidad, reserva.cliente.nombre),
    `/api/reservas/${reserva.id}/asistencia/${encodeURIComponent(entry.scanId)}`,
    (answer, lists) => done(answer.reserva, lists), entry.scanId);
}

export function undoWalkIn(desk, { id, numeroPersonas }, done) {
  takeBack(desk, t.undo.walkInOf(numeroPersonas), `/api/sin-reserva/${encodeURIComponent(id)}`, done);
}
