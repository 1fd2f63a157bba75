// The night on paper: what printing puts out instead of the screen.

import { el } from "../dom.js";
import { clock, longDay } from "../format.js";
import { visible } from "../store.js";
import { t } from "../words/index.js";

const CANCELLED = "Cancelado";
const COLUMNS = [t.parts.hour, t.sheet.guest, t.sheet.people, t.parts.table, t.parts.notes, ""];

// `shown` returns the desk, or null while nobody is logged in.
export function printable(shown) {
  let drawn = null;
  addEventListener("beforeprint", () => {
    drawn?.remove();
    const desk = shown();
    drawn = desk && (desk.screen.paper?.() ?? sheet(desk));
    if (drawn) document.body.append(drawn);
  });
  addEventListener("afterprint", () => drawn?.remove());
}

function sheet({ state, local }) {
  const all = visible(state, "", "");
  const coming = all.filter((reserva) => reserva.estado !== CANCELLED).sort(byHourAndName);
  const title = `${local.nombre} · ${longDay(state.day)}`;
  const printed = t.sheet.printedAt(clock(new Date().toISOString(), local.timezone));
  return el("table", { class: "sheet", "data-testid": "sheet" },
    el("colgroup", {}, ...COLUMNS.map(() => el("col"))),
    el("thead", {},
      el("tr", { class: "title" }, el("th", { colSpan: COLUMNS.length }, title, el("span", {}, printed))),
      el("tr", {}, ...COLUMNS.map((each) => el("th", { scope: "col" }, each)))),
    el("tbody", {}, ...coming.map(line)),
    el("tfoot", {}, el("tr", {}, el("td", { colSpan: COLUMNS.length }, totals(coming, all.length - coming.length)))));
}

// Paper cannot be searched: within an hour the names have their order.
function byHourAndName(a, b) {
  return (a.fecha + a.hora).localeCompare(b.fecha + b.hora) || a.cliente.nombre.localeCompare(b.cliente.nombre, "es");
}

function line(reserva) {
  const { asistenciaActual: inside, numeroPersonas: planned } = reserva;
  const notes = [...reserva.detalles, reserva.beneficiosReserva, reserva.razonVisita, reserva.promotor?.nombre];
  return el("tr", {},
    el("td", {}, reserva.hora), el("td", {}, reserva.cliente.nombre),
    el("td", {}, inside ? t.parts.of(inside, planned) : String(planned)),
    el("td", {}, reserva.mesa), el("td", {}, notes.filter(Boolean).join(" · ")),
    el("td", { class: "tick" }, el("span", {})));
}

function totals(coming, cancelled) {
  const sum = (of) => coming.reduce((total, each) => total + of(each), 0);
  const inside = sum((each) => each.asistenciaActual);
  return [
    t.sheet.reservations(coming.length),
    t.sheet.covers(sum((each) => each.numeroPersonas)),
    inside ? t.sheet.inside(inside) : "",
    cancelled ? t.sheet.cancelled(cancelled) : "",
  ].filter(Boolean).join(" · ");
}
