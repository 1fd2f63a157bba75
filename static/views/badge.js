// The state of a reservation as a coloured word; which colour is the style sheet's business.

import { el } from "../dom.js";

export function badge(rules, reserva) {
  return el("span", { class: "badge", "data-estado": reserva.estado, "data-inside": reserva.asistenciaActual > 0 },
    rules.label(reserva));
}
