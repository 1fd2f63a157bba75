// Takes a code that is typed, or finds a party of tonight by name, phone or table.

import { el, place } from "../dom.js";
import { visible } from "../store.js";
import { t } from "../words/index.js";

const MOST = 8;
const CODE = /^R1\./i;

// code(text) and open(reserva); redraw() when the list changed.
export function finder(desk, { code, open }) {
  const input = el("input", { type: "search", placeholder: t.door.finder, "aria-label": t.door.finder,
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "300", "data-testid": "finder", oninput: redraw });
  const list = el("ul", { class: "found" });
  const node = el("form", { class: "finder", onsubmit: submit }, input, list);

  // Opened again without a connection there is only what the phone keeps.
  function known() {
    return desk.state.reservas.size ? desk.state : { reservas: desk.queue.parties };
  }

  function found() {
    const text = input.value.trim();
    return text && !CODE.test(text) ? visible(known(), text, "").slice(0, MOST) : [];
  }

  function redraw() {
    const parties = found();
    const before = new Map([...list.children].map((node) => [node.dataset.id, node]));
    const lines = parties.map((reserva) => filled(before.get(reserva.id) ?? line(reserva), reserva));
    if (input.value.trim() && !parties.length && !CODE.test(input.value.trim())) lines.push(el("li", { class: "muted" }, t.door.noneFound));
    place(list, lines);
  }

  function line(reserva) {
    return el("li", { "data-id": reserva.id }, el("button", { type: "button", class: "line", "data-testid": "found", onclick: () => choose(known().reservas.get(reserva.id) ?? reserva) }));
  }

  function filled(node, reserva) {
    node.firstChild.replaceChildren(
      el("span", { class: "who" }, el("strong", {}, reserva.cliente.nombre), el("span", { class: "muted" }, [reserva.hora, reserva.mesa, desk.rules.label(reserva)].filter(Boolean).join(" · "))),
      el("span", { class: "count" }, `${reserva.asistenciaActual}/${reserva.numeroPersonas}`));
    return node;
  }

  function choose(reserva) {
    input.value = "";
    redraw();
    open(reserva);
  }

  function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    if (CODE.test(text)) {
      input.value = "";
      redraw();
      code(text.toUpperCase());
    } else if (found().length === 1) choose(found()[0]);
  }

  return { node, redraw, focus: () => input.focus() };
}
