// The last entries, newest first, each with its way back.

import { el } from "../dom.js";
import { signed } from "../entries.js";
import { clock } from "../format.js";
import { undoEntry, undoWalkIn } from "../views/undo.js";
import { lately } from "./lately.js";

const MOST = 20;

export function showLatest(list, desk, walkIns, open) {
  const entries = lately(desk.state.reservas.values(), walkIns.tonight, MOST);
  list.replaceChildren(...entries.map((each) => line(each, desk, walkIns, open)));
  if (!entries.length) list.append(el("li", { class: "muted" }, "Nadie ha entrado todavía."));
}

function line({ at, cantidad, name, usuario, undone, entry, reserva, sinReserva }, desk, walkIns, open) {
  const takeBack = () => (sinReserva ? undoWalkIn(desk, sinReserva, (answer) => walkIns.put(answer.sinReserva))
    : undoEntry(desk, reserva, entry, (fresh, lists) => desk.answered(fresh, lists)));
  const who = el("span", { class: "who" }, el("strong", {}, name), el("span", { class: "muted" }, `${clock(at, desk.local.timezone)} · ${usuario}`));
  return el("li", { class: undone ? "undone" : null, "data-testid": "latest-entry" }, el("strong", { class: "count" }, signed(cantidad)),
    reserva ? el("button", { type: "button", class: "line", onclick: () => open(reserva) }, who) : who,
    undone ? el("span", { class: "muted" }, "anulada")
      : el("button", { type: "button", class: "plain", "data-testid": "latest-undo", "aria-label": `Anular la entrada de ${cantidad} de ${name}`, onclick: takeBack }, "Anular"));
}
