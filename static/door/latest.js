// The last entries, newest first, each with its way back.

import { el, place } from "../dom.js";
import { signed } from "../entries.js";
import { clock } from "../format.js";
import { undoEntry, undoWalkIn } from "../views/undo.js";
import { t } from "../words/index.js";
import { lately } from "./lately.js";

const MOST = 20;

export function showLatest(list, desk, walkIns, open) {
  const entries = lately(desk.state.reservas.values(), walkIns.tonight, MOST);
  // Lines under a finger or with the focus are not made anew.
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const lines = entries.map((each) => before.get(keyOf(each)) ?? line(each, desk, walkIns, open));
  if (!entries.length) lines.push(before.get(undefined) ?? el("li", { class: "muted" }, t.parts.noneEntered));
  place(list, lines);
}

const keyOf = ({ entry, sinReserva, undone }) => `${entry?.scanId ?? sinReserva.id}/${undone}`;

function line(shown, desk, walkIns, open) {
  const { at, cantidad, name, usuario, undone, entry, reserva, sinReserva } = shown;
  const takeBack = () => (sinReserva ? undoWalkIn(desk, sinReserva, (answer) => walkIns.put(answer.sinReserva))
    : undoEntry(desk, reserva, entry, (fresh, lists) => desk.answered(fresh, lists)));
  const who = el("span", { class: "who" }, el("strong", {}, name), el("span", { class: "muted" }, `${clock(at, desk.local.timezone)} · ${usuario}`));
  return el("li", { class: undone ? "undone" : null, "data-testid": "latest-entry", "data-key": keyOf(shown) }, el("strong", { class: "count" }, signed(cantidad)),
    reserva ? el("button", { type: "button", class: "line", onclick: () => open(reserva) }, who) : who,
    undone ? el("span", { class: "muted" }, t.door.undoneMark)
      : el("button", { type: "button", class: "plain", "data-testid": "latest-undo", "aria-label": t.door.undoEntry(cantidad, name), onclick: takeBack }, t.parts.undo));
}
