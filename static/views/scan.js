// The door: takes what a keyboard-wedge scanner types, and says who may enter.

import { askSurely } from "../api.js";
import { el } from "../dom.js";
import { newKey } from "../format.js";

const ICON = { ok: "✓", warn: "!", error: "✕", wait: "…" };

export function scanBox(desk) {
  const code = el("input", { "aria-label": "Código QR", placeholder: "Código QR", autocomplete: "off",
    autocapitalize: "characters", spellcheck: "false", maxlength: "300", "data-testid": "scan-input" });
  const people = el("input", { type: "number", min: "1", max: "500", value: "1", "aria-label": "Personas que entran", inputmode: "numeric", "data-testid": "scan-people" });
  const verdict = el("div", { class: "verdict", role: "status", "aria-live": "assertive", "data-testid": "scan-verdict", hidden: true });

  function say(kind, title, text, ...more) {
    verdict.hidden = false;
    verdict.dataset.verdict = kind;
    verdict.replaceChildren(el("span", { class: "icon", "aria-hidden": "true" }, ICON[kind]),
      el("div", {}, el("strong", {}, title), el("p", {}, text), ...more));
  }

  // One id per physical scan, the same on every retry: it counts once or not at all.
  const newScan = (qrCode, increment, force = false) =>
    ({ qrCode, action: "increment", increment, scanId: newKey(), scannedAt: new Date().toISOString(), force });

  async function send(scan) {
    say("wait", "Comprobando…", "");
    const { lists } = desk;
    try {
      const answer = await askSurely("POST", "/api/reservas/qr-scan", { query: desk.query, body: scan },
        () => say("warn", "Sin confirmar", "El servidor no responde; se sigue intentando con el mismo escaneo."));
      desk.answered(answer.reserva, lists);
      say(answer.exceso ? "warn" : "ok", `Adelante: +${answer.increment}`, answer.message);
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      refuse(scan, error);
    }
    if (!document.querySelector("dialog[open]")) code.focus();
  }

  function refuse(scan, error) {
    const name = error.body.reserva?.cliente.nombre;
    if (error.uncertain) {
      say("warn", "No confirmado", error.message, confirm("Reintentar", scan));
    } else if (desk.rules.mayOverrule(error.code, desk.local.role)) {
      say("warn", name ?? "Confirma", error.message, confirm("Dejar entrar", newScan(scan.qrCode, scan.increment, true)));
    } else {
      say("error", name ? `No pasa: ${name}` : "No pasa", error.message);
    }
  }

  const confirm = (label, scan) => el("button", { type: "button", onclick: () => send(scan), "data-testid": "scan-confirm" }, label);

  return el("form", { class: "scan-form", onsubmit: (event) => {
    event.preventDefault();
    const value = code.value.trim();
    code.value = "";
    const increment = people.valueAsNumber || 1;
    people.value = "1";
    if (value) send(newScan(value, increment));
  } },
  el("h2", {}, "Puerta"),
  el("div", { class: "scan-line" }, code, people, el("button", { class: "primary", "data-testid": "scan-submit" }, "Entrar")),
  verdict);
}
