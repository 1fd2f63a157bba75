// Counts people who come without a reservation.

import { askSurely } from "../api.js";
import { dialog, el } from "../dom.js";
import { newKey } from "../format.js";
import { t } from "../words/index.js";
import { toast } from "./toasts.js";

export function walkIn(desk) {
  const key = newKey(); // one per opening: a retry counts once
  const people = el("input", { type: "number", min: "1", max: "2000", value: "2", required: true, inputmode: "numeric" });
  const notes = el("input", { maxlength: "500" });
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog(t.walkin.box, el("form", { class: "stack", onsubmit: save },
    el("h2", {}, t.walkin.title),
    el("label", {}, t.parts.people, people), el("label", {}, t.parts.notes, notes), problem,
    el("button", { class: "primary" }, t.parts.register)));
  people.select();
  async function save(event) {
    event.preventDefault();
    const button = event.submitter;
    button.disabled = true;
    try {
      await askSurely("POST", "/api/sin-reserva",
        { query: desk.query, body: { numeroPersonas: people.valueAsNumber, notas: notes.value }, headers: { "Idempotency-Key": key } },
        () => { problem.textContent = t.parts.unconfirmed; });
      toast(t.walkin.counted(people.value), "ok");
      box.close();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      button.disabled = false;
    }
  }
}
