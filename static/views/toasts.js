// Tells in passing what others changed; a few lines at the most.

import { el } from "../dom.js";
import { t } from "../words/index.js";

const MOST = 4;
const SHOWN_MS = 6000;

function sentence(event, rules) {
  const { reserva } = event;
  const name = reserva?.cliente.nombre;
  switch (event.type) {
    case "qr-scanned": return `${name}: +${event.increment} (${reserva.asistenciaActual}/${reserva.numeroPersonas})`;
    case "reservation-created": return t.toasts.created(name, reserva.numeroPersonas, reserva.hora);
    case "reservation-updated": return t.toasts.updated(name);
    case "reservation-deleted": return t.toasts.deleted(name);
    case "status-changed": return `${name}: ${rules.label(reserva).toLowerCase()}`;
    case "entry-undone": return t.toasts.undone(name, event.cantidad, event.motivo);
    case "walkin-changed": return t.toasts[event.action === "created" ? "walkIn" : "walkInGone"](event.sinReserva.numeroPersonas);
    case "waitlist-changed": return t.toasts.waits(event.espera.nombre, event.espera.numeroPersonas);
    case "scan-refused": return t.toasts.refused(event.clienteNombre, event.usuario);
    case "conflict-changed": return t.toasts[event.action === "created" ? "conflict" : "resolved"](event.conflicto.clienteNombre);
    default: return t.toasts.other;
  }
}

export function toast(text, tone = "info", shownMs = SHOWN_MS) {
  const box = document.getElementById("toasts");
  const node = el("div", { class: `toast ${tone}`, "data-testid": "toast" }, text);
  box.append(node);
  while (box.children.length > MOST) box.firstChild.remove();
  setTimeout(() => node.remove(), shownMs);
}

// The plan and who moves within it show on the tables themselves.
const SILENT = new Set(["plan-changed", "venue-changed", "walkin-changed/updated", "waitlist-changed/updated"]);

export function announce(event, rules) {
  if (SILENT.has(event.type) || SILENT.has(`${event.type}/${event.action}`)) return;
  if (event.cierre) return; // a whole night at once, and its summary tells
  toast(sentence(event, rules));
}
