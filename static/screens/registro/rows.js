// The rows of the audit trail: a sentence each, under its day, with what was before and after.

import { el } from "../../dom.js";
import { clock, longDay } from "../../format.js";
import { t } from "../../words/index.js";

const RESERVATION = "reserva:";

// `open(id)` shows a reservation.
export function rows(filas, zone, open) {
  const days = Map.groupBy(filas, ({ timestamp }) => dayOf(timestamp, zone));
  return [...days].map(([day, rest]) => el("section", { class: "card registro-day" },
    el("h2", { class: "day-name" }, longDay(day)),
    el("ol", { class: "registro-rows" }, ...rest.map((each) => row(each, zone, open)))));
}

function dayOf(timestamp, zone) {
  return new Date(timestamp).toLocaleDateString("sv", { timeZone: zone });
}

function row(each, zone, open) {
  const from = [each.dispositivo, each.direccion, t.registro.row(each.fila)].filter(Boolean).join(" · ");
  return el("li", { "data-testid": "registro-row", "data-action": each.accion },
    el("span", { class: "registro-hour" }, clock(each.timestamp, zone)),
    el("div", {},
      el("p", {}, el("strong", {}, each.usuario || t.registro.nobody), " ", each.frase),
      el("p", { class: "muted registro-from" }, from),
      more(each, open)));
}

function more(each, open) {
  const isReservation = each.sobre?.startsWith(RESERVATION);
  if (!each.cambios.length && !each.borrado && !isReservation) return null;
  return el("details", {},
    el("summary", {}, t.registro.details),
    each.borrado ? el("p", { class: "muted" }, t.registro.personalGone) : null,
    each.cambios.length ? changes(each.cambios) : null,
    isReservation ? el("button", { type: "button", "data-testid": "registro-open", onclick: () => open(each.sobre.slice(RESERVATION.length)) }, t.registro.open) : null);
}

function changes(cambios) {
  const head = [t.registro.field, t.registro.before, t.registro.after];
  return el("table", { class: "registro-changes" },
    el("thead", {}, el("tr", {}, ...head.map((each) => el("th", { scope: "col" }, each)))),
    el("tbody", {}, ...cambios.map(({ etiqueta, antes, despues }) => el("tr", {},
      el("th", { scope: "row" }, etiqueta), el("td", {}, antes ?? ""), el("td", {}, despues ?? "")))));
}
