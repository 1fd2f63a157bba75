// The parts of a night's summary, on the screen and on paper: figures, arrivals by hour, lists.

import { el } from "../../dom.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";

export function figures({ cifras }) {
  const walked = t.summary.walkInsIn(cifras.gruposSinReserva);
  return el("dl", { class: "summary-figures", "data-testid": "summary-figures" },
    figure("cubiertos", t.summary.covers, cifras.cubiertos + cifras.sinReserva, t.summary.coversOf(cifras.cubiertosReservados)),
    figure("llegaron", t.summary.parties, cifras.llegaron, t.summary.partiesOf(cifras.reservas)),
    figure("noShows", t.summary.noShows, cifras.noShows, t.summary.noShowPeople(cifras.cubiertosNoShow)),
    figure("sinReserva", t.summary.walkIns, cifras.sinReserva, walked),
    figure("canceladas", t.summary.cancelled, cifras.canceladas),
    figure("rechazos", t.summary.refused, cifras.rechazos));
}

function figure(name, label, value, more) {
  return el("div", { "data-figure": name }, el("dt", {}, label), el("dd", {}, String(value)), more ? el("dd", { class: "muted" }, more) : null);
}

export function hours({ porHora }) {
  const most = Math.max(1, ...porHora.map(total));
  const head = [t.summary.hour, t.summary.booked, t.summary.walked, t.summary.total];
  return section(t.summary.byHour, "summary-hours", porHora.length
    ? el("table", { class: "by-hour" },
      el("thead", {}, el("tr", {}, ...head.map((each) => el("th", { scope: "col" }, each)), el("td", {}))),
      el("tbody", {}, ...porHora.map((each) => hour(each, most))))
    : el("p", { class: "muted" }, t.summary.nobody));
}

function total({ reservas, sinReserva }) {
  return reservas + sinReserva;
}

function hour(each, most) {
  const numbers = [each.reservas, each.sinReserva, total(each)];
  return el("tr", {}, el("th", { scope: "row" }, each.hora), ...numbers.map((value) => el("td", {}, String(value))),
    el("td", { class: "bar-cell" }, el("progress", { max: String(most), value: String(total(each)), "aria-hidden": "true" })));
}

export function noShows({ noShows: parties }, desk) {
  return list(t.summary.noShows, "no-shows", t.summary.none, parties.map((each) => line(desk, each, each.hora,
    [t.summary.people(each.numeroPersonas), each.mesa && t.summary.table(each.mesa), each.promotor])));
}

// What somebody decided against the rules.
export function decisions({ forzados, sobrecupos, conflictos }, desk) {
  const at = ({ timestamp }) => clock(timestamp, desk.local.timezone);
  return [
    list(t.summary.forced, "forced", t.summary.none, forzados.map((each) => line(desk, each, at(each),
      [t.summary.people(each.personas), each.motivo, each.usuario]))),
    list(t.summary.overbooked, "overbooked", t.summary.none, sobrecupos.map((each) => line(desk, each, at(each),
      [t.summary.limits[each.limite], each.motivo, each.usuario]))),
    list(t.summary.conflicts, "conflicts", t.summary.none, conflictos.map((each) => line(desk, each, at(each),
      [t.summary.people(each.personas), t.summary.verdicts[each.veredicto] ?? each.veredicto,
        t.summary.resolutions[each.resolucion ?? "pending"], each.motivo, each.usuario]))),
  ];
}

function list(title, name, none, lines) {
  return section(`${title} (${lines.length})`, `summary-${name}`,
    lines.length ? el("ul", { class: "night-lines" }, ...lines) : el("p", { class: "muted" }, none));
}

// A party of the list opens, where one may reinstate it.
function line(desk, { reservaId, nombre }, when, more) {
  const who = reservaId && desk.state.reservas.has(reservaId)
    ? el("button", { type: "button", class: "link", onclick: () => desk.open(reservaId) }, nombre)
    : el("strong", {}, nombre);
  return el("li", {}, el("span", { class: "hour" }, when), who, el("span", { class: "muted" }, more.filter(Boolean).join(" · ")));
}

function section(title, name, ...children) {
  return el("section", { class: "card", "data-testid": name }, el("h2", {}, title), ...children);
}
