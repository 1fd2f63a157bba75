// The door: takes what a keyboard-wedge scanner types, and says who may enter.

import { askSurely } from "../api.js";
import { el } from "../dom.js";
import { newKey } from "../format.js";

// A confirmed excess, late no-show or re-entry may be let in by a person's decision.
const OVERRULABLE = new Set(["exceso", "no_show", "finished"]);
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

  async function scan(qrCode, increment, force = false) {
    // One id per physical scan, the same on every retry: it counts once or not at all.
    const body = { qrCode, action: "increment", increment, scanId: newKey(), scannedAt: new Date().toISOString(), force };
    say("wait", "Comprobando…", "");
    try {
      const answer = await askSurely("POST", "/api/reservas/qr-scan", { query: desk.query, body },
        () => say("warn", "Sin confirmar", "El servidor no responde; se sigue intentando con el mismo escaneo."));
      desk.answered(answer.reserva);
      say(answer.exceso ? "warn" : "ok", `Adelante: +${answer.increment}`, answer.message);
    } catch (error) {
      if (error.status === 401) return desk.leave();
      const name = error.body.reserva?.cliente.nombre;
      if (error.uncertain) say("warn", "No confirmado", error.message, retry("Reintentar", () => resend(body)));
      else if (OVERRULABLE.has(error.code)) say("warn", name ?? "Confirma", error.message, retry("Dejar entrar", () => scan(qrCode, increment, true)));
      else say("error", name ? `No pasa: ${name}` : "No pasa", error.message);
    }
    if (!document.querySelector("dialog[open]")) code.focus();
  }

  async function resend(body) {
    try {
      const answer = await askSurely("POST", "/api/reservas/qr-scan", { query: desk.query, body });
      desk.answered(answer.reserva);
      say("ok", `Adelante: +${answer.increment}`, answer.message);
    } catch (error) {
      say(error.uncertain ? "warn" : "error", error.uncertain ? "No confirmado" : "No pasa", error.message,
        error.uncertain ? retry("Reintentar", () => resend(body)) : null);
    }
  }

  const retry = (label, act) => el("button", { type: "button", onclick: act, "data-testid": "scan-confirm" }, label);

  return el("form", { class: "scan-form", onsubmit: (event) => {
    event.preventDefault();
    const value = code.value.trim();
    code.value = "";
    const increment = people.valueAsNumber || 1;
    people.value = "1";
    if (value) scan(value, increment);
  } },
  el("h2", {}, "Puerta"),
  el("div", { class: "scan-line" }, code, people, el("button", { class: "primary", "data-testid": "scan-submit" }, "Entrar")),
  verdict);
}
