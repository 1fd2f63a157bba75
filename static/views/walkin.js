// Counts people who come without a reservation.

import { askSurely } from "../api.js";
import { dialog, el } from "../dom.js";
import { toast } from "./toasts.js";

export function walkIn(desk) {
  const people = el("input", { type: "number", min: "1", max: "2000", value: "2", required: true, inputmode: "numeric" });
  const notes = el("input", { maxlength: "500" });
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog("Sin reserva", el("form", { class: "stack", onsubmit: save },
    el("h2", {}, "Entrada sin reserva"),
    el("label", {}, "Personas", people), el("label", {}, "Notas", notes), problem,
    el("button", { class: "primary" }, "Registrar")));
  people.select();
  async function save(event) {
    event.preventDefault();
    const button = event.submitter;
    button.disabled = true;
    try {
      // No key makes a repeat harmless here, so it is asked once and doubt is said.
      await askSurely("POST", "/api/sin-reserva", { query: desk.query, body: { numeroPersonas: people.valueAsNumber, notas: notes.value } }, () => {}, 1);
      toast(`Sin reserva: +${people.value}`, "ok");
      box.close();
    } catch (error) {
      problem.textContent = error.message;
      button.disabled = false;
    }
  }
}
