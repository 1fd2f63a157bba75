// The figures of the venue, as the server counts them.

import { el } from "../dom.js";

const FIGURES = [
  ["reservasHoy", "Reservas hoy"],
  ["totalReservas", "Reservas del mes"],
  ["totalAsistentes", "Asistentes del mes"],
  ["totalSinReserva", "Sin reserva del mes"],
];

export function showStats(box, stats) {
  if (!box.children.length) {
    for (const [name, label] of FIGURES) {
      box.append(el("div", {}, el("dt", {}, label), el("dd", { "data-testid": `stats-${name}` }, "–")));
    }
  }
  if (!stats) return;
  FIGURES.forEach(([name], index) => {
    box.children[index].lastChild.textContent = String(stats[name]);
  });
}
