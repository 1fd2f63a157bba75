// Tells in passing what others changed; a few lines at the most.

import { el } from "../dom.js";

const MOST = 4;
const SHOWN_MS = 6000;

function sentence(event, rules) {
  const { reserva } = event;
  const name = reserva?.cliente.nombre;
  switch (event.type) {
    case "qr-scanned": return `${name}: +${event.increment} (${reserva.asistenciaActual}/${reserva.numeroPersonas})`;
    case "reservation-created": return `Nueva reserva: ${name}, ${reserva.numeroPersonas} a las ${reserva.hora}`;
    case "reservation-updated": return `${name}: reserva modificada`;
    case "reservation-deleted": return `${name}: reserva eliminada`;
    case "status-changed": return `${name}: ${rules.label(reserva).toLowerCase()}`;
    case "entry-undone": return `${name}: se anuló una entrada de ${event.cantidad} (${event.motivo})`;
    case "walkin-changed": return event.action === "created" ? `Sin reserva: +${event.sinReserva.numeroPersonas}` : `Se quitó una entrada sin reserva: ${event.sinReserva.numeroPersonas}`;
    case "scan-refused": return `No pasó: ${event.clienteNombre ?? "código desconocido"} (${event.usuario})`;
    case "conflict-changed": return event.action === "created" ? `Conflicto en la puerta: ${event.conflicto.clienteNombre}` : `Conflicto resuelto: ${event.conflicto.clienteNombre}`;
    default: return "Hubo un cambio";
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
const SILENT = new Set(["plan-changed", "walkin-changed/updated"]);

export function announce(event, rules) {
  if (SILENT.has(event.type) || SILENT.has(`${event.type}/${event.action}`)) return;
  if (event.cierre) return; // a whole night at once, and its summary tells
  toast(sentence(event, rules));
}
