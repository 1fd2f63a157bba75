// The figures of the venue, as the server counts them.

import { el } from "../dom.js";
import { t } from "../words/index.js";

const FIGURES = ["reservasHoy", "totalReservas", "totalAsistentes", "totalSinReserva"];

export function showStats(box, stats) {
  if (!box.children.length) {
    for (const name of FIGURES) {
      box.append(el("div", {}, el("dt", {}, t.stats[name]), el("dd", { "data-testid": `stats-${name}` }, "–")));
    }
  }
  if (!stats) return;
  FIGURES.forEach((name, index) => {
    box.children[index].lastChild.textContent = String(stats[name]);
  });
}
