// What still waits for the server, and what it did not take: a badge with the count, and the list.

import { dialog, el } from "../dom.js";
import { clock } from "../format.js";

const STATES = { waiting: "en espera", conflict: "en conflicto", refused: "rechazado" };

export function waitingBadge(desk) {
  const badge = el("button", { type: "button", class: "waiting", hidden: true, "data-testid": "waiting", onclick: show });
  let open = [];

  function draw(items) {
    open = items.filter(({ state }) => STATES[state]);
    const waits = open.filter(({ state }) => state === "waiting").length;
    const others = open.length - waits;
    badge.hidden = open.length === 0;
    badge.dataset.waits = String(waits);
    badge.textContent = [waits ? `Sin enviar: ${waits}` : "", others ? `Por revisar: ${others}` : ""].filter(Boolean).join(" · ");
  }

  function show() {
    const close = (id) => {
      desk.queue.dismiss(id);
      box.close();
    };
    const line = ({ id, label, at, state, answer }) => el("li", {}, el("span", { class: "who" }, el("strong", {}, label),
      el("span", { class: "muted" }, `${clock(at, desk.local.timezone)} · ${STATES[state]}${answer?.message ? `: ${answer.message}` : ""}`)),
    state === "waiting" ? null : el("button", { type: "button", onclick: () => close(id) }, "Visto"));
    const box = dialog("Sin enviar", el("div", { class: "stack" }, el("h2", {}, "Sin enviar y por revisar"),
      ...warnings(desk.queue).map((text) => el("p", { class: "problem" }, text)),
      el("ul", { class: "latest" }, ...open.map(line)),
      el("button", { type: "button", class: "primary", onclick: () => desk.queue.retryNow() }, "Reintentar ahora")));
  }

  return { node: badge, draw };
}

// What somebody must know who relies on it that these are sent.
function warnings({ problem, durable }) {
  return [problem, durable ? null : "Este teléfono no guarda lo que espera: no cierres esta página."].filter(Boolean);
}
