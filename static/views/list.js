// The day's list: one row per party, patched in place.

import { el, place } from "../dom.js";
import { longDay, shiftDay } from "../format.js";
import { visible } from "../store.js";
import { badge } from "./badge.js";
import { devices } from "./devices.js";
import { ScanBox } from "./scan.js";
import { showStats } from "./stats.js";
import { venueSettings } from "./venue.js";
import { walkIn } from "./walkin.js";

export function listScreen(main, desk) {
  const ui = layout(main, desk);
  const scan = new ScanBox(desk);
  ui.scan.append(scan.node);
  return {
    draw() {
      rows(ui, desk);
      showStats(ui.stats, desk.state.stats);
    },
    code: (text) => scan.code(text),
    begun: () => scan.begun(),
    missed: () => scan.missed(),
    queued: (items) => scan.queued(items),
    event() {},
    stop() {},
  };
}

function layout(main, desk) {
  const day = el("input", { type: "date", "aria-label": "Día de negocio", "data-testid": "day-input", onchange: () => day.value && desk.goTo(day.value) });
  const step = (by) => () => desk.goTo(shiftDay(desk.state.day, by));
  const stats = el("dl", { class: "stats", "aria-label": "Cifras" });
  const scan = el("section", { class: "card scan", "aria-label": "Puerta" });
  const title = el("h1", { class: "day-title" });
  const list = el("ul", { class: "list", "data-testid": "list" });
  const none = el("p", { class: "muted none", hidden: true });
  const search = el("input", { type: "search", placeholder: "Buscar nombre, teléfono, mesa…", "aria-label": "Buscar",
    oninput: () => { desk.filter.text = search.value; desk.draw(); } });
  const estado = el("select", { "aria-label": "Estado", onchange: () => { desk.filter.estado = estado.value; desk.draw(); } },
    new Option("Todas", ""), ...desk.rules.states.map(({ value, label }) => new Option(label, value)));
  main.replaceChildren(
    el("div", { class: "desk" },
      el("aside", { class: "side" }, scan, stats),
      el("section", { class: "day", "aria-label": "Reservas del día" },
        el("div", { class: "tools" },
          el("div", { class: "days" },
            el("button", { type: "button", "aria-label": "Día anterior", "data-testid": "day-prev", onclick: step(-1) }, "‹"),
            day,
            el("button", { type: "button", "aria-label": "Día siguiente", "data-testid": "day-next", onclick: step(1) }, "›"),
            el("button", { type: "button", "data-testid": "day-today", onclick: () => desk.today() }, "Hoy")),
          el("div", { class: "actions" },
            desk.can("owner") ? el("button", { type: "button", class: "quiet", "data-testid": "devices-button", onclick: () => devices(desk) }, "Teléfonos") : null,
            desk.can("owner") ? el("button", { type: "button", class: "quiet", "data-testid": "venue-button", onclick: () => venueSettings(desk) }, "Local") : null,
            el("button", { type: "button", "data-testid": "print", onclick: () => print() }, "Imprimir"),
            el("button", { type: "button", onclick: () => walkIn(desk) }, "Sin reserva"),
            desk.can("host") ? el("button", { type: "button", class: "primary", "data-testid": "new-button", onclick: () => desk.book() }, "Nueva reserva") : null)),
        el("div", { class: "heading" }, title, el("div", { class: "find" }, search, estado)),
        list, none)));
  return { stats, scan, title, list, none, day, drawn: new Map() };
}

function fill(row, reserva, rules) {
  const { asistenciaActual: inside, numeroPersonas: planned } = reserva;
  Object.assign(row.dataset, { id: reserva.id, attendance: inside, estado: reserva.estado });
  const bar = el("progress", { max: String(planned), value: String(Math.min(inside, planned)), "aria-hidden": "true" });
  row.replaceChildren(
    el("span", { class: "hour" }, reserva.hora),
    el("span", { class: "who" }, el("strong", {}, reserva.cliente.nombre),
      el("span", { class: "muted" }, [reserva.razonVisita, reserva.promotor?.nombre, ...reserva.detalles].filter(Boolean).join(" · "))),
    el("span", { class: "table" }, reserva.mesa || "–"),
    el("span", { class: inside > planned ? "count over" : "count", "aria-label": `${inside} de ${planned} personas` }, `${inside}/${planned}`, bar),
    badge(rules, reserva));
}

function rows(ui, desk) {
  const { state, filter } = desk;
  ui.day.value = state.day;
  ui.title.textContent = longDay(state.day);
  const found = visible(state, filter.text, filter.estado);
  const items = found.map((reserva) => {
    let item = ui.drawn.get(reserva.id);
    if (!item) {
      const button = el("button", { type: "button", class: "row", "data-testid": "row", onclick: () => desk.open(reserva.id) });
      item = { node: el("li", {}, button), button, shown: null };
      ui.drawn.set(reserva.id, item);
    }
    if (item.shown !== reserva) {
      fill(item.button, reserva, desk.rules);
      if (item.shown) flash(item.button);
      item.shown = reserva;
    }
    return item.node;
  });
  place(ui.list, items);
  for (const id of ui.drawn.keys()) if (!state.reservas.has(id)) ui.drawn.delete(id);
  ui.none.hidden = items.length > 0;
  ui.none.textContent = state.reservas.size ? "Nada coincide con la búsqueda." : desk.readAt ? "No hay reservas este día." : "Cargando…";
}

function flash(row) {
  row.classList.remove("changed");
  void row.offsetWidth; // restarts the animation
  row.classList.add("changed");
}
